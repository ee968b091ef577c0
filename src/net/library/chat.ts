import type { AnswerOf, Head, User } from '../../protocol/messages.ts'
import type { ChatClient } from '../chat-client.ts'
import type { ClientEvent, Link, Sent, Target } from '../events.ts'
import type { Timers } from '../timers.ts'
import { type ChatEntry, chatEntry } from './chat-entry.ts'
import { ChatGroups } from './chat-groups.ts'
import type { EntriesOptions, HistoryOptions, SendOptions } from './chat-options.ts'
import { Conversations } from './conversations.ts'
import { Deliveries, WithdrawnError } from './deliveries.ts'
import { isTargetOf, labelOfHead } from './directory.ts'
import { EntryStream, type Placed } from './entry-stream.ts'
import { pagesBack, pagesForward } from './pages.ts'
import { type Reader, Readers } from './readers.ts'
import { Receipts } from './receipts.ts'
import { ClosedError, Standing } from './standing.ts'
import { parseTarget } from './target.ts'

export type ChatParts = Readonly<{
  timers: Timers
  randomNonce: () => Uint8Array
  /** Whatever the client tells, for who wants more than this class offers. */
  onEvent: (event: ClientEvent) => void
  /** What is said may be what an earlier run has said: see `connect`. */
  repeats: boolean
}>

/** What of the ChatClient's options a Chat needs for itself. */
export type ChatHooks = Readonly<{
  onEvent: (event: ClientEvent) => void
  onSent: (sent: Sent) => void
  keepSent: boolean
  onRefused: (nonce: string, error: Error) => void
  catchUp: boolean
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
  readonly #conversations: Conversations
  readonly #receipts: Receipts
  readonly #readers: Readers

  /** @param makeClient a client that is not connected yet */
  constructor(parts: ChatParts, makeClient: (hooks: ChatHooks) => ChatClient) {
    this.#parts = parts
    this.client = makeClient({
      onEvent: (event) => this.#take(event),
      onSent: (sent) => this.#deliveries.sent(sent),
      keepSent: true,
      onRefused: (nonce, error) => this.#deliveries.refused(nonce, error),
      catchUp: false,
    })
    this.#deliveries = new Deliveries({
      kept: parts.repeats ? this.client.outbox : [],
      discard: (nonce) => this.client.discard(nonce),
      forget: (nonce) => this.client.forget(nonce),
    })
    this.#standing = new Standing(parts.timers, (draft) => this.client.request(draft))
    this.#conversations = new Conversations(this.#standing)
    this.#receipts = new Receipts(this.#standing)
    this.#readers = new Readers(parts.timers)
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
    const { signal, onSent } = options
    const parsed = parseTarget(target)
    signal?.throwIfAborted()
    if (this.#standing.ended !== undefined) throw this.#standing.ended
    const { nonce, sent } = await this.#say(parsed, text, options)
    const withdraw = () => this.#deliveries.withdraw(nonce)
    signal?.addEventListener('abort', withdraw)
    if (signal?.aborted === true) withdraw()
    try {
      const place = await sent
      await onSent?.(place)
      this.#deliveries.told(nonce)
      return place
    } finally {
      signal?.removeEventListener('abort', withdraw)
    }
  }

  /**
   * Of a run that repeats an earlier one: it has repeated what it was to. What else that one left is
   * forgotten as soon as the server has it.
   */
  endRepeats(): void {
    this.#deliveries.endClaims()
  }

  /**
   * Resolves when it has reached everybody it is for. How many they are is counted anew each time:
   * who leaves is not waited for.
   * @throws the signal's reason; ChatError
   */
  delivered(sent: Sent, signal?: AbortSignal): Promise<void> {
    return this.#receipts.delivered(sent, signal)
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
    for (const target of targets ?? []) await this.#conversations.find(target)
    const stream = new EntryStream({
      ask: (draft) => this.#standing.ask(draft),
      timers: this.#parts.timers,
      wants: (head) => targets === undefined || targets.some((target) => isTargetOf(target, head)),
      start: (head) => this.#startOf(head, since),
      follow,
    })
    const reader = this.#readers.add(stream, (placed) => this.#entryOf(placed))
    stream.heads(await this.#conversations.all(), true)
    if (this.#standing.ended !== undefined) this.#readers.end(this.#standing.ended)
    return reader
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
    const head = await this.#conversations.find(parseTarget(target))
    if (head === undefined) return
    const after = typeof since === 'number' ? since : await this.#conversations.seqAt(head, since)
    const range = { conversation: head.conversation, after, before }
    const { pages } = this.#conversations
    const entries = newestFirst ? pagesBack(pages, range) : pagesForward(pages, range)
    let left = options.limit ?? Number.POSITIVE_INFINITY
    if (left <= 0) return
    for await (const entry of entries) {
      yield this.#entryOf({ conversation: head.conversation, entry })
      left -= 1
      if (left === 0) return
    }
  }

  /** One's conversations as they stand now. */
  conversations(): Promise<readonly Head[]> {
    return this.#conversations.all()
  }

  /** How people call a conversation: `#group`, or the name of the other. */
  labelOf(head: Head): string {
    return labelOfHead(head)
  }

  /** Texts with all of these words, the newest first, everywhere or in one conversation. */
  async *search(words: string, target?: string): AsyncGenerator<ChatEntry, void, undefined> {
    const head =
      target === undefined ? undefined : await this.#conversations.find(parseTarget(target))
    if (target !== undefined && head === undefined) return
    if (head === undefined) await this.#conversations.all()
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
    if (event.type === 'heads') this.#conversations.take(event.heads)
    if (event.type === 'entry') this.#conversations.see(event.conversation, event.entry)
    if (event.type === 'receipts') this.#receipts.moved()
    this.#readers.take(event)
    if (this.#standing.ended !== undefined) this.#ended(this.#standing.ended)
    this.#parts.onEvent(event)
  }

  #ended(error: Error): void {
    this.#standing.end(error)
    this.#readers.end(error)
    this.#deliveries.end(error)
  }

  async #flush(): Promise<void> {
    if (this.#standing.ended !== undefined) return
    await this.#readers.flush()
  }

  // --- Sending ------------------------------------------------------------------------------------

  async #say(
    named: Target,
    text: string,
    { reply = 0, signal }: SendOptions,
  ): Promise<Readonly<{ nonce: string; sent: Promise<Sent> }>> {
    const target = await this.#resolve(named, signal)
    const left = reply === 0 ? this.#deliveries.claim([target, named], text) : undefined
    if (left !== undefined) return left
    const nonce = await this.client.say(target, text, reply)
    const sent = this.#deliveries.wait(nonce)
    // It ended while the outbox was writing: nobody would tell of this one any more.
    const { ended } = this.#standing
    if (ended !== undefined) this.#deliveries.withdraw(nonce, ended)
    return { nonce, sent }
  }

  async #resolve(named: Target, signal: AbortSignal | undefined): Promise<Target> {
    try {
      return await this.#conversations.resolve(named, signal)
    } catch (error) {
      const { ended } = this.#standing
      throw ended === undefined ? error : new WithdrawnError(false, ended)
    }
  }

  // --- Reading ------------------------------------------------------------------------------------

  async #startOf(head: Head, since: number | Date | undefined): Promise<number> {
    if (since === undefined) return head.delivered
    return typeof since === 'number' ? since : this.#conversations.seqAt(head, since)
  }

  #entryOf({ conversation, entry }: Placed): ChatEntry {
    const label = this.#conversations.labelOf(conversation)
    return chatEntry(label, conversation, entry, this.user.id)
  }
}
