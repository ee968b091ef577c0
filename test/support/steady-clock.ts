import type { Timers } from '../../src/net/timers.ts'

type Waiting = { readonly at: number; readonly run: () => void }

const STEP_MS = 2
/** A longer pause than this is the machine's fault, and is not counted. */
const STEP_MS_MAX = 5

/**
 * Real time, only faster, for clients that wait seconds between attempts: but it goes on only as fast
 * as this process gets on, so that on a busy machine nobody gives up waiting too early.
 */
export class SteadyClock implements Timers {
  readonly #speed: number
  readonly #start = Date.now()
  #passed = 0
  #steppedAt = performance.now()
  #waiting = new Set<Waiting>()
  #wheel: NodeJS.Timeout

  constructor(speed: number) {
    this.#speed = speed
    this.#wheel = setInterval(() => this.#step(), STEP_MS)
  }

  now = (): number => Math.floor(this.#start + this.#passed)

  after(ms: number, run: () => void): () => void {
    const waiting = { at: this.#passed + ms, run }
    this.#waiting.add(waiting)
    return () => this.#waiting.delete(waiting)
  }

  stop(): void {
    clearInterval(this.#wheel)
  }

  #step(): void {
    const now = performance.now()
    this.#passed += Math.min(now - this.#steppedAt, STEP_MS_MAX) * this.#speed
    this.#steppedAt = now
    const due = [...this.#waiting].filter(({ at }) => at <= this.#passed)
    for (const waiting of due.sort((one, other) => one.at - other.at)) {
      if (this.#waiting.delete(waiting)) waiting.run()
    }
  }
}
