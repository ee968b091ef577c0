import type { Timers } from '../../src/net/timers.ts'

/** Real time, only faster: for clients that wait seconds between attempts. */
export class FastClock implements Timers {
  readonly #speed: number
  readonly #began = performance.now()
  readonly #start = Date.now()

  constructor(speed: number) {
    this.#speed = speed
  }

  now = (): number => Math.floor(this.#start + (performance.now() - this.#began) * this.#speed)

  after(ms: number, run: () => void): () => void {
    const timer = setTimeout(run, ms / this.#speed)
    return () => clearTimeout(timer)
  }
}
