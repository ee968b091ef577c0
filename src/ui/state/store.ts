/** What comes from outside is drawn in at most an eighth of the time: the rest is for keys. */
const REST = 8
/** Nobody takes a screen that stands still that long, in milliseconds, for a frozen one. */
const FOLD_MAX_MS = 250

/**
 * Holds a state outside React. Events from outside are folded: at once when it was quiet, else at
 * most one notification in `foldMs`, however many came, and fewer where drawing takes long (a large
 * window, a slow machine). What a person did notifies at once.
 */
export class Store<S, E> {
  #state: S
  readonly #reduce: (state: S, event: E) => S
  readonly #clock: StoreClock
  readonly #foldMs: number
  readonly #listeners = new Set<() => void>()
  #notifiedAt = Number.NEGATIVE_INFINITY
  /** What follows from a notification takes this long, milliseconds. */
  #drawingMs = 0
  #cancel: (() => void) | undefined

  constructor(
    reduce: (state: S, event: E) => S,
    initial: S,
    clock: StoreClock,
    // 16 paints a second: measured to cost half of weechat's CPU at 1,000 messages a second.
    foldMs = 60,
  ) {
    this.#reduce = reduce
    this.#state = initial
    this.#clock = clock
    this.#foldMs = foldMs
  }

  getSnapshot = (): S => this.#state

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What the person did. */
  dispatch = (event: E): void => {
    this.#state = this.#reduce(this.#state, event)
    this.#notify()
  }

  /** What came from outside. */
  receive = (event: E): void => {
    this.#state = this.#reduce(this.#state, event)
    if (this.#cancel !== undefined) return
    const fold = Math.max(this.#foldMs, Math.min(this.#drawingMs * REST, FOLD_MAX_MS))
    const wait = Math.max(0, this.#notifiedAt + fold - this.#clock.now())
    this.#cancel = this.#clock.after(wait, () => this.#notify())
  }

  #notify(): void {
    this.#cancel?.()
    this.#cancel = undefined
    const start = this.#clock.now()
    this.#notifiedAt = start
    for (const listener of this.#listeners) listener()
    // React draws when it has been told, before anything else has a turn.
    queueMicrotask(() => {
      const tookMs = this.#clock.now() - start
      // One that was slow by chance counts half.
      this.#drawingMs = Math.min(tookMs, (this.#drawingMs + tookMs) / 2)
    })
  }
}

export type StoreClock = Readonly<{
  now: () => number
  /** Calls `run` once after so many milliseconds; the answer cancels it. */
  after: (ms: number, run: () => void) => () => void
}>

export const systemClock: StoreClock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
