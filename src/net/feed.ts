import { ChatError, type ErrorCode } from '../protocol/errors.ts'
import type { AnswerOf, DraftMessage, Entry, Head } from '../protocol/messages.ts'
import type { ClientEvent } from './events.ts'
import { repeatAfterMs } from './requests.ts'
import type { CancelTimer, Timers } from './timers.ts'

/** Who missed more than this gets the newest so many; the stretch between is fetched by scrolling (rule 7). */
const MISSED_ENTRIES_MAX = 500
/** Of a conversation that this client has not seen yet, so many of the newest entries. */
const FRESH_ENTRIES = 100
/** Conversations not seen yet whose newest entries are fetched though nothing waits in them. */
const FRESH_LOGS_MAX = 30
/** Catch-ups that run at the same time. */
const FETCHES_MAX = 4
/** Pushed entries of one conversation that are kept while older ones are fetched. */
const HELD_ENTRIES_MAX = 500
/** Cursors are told to the server at most this often, milliseconds (rule 9). */
const MARK_MS = 500

/** Refusals of a page that mean: one is no member of that conversation. */
const NOT_OURS: ReadonlySet<ErrorCode> = new Set(['unknownConversation', 'notMember'] as const)

type Ask = 'sync' | 'getPage' | 'mark'

export type FeedOptions = Readonly<{
  /** Id of the user whose conversations these are. */
  user: string
  /** Last seq that was emitted, by conversation: outlives the connection. */
  emitted: Map<string, number>
  request: <T extends Ask>(draft: DraftMessage<T>) => Promise<AnswerOf<T>>
  emit: (event: ClientEvent) => void
  timers: Timers
  /**
   * False: of what was said before nothing is fetched, only what is pushed is told; what is missing
   * is the owner's to fetch, and `delivered` is theirs to move.
   */
  catchUp: boolean
}>

/** One conversation as this connection knows it. */
type Log = {
  readonly id: string
  /** Our membership is known: `heads` has named it. */
  known: boolean
  /** Last seq that its head told: we are members at least up to there. */
  headLast: number
  /** Everything up to here was emitted. */
  emitted: number
  /** Entries up to here exist and will be had. */
  target: number
  fetching: boolean
  /** Pushed, but older ones are missing. */
  held: Map<number, Entry>
  /** What the server knows that we have. */
  delivered: number
}

/**
 * The conversations of one connection: whatever order heads, pages and pushes come in, each entry is
 * emitted once, in the order of seq (rules 2 and 7).
 */
export class Feed {
  #options: FeedOptions
  #logs = new Map<string, Log>()
  #queue: Log[] = []
  #fetches = 0
  #unknown = new Set<string>()
  /** Heads are being asked for; pushes of unknown conversations wait for the answer. */
  #asking = false
  #toMark = new Set<Log>()
  #cancelMark: CancelTimer | undefined
  #cancelPauses = new Set<CancelTimer>()
  #stopped = false

  constructor(options: FeedOptions) {
    this.#options = options
  }

  /** Asks for all heads, emits them, and begins to fetch what is missing. */
  async sync(): Promise<void> {
    this.#asking = true
    const heads = await this.#heads([])
    if (this.#stopped) return
    this.#options.emit({ type: 'heads', heads, complete: true })
    this.#adopt(heads)
    this.#asking = false
    await this.#learn()
  }

  /** A push from the server. */
  push(conversation: string, entry: Entry): void {
    const log = this.#log(conversation)
    if (entry.seq <= log.emitted) return
    log.target = Math.max(log.target, entry.seq)
    if (log.known && !log.fetching && entry.seq === log.emitted + 1) this.#emit(log, entry)
    else this.#hold(log, entry)
  }

  #hold(log: Log, entry: Entry): void {
    if (log.held.size < HELD_ENTRIES_MAX) log.held.set(entry.seq, entry)
    if (log.known) this.#fetch(log)
    else this.know(log.id)
  }

  /** One has become a member, or may have: its head is asked for unless it is known. */
  know(conversation: string): void {
    if (this.#log(conversation).known) return
    this.#unknown.add(conversation)
    if (this.#asking) return
    this.#asking = true
    // Pushes of one chunk are gathered into one request.
    queueMicrotask(() => this.#learn().catch(() => undefined))
  }

  /** The connection is gone. */
  stop(): void {
    this.#stopped = true
    this.#cancelMark?.()
    for (const cancel of this.#cancelPauses) cancel()
    this.#cancelPauses.clear()
  }

  #log(id: string): Log {
    const known = this.#logs.get(id)
    if (known !== undefined) return known
    const emitted = this.#options.emitted.get(id) ?? 0
    const log: Log = {
      id,
      known: false,
      headLast: 0,
      emitted,
      target: emitted,
      fetching: false,
      held: new Map(),
      delivered: 0,
    }
    this.#logs.set(id, log)
    return log
  }

  // --- Heads --------------------------------------------------------------------------------------

  async #learn(): Promise<void> {
    this.#asking = true
    try {
      while (this.#unknown.size > 0 && !this.#stopped) await this.#learnSome()
    } finally {
      this.#asking = false
    }
  }

  async #learnSome(): Promise<void> {
    const ids = [...this.#unknown].filter((id) => !this.#log(id).known).slice(0, 100)
    for (const id of ids.length === 0 ? this.#unknown : ids) this.#unknown.delete(id)
    if (ids.length === 0) return
    const heads = await this.#heads(ids)
    if (this.#stopped) return
    if (heads.length > 0) this.#options.emit({ type: 'heads', heads, complete: false })
    this.#adopt(heads)
    // What the server does not name is not ours: pushed before we left it.
    for (const id of ids) if (!this.#log(id).known) this.#logs.delete(id)
  }

  async #heads(conversations: readonly string[]): Promise<readonly Head[]> {
    const heads: Head[] = []
    let after = ''
    do {
      const request = { type: 'sync', conversations, after } as const
      const answer = await this.#ask<'sync'>(request)
      heads.push(...answer.heads)
      after = answer.next
    } while (after !== '' && !this.#stopped)
    return heads
  }

  #adopt(heads: readonly Head[]): void {
    const newestFirst = heads.toSorted((one, other) => other.time - one.time)
    const lists = Map.groupBy(newestFirst, (head) => this.#isQuiet(head))
    const quiet = lists.get(true) ?? []
    for (const head of lists.get(false) ?? []) this.#begin(head, FRESH_ENTRIES)
    for (const [index, head] of quiet.entries()) {
      this.#begin(head, index < FRESH_LOGS_MAX ? FRESH_ENTRIES : 0)
    }
  }

  /** Not seen yet by this client, and nothing waits in it. */
  #isQuiet(head: Head): boolean {
    return !this.#options.emitted.has(head.conversation) && head.delivered >= head.last
  }

  /** `fresh`: how many entries to have of a conversation that this client has not seen yet. */
  #begin(head: Head, fresh: number): void {
    const log = this.#log(head.conversation)
    // The server was put back to an earlier time: what follows is another log.
    if (log.emitted > head.last) this.#unsee(log)
    const seen = this.#options.emitted.get(log.id)
    const missed =
      seen === undefined ? Math.max(fresh, head.last - head.delivered) : head.last - seen
    const wanted = this.#options.catchUp ? missed : 0
    const start = head.last - Math.min(MISSED_ENTRIES_MAX, Math.max(0, wanted))
    log.known = true
    log.headLast = head.last
    log.delivered = head.delivered
    log.target = Math.max(log.target, head.last)
    this.#skipTo(log, Math.max(start, head.from - 1, head.first - 1, seen ?? 0))
    this.#unknown.delete(log.id)
    this.#drain(log)
    this.#fetch(log)
  }

  #unsee(log: Log): void {
    this.#options.emitted.delete(log.id)
    log.emitted = 0
    log.target = Math.max(0, ...log.held.keys())
  }

  // --- Entries ------------------------------------------------------------------------------------

  #emit(log: Log, entry: Entry): void {
    this.#skipTo(log, entry.seq)
    log.held.delete(entry.seq)
    this.#options.emit({ type: 'entry', conversation: log.id, entry })
    const own = entry.from === this.#options.user
    // Sending moves one's own cursors: the server knows already (rule 6).
    if (own && entry.kind === 'text') log.delivered = Math.max(log.delivered, entry.seq)
    if (entry.seq > log.headLast && endsMembership(entry, this.#options.user)) this.#left(log)
    else this.#mark(log)
  }

  #skipTo(log: Log, seq: number): void {
    if (seq < log.emitted) return
    log.emitted = seq
    log.target = Math.max(log.target, seq)
    this.#options.emitted.set(log.id, seq)
  }

  /** Emits what is held as far as it follows without a gap. */
  #drain(log: Log): void {
    while (log.known) {
      const next = log.held.get(log.emitted + 1)
      if (next === undefined) break
      this.#emit(log, next)
    }
    for (const seq of log.held.keys()) if (seq <= log.emitted) log.held.delete(seq)
  }

  #left(log: Log): void {
    this.#logs.delete(log.id)
    this.#toMark.delete(log)
    log.known = false
    this.#options.emit({ type: 'left', conversation: log.id })
    // What was pushed beyond is dropped with it; one may be back by now.
    if (log.target > log.emitted) this.know(log.id)
  }

  #fetch(log: Log): void {
    if (log.fetching || log.emitted >= log.target) return
    log.fetching = true
    this.#queue.push(log)
    this.#fetchNext()
  }

  #fetchNext(): void {
    while (this.#fetches < FETCHES_MAX && !this.#stopped) {
      const log = this.#queue.shift()
      if (log === undefined) return
      this.#fetches += 1
      this.#catchUp(log)
        .catch((error: unknown) => this.#notFetched(log, error))
        .finally(() => {
          this.#fetches -= 1
          this.#fetchNext()
        })
    }
  }

  async #catchUp(log: Log): Promise<void> {
    while (log.known && log.emitted < log.target && !this.#stopped) {
      const request = { type: 'getPage', conversation: log.id, after: log.emitted } as const
      const page = await this.#ask<'getPage'>(request)
      if (this.#stopped) return
      const before = log.emitted
      for (const entry of page.entries) this.#take(log, entry)
      if (log.emitted === before) this.#skipHole(log)
      this.#drain(log)
    }
    log.fetching = false
  }

  #take(log: Log, entry: Entry): void {
    if (log.known && entry.seq > log.emitted) this.#emit(log, entry)
  }

  /** The connection is gone; or we are no members any more, and may not see what is missing. */
  #notFetched(log: Log, error: unknown): void {
    log.fetching = false
    const gone = error instanceof ChatError && NOT_OURS.has(error.code)
    if (gone && log.known && !this.#stopped) this.#left(log)
  }

  /** The server has nothing there: it was never ours, or retention took it. */
  #skipHole(log: Log): void {
    const seqs = [...log.held.keys()].filter((seq) => seq > log.emitted)
    this.#skipTo(log, Math.min(log.target, ...seqs.map((seq) => seq - 1)))
  }

  // --- Cursors ------------------------------------------------------------------------------------

  #mark(log: Log): void {
    if (log.emitted <= log.delivered || !this.#options.catchUp) return
    this.#toMark.add(log)
    this.#cancelMark ??= this.#options.timers.after(MARK_MS, () => this.#sendMarks())
  }

  #sendMarks(): void {
    this.#cancelMark = undefined
    for (const log of this.#toMark) {
      log.delivered = log.emitted
      // A mark that is lost is made up for by the next one.
      const mark = { type: 'mark', conversation: log.id, delivered: log.emitted } as const
      this.#ask<'mark'>(mark).catch(() => undefined)
    }
    this.#toMark.clear()
  }

  // --- Requests -----------------------------------------------------------------------------------

  /** Repeats what the server cannot do at the moment. */
  async #ask<T extends Ask>(draft: DraftMessage<T>): Promise<AnswerOf<T>> {
    for (;;) {
      try {
        return await this.#options.request(draft)
      } catch (error) {
        const ms = this.#stopped ? undefined : repeatAfterMs(error)
        if (ms === undefined) throw error
        await this.#pause(ms)
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.timers.after(ms, () => {
        this.#cancelPauses.delete(cancel)
        resolve()
      })
      this.#cancelPauses.add(cancel)
    })
  }
}

/** Whether the user is no member any more with this entry: it is the last one they are sent (rule 5). */
function endsMembership({ kind, from, subject }: Entry, user: string): boolean {
  if (kind === 'ended') return true
  if (kind === 'quit') return from === user
  return (kind === 'removed' || kind === 'banned') && subject?.id === user
}
