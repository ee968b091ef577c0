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
type Place = {
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
  #places = new Map<string, Place>()
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
    for (const head of heads) if (this.#wants(head)) this.#place(head)
    if (complete) this.#synced = true
    this.#markSoon()
    this.#wake()
  }

  /** Something new was said. */
  entry(conversation: string, entry: Entry): void {
    const place = this.#places.get(conversation)
    if (place === undefined || !this.#options.follow || entry.seq <= place.last) return
    const next = place.reached === place.last && entry.seq === place.last + 1
    place.last = entry.seq
    if (next && this.#waiting.length < WAITING_ENTRIES_MAX) this.#put(place, entry)
    this.#wake()
  }

  left(conversation: string): void {
    this.#places.delete(conversation)
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

  #place(head: Head): void {
    const { conversation: id, last, delivered, from, first } = head
    // The server was put back to an earlier time: what follows is another log.
    if ((this.#taken.get(id) ?? 0) > last) this.#forget(id)
    const place = this.#places.get(id)
    if (place === undefined) {
      this.#places.set(id, { id, reached: this.#taken.get(id), last, head, delivered })
      return
    }
    place.last = Math.max(place.last, last)
    place.delivered = delivered
    // What is below is not ours to see, or is not kept any more.
    if (place.reached !== undefined) place.reached = Math.max(place.reached, from - 1, first - 1)
  }

  #forgetAllBut(ids: ReadonlySet<string>): void {
    for (const id of this.#places.keys()) if (!ids.has(id)) this.#places.delete(id)
  }

  #forget(id: string): void {
    this.#taken.delete(id)
    this.#places.delete(id)
  }

  #put(place: Place, entry: Entry): void {
    place.reached = entry.seq
    this.#taken.set(place.id, entry.seq)
    this.#waiting.push({ conversation: place.id, entry })
  }

  #behind(): Place | undefined {
    for (const place of this.#places.values()) {
      if (place.reached === undefined || place.reached < place.last) return place
    }
    return undefined
  }

  async #fetch(place: Place): Promise<void> {
    try {
      place.reached ??= await this.#options.start(place.head)
      if (place.reached < place.last) await this.#fetchPage(place, place.reached)
    } catch (error) {
      // Why it has ended is known already.
      if (this.#ended !== undefined) return
      const gone = error instanceof ChatError && NOT_OURS.has(error.code)
      if (!gone) throw error
      if (this.#places.get(place.id) === place) this.#places.delete(place.id)
    }
  }

  async #fetchPage(place: Place, after: number): Promise<void> {
    const { last } = place
    // After 0 would mean the newest.
    const from = after === 0 ? { around: 1 } : { after }
    const page = await this.#options.ask({ type: 'getPage', conversation: place.id, ...from })
    for (const entry of page.entries) {
      const wanted = entry.seq > (place.reached ?? 0) && (this.#options.follow || entry.seq <= last)
      if (wanted) this.#put(place, entry)
      place.last = Math.max(place.last, this.#options.follow ? entry.seq : 0)
    }
    // The server has nothing there: retention took it, or it never was ours.
    if (place.reached === after) place.reached = last
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
    const place = this.#places.get(conversation)
    if (place !== undefined && place.delivered >= delivered) return
    if (place !== undefined) place.delivered = delivered
    // Who left since has no cursor there any more.
    await this.#options.ask({ type: 'mark', conversation, delivered }).catch(() => undefined)
  }
}
