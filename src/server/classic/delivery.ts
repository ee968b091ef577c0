import { ChatError } from '../../protocol/errors.ts'
import type { Entry, Head, Message, User } from '../../protocol/messages.ts'
import { CATCH_UP_ENTRIES } from '../limits.ts'
import { LINE_BYTES_MAX, type Line, type LinePlace } from './line.ts'
import { memberNames } from './members.ts'
import type { NativeEnd } from './native-end.ts'
import type { ServerPacket } from './packets.ts'

/** How far a client was handed a conversation, and how far it goes. */
type Standing = {
  readonly kind: 'direct' | 'group'
  /** Undefined until its head was asked for. */
  handed: number | undefined
  last: number
}

export type DeliveryOptions = Readonly<{
  user: User
  native: Pick<NativeEnd, 'ask' | 'tell'>
  line: Pick<Line, 'hand' | 'send' | 'room' | 'handedAll' | 'outboxBytes' | 'closed'>
  /** It cannot go on. */
  onFault: (error: unknown) => void
}>

/**
 * What an account of version 1 is sent by itself: each text of its conversations once, in the order
 * of seq, from its `delivered` on; that moves when the socket has taken the bytes. What a slow
 * client cannot be sent now stays in the store and is read again from there.
 */
export class Delivery {
  #options: DeliveryOptions
  #standings = new Map<string, Standing>()
  /** Conversations of which something is lacking. */
  #behind = new Set<string>()
  /** Groups that are to be announced. */
  #announced: { group: string; told: () => void }[] = []
  #begun = false
  #ended = false
  #pumping: Promise<void> | undefined
  #due = new Map<string, { delivered: number; read: number }>()
  #marking: Promise<void> | undefined

  constructor(options: DeliveryOptions) {
    this.#options = options
  }

  /** What was kept follows, after everything that the line was sent so far. */
  async begin(): Promise<void> {
    for (let after = ''; ; ) {
      const { heads, next } = await this.#options.native.ask({ type: 'sync', after })
      for (const head of heads) this.#learn(head)
      if (next === '') break
      after = next
    }
    this.#begun = true
    this.#wake()
  }

  /** Something that the server said by itself. */
  note(message: Message): void {
    if (this.#ended) return
    if (message.type === 'groupCreated') void this.announce(message.group?.id ?? '')
    if (message.type !== 'directEntry' && message.type !== 'groupEntry') return
    const { conversation, entry } = message
    if (entry === undefined) return
    const kind = message.type === 'directEntry' ? 'direct' : 'group'
    this.#noteEntry(conversation, kind, entry)
  }

  /** Command 8: to the maker, and to who was put into a group with its making. Resolves when sent. */
  announce(group: string): Promise<void> {
    if (this.#ended) return Promise.resolve()
    return new Promise((told) => {
      this.#announced.push({ group, told })
      this.#wake()
    })
  }

  /** The socket took these. */
  handed(places: readonly LinePlace[]): void {
    for (const { conversation, seq, own } of places) {
      const due = this.#due.get(conversation) ?? { delivered: 0, read: 0 }
      due.delivered = seq
      // Who has said something has read what stands before it (rule 6).
      if (own) due.read = seq
      this.#due.set(conversation, due)
    }
    this.#marking ??= this.#mark()
  }

  /** Nothing more is handed on. Resolves when what was is marked as delivered. */
  async finish(): Promise<void> {
    this.#end()
    await this.#pumping
    await this.#options.line.handedAll()
    await this.#marking
  }

  /** The connection is gone: what was handed is marked in the last moment. */
  abandon(): void {
    this.#end()
    for (const [conversation, due] of this.#due) {
      this.#options.native.tell({ type: 'mark', conversation, ...due })
    }
    this.#due.clear()
  }

  #end(): void {
    this.#ended = true
    for (const { told } of this.#announced.splice(0)) told()
  }

  #noteEntry(conversation: string, kind: Standing['kind'], entry: Entry): void {
    const standing = this.#standings.get(conversation) ?? { kind, handed: undefined, last: 0 }
    this.#standings.set(conversation, standing)
    standing.last = Math.max(standing.last, entry.seq)
    // Rule 5: nobody is sent what was said while they were away.
    if (this.#enters(entry)) standing.handed = Math.max(standing.handed ?? 0, entry.seq - 1)
    if (entry.seq === (standing.handed ?? -1) + 1 && this.#mayHand) {
      this.#hand(conversation, standing, entry)
    }
    if (this.#leaves(entry)) this.#forget(conversation)
    else if (standing.last > (standing.handed ?? -1)) {
      this.#behind.add(conversation)
      this.#wake()
    }
  }

  /** Nothing else is under way that would have to come first. */
  get #mayHand(): boolean {
    const { line } = this.#options
    return this.#begun && this.#pumping === undefined && line.outboxBytes <= LINE_BYTES_MAX
  }

  #enters({ kind, from, subject }: Entry): boolean {
    const who = kind === 'joined' || kind === 'created' ? from : undefined
    return (kind === 'added' ? subject?.id : who) === this.#options.user.id
  }

  #leaves({ kind, from, subject }: Entry): boolean {
    if (kind === 'ended') return true
    const who = kind === 'removed' || kind === 'banned' ? subject?.id : undefined
    return (kind === 'quit' ? from : who) === this.#options.user.id
  }

  #forget(conversation: string): void {
    this.#standings.delete(conversation)
    this.#behind.delete(conversation)
  }

  #learn({ conversation, kind, delivered, last }: Head): void {
    const known = this.#standings.get(conversation)
    const standing = {
      kind: kind === 'direct' ? ('direct' as const) : ('group' as const),
      handed: Math.max(known?.handed ?? 0, delivered),
      last: Math.max(known?.last ?? 0, last),
    }
    this.#standings.set(conversation, standing)
    if (standing.last > standing.handed) this.#behind.add(conversation)
    else this.#behind.delete(conversation)
  }

  #wake(): void {
    // Nobody is there to be handed anything: else this would go round for ever.
    if (this.#options.line.closed) this.#end()
    if (!this.#begun || this.#ended || this.#pumping !== undefined) return
    if (this.#announced.length + this.#behind.size === 0) return
    this.#pumping = this.#pump()
      .catch((error: unknown) => this.#options.onFault(error))
      .finally(() => {
        this.#pumping = undefined
        this.#wake()
      })
  }

  async #pump(): Promise<void> {
    while (!this.#ended && !this.#options.line.closed) {
      await this.#options.line.room()
      const announced = this.#announced.shift()
      const [conversation] = this.#behind
      if (announced !== undefined) await this.#tellOfGroup(announced.group).finally(announced.told)
      else if (conversation !== undefined) await this.#fetch(conversation)
      else return
    }
  }

  async #tellOfGroup(groupId: string): Promise<void> {
    const { native, line } = this.#options
    try {
      const userNameList = await memberNames(native, groupId)
      line.send({ type: 'groupCreated', success: true, groupId, userNameList })
    } catch (error) {
      // They are out again already.
      if (!(error instanceof ChatError) || error.code === 'stopping') throw error
    }
  }

  async #fetch(conversation: string): Promise<void> {
    const standing = this.#standings.get(conversation)
    try {
      if (standing?.handed === undefined) await this.#look(conversation)
      else await this.#page(conversation, standing, standing.handed)
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== 'unknownConversation') throw error
      this.#forget(conversation)
    }
  }

  async #look(conversation: string): Promise<void> {
    const asked = { type: 'sync', conversations: [conversation] } as const
    const { heads } = await this.#options.native.ask(asked)
    const [head] = heads
    if (head === undefined) this.#forget(conversation)
    else this.#learn(head)
  }

  async #page(conversation: string, standing: Standing, after: number): Promise<void> {
    const asked = { type: 'getPage', conversation, after, limit: CATCH_UP_ENTRIES } as const
    const { entries, last } = await this.#options.native.ask(asked)
    for (const entry of entries) {
      if (entry.seq > (standing.handed ?? 0)) this.#hand(conversation, standing, entry)
    }
    if (entries.length === 0) standing.handed = Math.max(standing.handed ?? 0, last)
    // None, although more were said to be there: asking again would give none again.
    const complete = entries.length === 0 || (standing.handed ?? 0) >= standing.last
    if (complete) this.#behind.delete(conversation)
  }

  #hand(conversation: string, standing: Standing, entry: Entry): void {
    standing.handed = entry.seq
    const own = entry.from === this.#options.user.id
    const packet = textPacket(conversation, standing.kind, entry, own)
    this.#options.line.hand(packet, { conversation, seq: entry.seq, own })
  }

  async #mark(): Promise<void> {
    try {
      while (this.#due.size > 0) {
        const due = [...this.#due]
        this.#due.clear()
        const marks = due.map(([conversation, cursors]) =>
          this.#options.native.ask({ type: 'mark', conversation, ...cursors }),
        )
        // Who has left the conversation has no cursors in it.
        await Promise.allSettled(marks)
      }
    } finally {
      this.#marking = undefined
    }
  }
}

/** Of the log only texts are sent, of direct conversations only those of the other. */
function textPacket(
  conversation: string,
  kind: Standing['kind'],
  { kind: what, from, name, text: message }: Entry,
  own: boolean,
): ServerPacket | undefined {
  if (what !== 'text' || message === '') return undefined
  if (kind === 'direct') {
    return own ? undefined : { type: 'message', fromUserId: from, fromUserName: name, message }
  }
  const fromUser = { userId: from, userName: name }
  return { type: 'groupMessage', fromGroupId: conversation, fromUser, message }
}
