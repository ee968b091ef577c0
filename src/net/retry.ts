import { BACKOFF_MS_MAX, backoffMs } from './backoff.ts'
import type { CancelTimer, Timers } from './timers.ts'

export type RetryOptions = Readonly<{
  timers: Timers
  now: () => number
  random: () => number
  /** The next attempt is due. */
  onDue: () => void
}>

/** When to try again, after how many attempts. */
export class Retry {
  #options: RetryOptions
  #attempt = 0
  #cancel: CancelTimer | undefined

  constructor(options: RetryOptions) {
    this.#options = options
  }

  /** An attempt begins now; answers its number: 1, 2, … */
  begin(): number {
    this.cancel()
    this.#attempt += 1
    return this.#attempt
  }

  /**
   * `onDue` is called after a wait that grows with the attempts, and is `leastMs` at least. `mostMs`:
   * of what it grows to.
   */
  later(leastMs: number, mostMs = BACKOFF_MS_MAX): Readonly<{ retryAt: number; attempt: number }> {
    const { timers, now, random, onDue } = this.#options
    const attempt = this.#attempt + 1
    const ms = Math.max(leastMs, Math.min(mostMs, backoffMs(attempt, random)))
    this.cancel()
    this.#cancel = timers.after(ms, onDue)
    return { retryAt: now() + ms, attempt }
  }

  /** The next attempt is a first one. */
  reset(): void {
    this.cancel()
    this.#attempt = 0
  }

  cancel(): void {
    this.#cancel?.()
    this.#cancel = undefined
  }
}
