import { ChatError, type ErrorCode } from '../../protocol/errors.ts'
import type { AnswerOf, DraftMessage, Entry, Head } from '../../protocol/messages.ts'
import type { CancelTimer, Timers } from '../timers.ts'

/** Entries that wait here for who reads them; what is beyond is fetched when there is room. */
const WAITING_ENTRIES_MAX = 500
/** `delivered` is told to the server at most this often, milliseconds (rule 9). */
const MARK_MS = 500

/** Refusals of a page that mean: one is no member of that conversation. */
const NOT_OURS: ReadonlySet<ErrorCode> = new Set(['unknownConversation', 'notMember'] as const)

export type StreamOptions = Readonly<{
  /** @throws ChatError; why there will be no connection any more */
  ask: <T extends 'getPage' | 'mark'>(draft: DraftMessage<T>) => Promise<AnswerOf<T>>
  timers: Timers
  /**
   * Whether entries of that conversation are wanted. Asked until it says so: what was wanted once
   * stays so, however it is called later.
   */
  wants: (head: Head) => boolean
  /** Entries above this seq are wanted. */
  start: (head: Head) => number | Promise<number>
  /** False: ends with what there was when it began. */
  follow: boolean
}>

/** An entry, and where it stands. */
export type Placed = Readonly<{ conversation: string; entry: Entry }>

/** One conversation as its reader knows it. */
type Reading = {
  readonly id: string
  /** Everything up to here was given out, or waits to be. Undefined: not known yet. */
  reached: number | undefined
  /** Entries up to here exist. */
  last: number
  /** Its head when it was first told. */
  readonly head: Head
  /** `delivered` on the server, as far as it was told here. */
  delivered: number
}

/**
 * Entries for one reader, at the reader's own pace: each once, those of a conversation in the order
 * of seq and without a gap, over every loss of the connection. What is pushed while the reader is
 * slow is forgotten and fetched later, so that never more than a page waits here.
 */
export class EntryStream {
  readonly #options: StreamOptions
  #readings = new Map<string, Reading>()
  /** Up to where entries were taken; outlives a membership. */
  #taken = new Map<string, number>()
  /** Conversations that are wanted, by id: names change, also while the connection is away. */
  readonly #wanted = new Set<string>()
  #waiting: Placed[] = []
  /** All heads were told. */
  #synced = false
  #ended: Readonly<{ error: Error | undefined }> | undefined
  #wake: () => void = () => undefined
  #onEnd: () => void = () => undefined
  /** Seqs that were read and of which the server is not told yet. */
  #read = new Map<string, number>()
  #cancelMark: CancelTimer | undefined

  constructor(options: StreamOptions) {
    this.#options = options
  }

  /** `complete`: what is not named is no longer ours. */
  heads(heads: readonly Head[], complete: boolean): void {
    if (this.#synced && !this.#options.follow) return
    if (complete) this.#forgetAllBut(new Set(heads.map(({ conversation }) => conversation)))
    for (const head of heads) if (this.#wants(head)) this.#know(head)
    if (complete) this.#synced = true
    this.#markSoon()
    this.#wake()
  }

  /** Something new was said. */
  entry(conversation: string, entry: Entry): void {
    const reading = this.#readings.get(conversation)
    if (reading === undefined || !this.#options.follow || entry.seq <= reading.last) return
    const next = reading.reached === reading.last && entry.seq === reading.last + 1
    reading.last = entry.seq
    if (next && this.#waiting.length < WAITING_ENTRIES_MAX) this.#put(reading, entry)
    this.#wake()
  }

  left(conversation: string): void {
    this.#readings.delete(conversation)
    this.#wake()
  }

  /** Nothing more comes. With an error: who reads is told so. What was read can still be marked. */
  end(error?: Error): void {
    this.#ended ??= { error }
    this.#cancelMark?.()
    this.#cancelMark = undefined
    this.#onEnd()
    this.#wake()
  }

  /** Something waits for `next`. */
  get ready(): boolean {
    return this.#ended === undefined && this.#waiting.length > 0
  }

  /**
   * The next entry; undefined: there are no more.
   * @throws what `end` was called with
   */
  async next(): Promise<Placed | undefined> {
    for (;;) {
      if (this.#ended?.error !== undefined) throw this.#ended.error
      if (this.#ended !== undefined) return undefined
      const placed = this.#waiting.shift()
      if (placed !== undefined) return placed
      const behind = this.#synced ? this.#behind() : undefined
      if (behind !== undefined) await this.#untilEnd(this.#fetch(behind))
      else if (this.#synced && !this.#options.follow) return undefined
      else await this.#change()
    }
  }

  /** The entry has reached who reads: `delivered` follows, soon. */
  done({ conversation, entry }: Placed): void {
    this.#read.set(conversation, entry.seq)
    this.#markSoon()
  }

  /** Tells the server at once of what was read. */
  async flush(): Promise<void> {
    this.#cancelMark?.()
    this.#cancelMark = undefined
    const read = [...this.#read]
    this.#read.clear()
    await Promise.all(read.map(([conversation, seq]) => this.#mark(conversation, seq)))
  }

  #wants(head: Head): boolean {
    const { conversation } = head
    if (!this.#wanted.has(conversation) && this.#options.wants(head)) {
      this.#wanted.add(conversation)
    }
    return this.#wanted.has(conversation)
  }

  #know(head: Head): void {
    const { conversation: id, last, delivered, from, first } = head
    // The server was put back to an earlier time: what follows is another log.
    if ((this.#taken.get(id) ?? 0) > last) this.#forget(id)
    const reading = this.#readings.get(id)
    if (reading === undefined) {
      this.#readings.set(id, { id, reached: this.#taken.get(id), last, head, delivered })
      return
    }
    reading.last = Math.max(reading.last, last)
    reading.delivered = delivered
    // What is below is not ours to see, or is not kept any more.
    if (reading.reached !== undefined)
      reading.reached = Math.max(reading.reached, from - 1, first - 1)
  }

  #forgetAllBut(ids: ReadonlySet<string>): void {
    for (const id of this.#readings.keys()) if (!ids.has(id)) this.#readings.delete(id)
  }

  #forget(id: string): void {
    this.#taken.delete(id)
    this.#readings.delete(id)
  }

  #put(reading: Reading, entry: Entry): void {
    reading.reached = entry.seq
    this.#taken.set(reading.id, entry.seq)
    this.#waiting.push({ conversation: reading.id, entry })
  }

  #behind(): Reading | undefined {
    for (const reading of this.#readings.values()) {
      if (reading.reached === undefined || reading.reached < reading.last) return reading
    }
    return undefined
  }

  async #fetch(reading: Reading): Promise<void> {
    try {
      reading.reached ??= await this.#options.start(reading.head)
      if (reading.reached < reading.last) await this.#fetchPage(reading, reading.reached)
    } catch (error) {
      // Why it has ended is known already.
      if (this.#ended !== undefined) return
      const gone = error instanceof ChatError && NOT_OURS.has(error.code)
      if (!gone) throw error
      if (this.#readings.get(reading.id) === reading) this.#readings.delete(reading.id)
    }
  }

  async #fetchPage(reading: Reading, after: number): Promise<void> {
    const { last } = reading
    // After 0 would mean the newest.
    const from = after === 0 ? { around: 1 } : { after }
    const page = await this.#options.ask({ type: 'getPage', conversation: reading.id, ...from })
    for (const entry of page.entries) {
      const wanted =
        entry.seq > (reading.reached ?? 0) && (this.#options.follow || entry.seq <= last)
      if (wanted) this.#put(reading, entry)
      reading.last = Math.max(reading.last, this.#options.follow ? entry.seq : 0)
    }
    // The server has nothing there: retention took it, or it never was ours.
    if (reading.reached === after) reading.reached = last
  }

  /** What is under way when it ends is not waited for. */
  #untilEnd(doing: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#onEnd = resolve
      doing.then(resolve, reject)
    })
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #markSoon(): void {
    if (this.#read.size === 0 || this.#ended !== undefined) return
    this.#cancelMark ??= this.#options.timers.after(MARK_MS, () => {
      this.#cancelMark = undefined
      this.flush().catch(() => undefined)
    })
  }

  async #mark(conversation: string, delivered: number): Promise<void> {
    const reading = this.#readings.get(conversation)
    if (reading !== undefined && reading.delivered >= delivered) return
    if (reading !== undefined) reading.delivered = delivered
    // Who left since has no cursor there any more.
    await this.#options.ask({ type: 'mark', conversation, delivered }).catch(() => undefined)
  }
}
