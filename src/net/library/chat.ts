import { ChatError } from '../../protocol/errors.ts'
import type { AnswerOf, Entry, Head, User } from '../../protocol/messages.ts'
import { isId, nameKey } from '../../protocol/names.ts'
import type { ChatClient } from '../chat-client.ts'
import type { ClientEvent, Link, Sent, Target } from '../events.ts'
import type { Timers } from '../timers.ts'
import { type ChatEntry, chatEntry } from './chat-entry.ts'
import { ChatGroups } from './chat-groups.ts'
import { Deliveries } from './deliveries.ts'
import { Directory, isTargetOf, labelOfHead } from './directory.ts'
import { EntryStream, type Placed } from './entry-stream.ts'
import { type Pages, pagesBack, pagesForward, seqBefore } from './pages.ts'
import { ClosedError, Standing } from './standing.ts'
import { parseTarget } from './target.ts'

/** How often it is asked again whether something was delivered, though nobody said so, milliseconds. */
const RECEIPT_MS = 5_000
/** For the last `delivered` to reach the server, milliseconds. */
const FLUSH_MS_MAX = 2_000

export type ChatParts = Readonly<{
  timers: Timers
  randomNonce: () => Uint8Array
  /** Whatever the client tells, for who wants more than this class offers. */
  onEvent: (event: ClientEvent) => void
}>

/** What of the ChatClient's options a Chat needs for itself. */
export type ChatHooks = Readonly<{
  onEvent: (event: ClientEvent) => void
  onSent: (sent: Sent) => void
  onRefused: (nonce: string, error: Error) => void
  catchUp: boolean
}>

export type SendOptions = Readonly<{
  /** Seq of the text that this one answers. */
  reply?: number
  /** Takes it back when it is aborted: `send` then throws WithdrawnError. */
  signal?: AbortSignal
  /**
   * What an earlier run that was killed left of the same text for the same target is this message:
   * it is not said twice.
   */
  repeat?: boolean
}>

export type EntriesOptions = Readonly<{
  /** Only these conversations: `#group` or a user's name. All by default. */
  in?: readonly string[]
  /**
   * Where to begin: above that seq, at that time, or (by default) with what no client of the account
   * had yet (`delivered`).
   */
  since?: number | Date
  /** False: ends with what there was when it began. */
  follow?: boolean
}>

export type HistoryOptions = Readonly<{
  /** Entries with a greater seq, or as old as that or newer. */
  since?: number | Date
  /** Entries with a smaller seq. */
  before?: number
  /** Not more than so many. */
  limit?: number
  /** Begins at the end. */
  newestFirst?: boolean
}>

/**
 * A user's standing connection, as bots and pipes want it: entries as an async iteration, `send`
 * that resolves when the server has the message on disk. The connection comes back by itself; what
 * is asked meanwhile waits. Make one by `connect`.
 */
export class Chat {
  /** For what this class does not offer: `client.request` takes every message of the protocol. */
  readonly client: ChatClient
  readonly groups: ChatGroups
  readonly #parts: ChatParts
  readonly #standing: Standing
  readonly #deliveries: Deliveries
  readonly #directory = new Directory()
  readonly #streams = new Set<EntryStream>()
  /** Who waits for news of receipts. */
  readonly #onReceipt = new Set<() => void>()

  /** @param makeClient a client that is not connected yet */
  constructor(parts: ChatParts, makeClient: (hooks: ChatHooks) => ChatClient) {
    this.#parts = parts
    this.client = makeClient({
      onEvent: (event) => this.#take(event),
      onSent: (sent) => this.#deliveries.sent(sent),
      onRefused: (nonce, error) => this.#deliveries.refused(nonce, error),
      catchUp: false,
    })
    this.#deliveries = new Deliveries({
      kept: this.client.outbox,
      discard: (nonce) => this.client.discard(nonce),
    })
    this.#standing = new Standing(parts.timers, (draft) => this.client.request(draft))
    this.groups = new ChatGroups((draft) => this.#standing.ask(draft), parts.randomNonce)
  }

  /** Who one is. */
  get user(): User {
    const { user } = this.client
    if (user === undefined) throw new Error('not logged in yet')
    return user
  }

  /** How the connection stands. */
  get link(): Link {
    return this.client.link
  }

  /**
   * Says something; resolves when it is on the server's disk, however often the connection is lost
   * meanwhile. What is said first stands first. When it throws, nothing will send the message later.
   * @param target `#group`, or a user's name
   * @throws TypeError (no target), RangeError (empty, or longer than 8,192 bytes), ChatError (the
   * server's refusal), WithdrawnError (aborted, closed, or the session is over)
   */
  async send(target: string, text: string, options: SendOptions = {}): Promise<Sent> {
    const { reply = 0, signal, repeat = false } = options
    const parsed = parseTarget(target)
    signal?.throwIfAborted()
    if (this.#standing.ended !== undefined) throw this.#standing.ended
    const { nonce, sent } = await this.#say(parsed, text, reply, repeat)
    const withdraw = () => this.#deliveries.withdraw(nonce)
    signal?.addEventListener('abort', withdraw)
    if (signal?.aborted === true) withdraw()
    try {
      return await sent
    } finally {
      signal?.removeEventListener('abort', withdraw)
    }
  }

  /**
   * Resolves when it has reached everybody it is for. How many they are is counted anew each time:
   * who leaves is not waited for.
   * @throws the signal's reason; ChatError
   */
  async delivered({ conversation, seq }: Sent, signal?: AbortSignal): Promise<void> {
    for (;;) {
      const moved = this.#nextReceipt()
      try {
        const draft = { type: 'getReceipts', conversation, seq } as const
        const { delivered, of } = await this.#standing.ask(draft, signal)
        if (delivered >= of) return
        const pause = new AbortController()
        void moved.promise.then(() => pause.abort())
        const either = signal === undefined ? pause.signal : AbortSignal.any([signal, pause.signal])
        await this.#standing.pause(RECEIPT_MS, either)
      } finally {
        moved.stop()
      }
    }
  }

  /**
   * Everything that is said, as it comes: each entry once, those of a conversation in their order and
   * without a gap, over every loss of the connection. An entry counts as delivered when the next one
   * is asked for, or the loop is left. Nothing is counted as read: see `read`.
   * @throws ChatError (an unknown target), SessionOverError
   */
  async *entries(options: EntriesOptions = {}): AsyncGenerator<ChatEntry, void, undefined> {
    const reader = await this.#openReader(options)
    if (reader === undefined) return
    try {
      for (;;) {
        const entry = await reader.next()
        if (entry === undefined) return
        try {
          yield entry
        } finally {
          reader.done()
        }
      }
    } finally {
      await reader.close()
    }
  }

  /** Undefined: it was closed meanwhile, which is a good end of a loop. */
  async #openReader(options: EntriesOptions): Promise<Reader | undefined> {
    try {
      return await this.reader(options)
    } catch (error) {
      if (error instanceof ClosedError) return undefined
      throw error
    }
  }

  /** As `entries`, step by step: for who wants to say what was delivered. */
  async reader(options: EntriesOptions = {}): Promise<Reader> {
    const { since, follow = true } = options
    const targets = options.in?.map(parseTarget)
    for (const target of targets ?? []) await this.#check(target)
    const stream = new EntryStream({
      ask: (draft) => this.#standing.ask(draft),
      timers: this.#parts.timers,
      wants: (head) => targets === undefined || targets.some((target) => isTargetOf(target, head)),
      start: (head) => this.#startOf(head, since),
      follow,
    })
    this.#streams.add(stream)
    const heads = await this.#heads()
    stream.heads(heads, true)
    if (this.#standing.ended !== undefined) this.#endStream(stream, this.#standing.ended)
    /** Given out since the last `done`, the last of each conversation. */
    const given = new Map<string, Placed>()
    return {
      next: async () => {
        const placed = await stream.next()
        if (placed !== undefined) given.set(placed.conversation, placed)
        return placed && this.#entryOf(placed)
      },
      ready: () => stream.ready,
      done: () => {
        for (const placed of given.values()) stream.done(placed)
        given.clear()
      },
      end: () => stream.end(),
      close: async () => {
        if (this.#standing.ended === undefined) await this.#inTime(stream.flush())
        stream.end()
        this.#streams.delete(stream)
      },
    }
  }

  /**
   * A stretch of a log, page by page, from the oldest that one may see. Moves no cursor.
   * @throws ChatError (an unknown target, or no member)
   */
  async *history(
    target: string,
    options: HistoryOptions = {},
  ): AsyncGenerator<ChatEntry, void, undefined> {
    const { since = 0, before = 0, newestFirst = false } = options
    const head = await this.#headOf(parseTarget(target))
    if (head === undefined) return
    const after = typeof since === 'number' ? since : await this.#seqAt(head, since)
    const range = { conversation: head.conversation, after, before }
    const entries = newestFirst ? pagesBack(this.#pages, range) : pagesForward(this.#pages, range)
    let left = options.limit ?? Number.POSITIVE_INFINITY
    if (left <= 0) return
    for await (const entry of entries) {
      yield this.#entryOf({ conversation: head.conversation, entry })
      left -= 1
      if (left === 0) return
    }
  }

  /** One's conversations as they stand now. */
  async conversations(): Promise<readonly Head[]> {
    return this.#heads()
  }

  /** How people call a conversation: `#group`, or the name of the other. */
  labelOf(head: Head): string {
    return labelOfHead(head)
  }

  /** Texts with all of these words, the newest first, everywhere or in one conversation. */
  async *search(words: string, target?: string): AsyncGenerator<ChatEntry, void, undefined> {
    const head = target === undefined ? undefined : await this.#headOf(parseTarget(target))
    if (target !== undefined && head === undefined) return
    if (head === undefined) await this.#heads()
    let after = ''
    do {
      const draft = { type: 'search', text: words, conversation: head?.conversation ?? '' } as const
      const page: AnswerOf<'search'> = await this.#standing.ask({ ...draft, after })
      for (const { conversation, entry } of page.hits) {
        if (entry !== undefined) yield this.#entryOf({ conversation, entry })
      }
      after = page.next
    } while (after !== '')
  }

  /** Counts a conversation as read up to an entry. Others may see that. */
  async read({ conversationId, seq }: Pick<ChatEntry, 'conversationId' | 'seq'>): Promise<void> {
    await this.#standing.ask({ type: 'mark', conversation: conversationId, read: seq })
  }

  /** Ends the session: its token is worthless from then on. */
  async logOut(): Promise<void> {
    await this.#flush()
    this.#ended(new ClosedError())
    await this.client.logOut()
    await this.client.close()
  }

  /** Lets go of the connection; loops over `entries` end. Idempotent. */
  async close(): Promise<void> {
    await this.#flush()
    this.#ended(new ClosedError())
    await this.client.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  // --- What the client tells ----------------------------------------------------------------------

  #take(event: ClientEvent): void {
    this.#standing.take(event)
    if (event.type === 'heads') {
      this.#directory.take(event.heads)
      for (const stream of this.#streams) stream.heads(event.heads, event.complete)
    }
    if (event.type === 'entry') this.#said(event.conversation, event.entry)
    if (event.type === 'left') for (const stream of this.#streams) stream.left(event.conversation)
    if (event.type === 'receipts') for (const look of [...this.#onReceipt]) look()
    if (this.#standing.ended !== undefined) this.#ended(this.#standing.ended)
    this.#parts.onEvent(event)
  }

  #said(conversation: string, entry: Entry): void {
    this.#directory.see(conversation, entry)
    for (const stream of this.#streams) stream.entry(conversation, entry)
  }

  #ended(error: Error): void {
    this.#standing.end(error)
    for (const stream of this.#streams) this.#endStream(stream, error)
    this.#streams.clear()
    this.#deliveries.end(error)
  }

  async #flush(): Promise<void> {
    if (this.#standing.ended !== undefined) return
    await this.#inTime(Promise.all([...this.#streams].map((stream) => stream.flush())))
  }

  #endStream(stream: EntryStream, error: Error): void {
    stream.end(error instanceof ClosedError ? undefined : error)
  }

  // --- Sending ------------------------------------------------------------------------------------

  async #say(
    target: Target,
    text: string,
    reply: number,
    repeat: boolean,
  ): Promise<Readonly<{ nonce: string; sent: Promise<Sent> }>> {
    const left = repeat && reply === 0 ? this.#deliveries.claim(target, text) : undefined
    if (left !== undefined) return left
    const nonce = await this.client.say(target, text, reply)
    const sent = this.#deliveries.wait(nonce)
    // It ended while the outbox was writing: nobody would tell of this one any more.
    const { ended } = this.#standing
    if (ended !== undefined) this.#deliveries.withdraw(nonce, ended)
    return { nonce, sent }
  }

  // --- Finding ------------------------------------------------------------------------------------

  async #heads(): Promise<readonly Head[]> {
    const heads: Head[] = []
    let after = ''
    do {
      const page: AnswerOf<'sync'> = await this.#standing.ask({ type: 'sync', after })
      heads.push(...page.heads)
      after = page.next
    } while (after !== '')
    this.#directory.take(heads)
    return heads
  }

  async #headOf(target: Target): Promise<Head | undefined> {
    const known = this.#directory.find(target)
    const heads = known === undefined ? await this.#heads() : [known]
    const found = heads.find((head) => isTargetOf(target, head))
    if (found === undefined) await this.#checkStranger(target)
    return found
  }

  async #check(target: Target): Promise<void> {
    await this.#headOf(target)
  }

  /**
   * No conversation with it yet: a user may write one day, a group must be entered first.
   * @throws ChatError the server's refusal
   */
  async #checkStranger(target: Target): Promise<void> {
    const { kind, id } = target
    if (kind === 'group') await this.#standing.ask({ type: 'listMembers', group: id })
    if (kind === 'group' || isId(id)) return
    const { users } = await this.#standing.ask({ type: 'find', text: id })
    if (users.some(({ name }) => nameKey(name) === nameKey(id))) return
    throw new ChatError('unknownUser', `there is no user ${id}`)
  }

  async #startOf(head: Head, since: number | Date | undefined): Promise<number> {
    if (since === undefined) return head.delivered
    return typeof since === 'number' ? since : this.#seqAt(head, since)
  }

  /** Seq of the last entry that is older than that. */
  async #seqAt(head: Head, since: Date): Promise<number> {
    if (head.last === 0 || head.time < since.getTime()) return head.last
    return seqBefore(this.#pages, head, since.getTime())
  }

  readonly #pages: Pages = (draft) => this.#standing.ask({ type: 'getPage', ...draft })

  #entryOf({ conversation, entry }: Placed): ChatEntry {
    const label = this.#directory.labelOf(conversation)
    return chatEntry(label, conversation, entry, this.user.id)
  }

  #nextReceipt(): Readonly<{ promise: Promise<void>; stop: () => void }> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#onReceipt.add(resolve)
    return { promise, stop: () => this.#onReceipt.delete(resolve) }
  }

  async #inTime(doing: Promise<unknown>): Promise<void> {
    const late = Promise.withResolvers<void>()
    const cancel = this.#parts.timers.after(FLUSH_MS_MAX, late.resolve)
    await Promise.race([doing, late.promise])
    cancel()
  }
}

/** Entries one by one. One `next` at a time. */
export type Reader = Readonly<{
  /** Undefined: there are no more. @throws SessionOverError, ChatError */
  next: () => Promise<ChatEntry | undefined>
  /** `next` would answer at once. */
  ready: () => boolean
  /** All that `next` has given has reached whom it is for. */
  done: () => void
  /** `next` gives nothing more. */
  end: () => void
  /** Tells the server at once of what was delivered. */
  close: () => Promise<void>
}>
