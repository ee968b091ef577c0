import { TURN_MS_MAX } from './limits.ts'
import type { RateLimit } from './rate-limit.ts'

/**
 * Rule 14 for one connection: its next request waits until the rate of its account allows it, and
 * those behind it wait with it. What one connection sends so stays in order.
 */
export class Turn {
  #limit: RateLimit
  #onCome: () => void
  /** While the next request waits: its part of the rate is taken already. */
  #timer: NodeJS.Timeout | undefined
  #giveBack: (() => void) | undefined
  #come = false

  /** `onCome`: the request that waits may be asked for again. */
  constructor(limit: RateLimit, onCome: () => void) {
    this.#limit = limit
    this.#onCome = onCome
  }

  /**
   * For the request that is next, until it is begun. 0: begin it. Undefined: `onCome` will say
   * when. Above: it would have to wait for so many milliseconds, which is too long.
   */
  ask(account: string, cost: number): number | undefined {
    if (this.#timer !== undefined) return undefined
    if (this.#come) {
      this.#come = false
      return 0
    }
    const waitMs = this.#limit.reserve(account, cost, TURN_MS_MAX)
    if (waitMs === 0 || waitMs > TURN_MS_MAX) return waitMs
    this.#giveBack = () => this.#limit.give(account, cost)
    this.#timer = setTimeout(() => this.#comes(), waitMs)
    return undefined
  }

  /** What waits will not be begun. */
  cancel(): void {
    if (this.#timer === undefined) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#giveBack?.()
  }

  #comes(): void {
    this.#timer = undefined
    this.#come = true
    this.#onCome()
  }
}
