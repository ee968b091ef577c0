/** A key that was not used for long is forgotten first: an attacker's keys cost no memory. */
const KEYS_MAX = 100_000

/** Parts of tokens are added up in floating point. */
const ROUNDING = 1e-6

export type Rate = Readonly<{ perSecond: number; burst: number }>

type Bucket = { tokens: number; time: number }

/**
 * A token bucket for each key, in bounded memory. Buckets are full at first; a full one need not
 * be kept.
 */
export class RateLimit {
  #rate: Rate
  #monotonic: () => number
  #keysMax: number
  /** In the order of last use. */
  #buckets = new Map<string, Bucket>()

  constructor(rate: Rate, monotonic: () => number, keysMax = KEYS_MAX) {
    this.#rate = rate
    this.#monotonic = monotonic
    this.#keysMax = keysMax
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#buckets.size
  }

  /** 0: granted. Above: nothing was taken, and there is enough in so many milliseconds. */
  take(key: string, cost = 1): number {
    return this.reserve(key, cost, 0)
  }

  /**
   * Like `take`, also of what is still to come: the milliseconds until it is there. Above
   * `patienceMs`: nothing was taken.
   */
  reserve(key: string, cost: number, patienceMs: number): number {
    const bucket = this.#fill(key)
    const enough = bucket.tokens >= cost - ROUNDING
    const waitMs = enough ? 0 : this.#waitMs(cost - bucket.tokens)
    if (waitMs <= patienceMs) bucket.tokens -= cost
    return waitMs
  }

  /** Undoes a `take` or `reserve`. */
  give(key: string, cost = 1): void {
    const bucket = this.#fill(key)
    bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + cost)
  }

  /** Forgets the keys whose buckets are full again. */
  sweep(): void {
    const fullMs = this.#waitMs(this.#rate.burst)
    for (const [key, bucket] of this.#buckets) {
      if (bucket.time + fullMs > this.#monotonic()) return
      // One that lent takes longer.
      const missing = this.#rate.burst - bucket.tokens
      if (bucket.time + this.#waitMs(missing) <= this.#monotonic()) this.#buckets.delete(key)
    }
  }

  #fill(key: string): Bucket {
    const time = this.#monotonic()
    const bucket = this.#buckets.get(key) ?? { tokens: this.#rate.burst, time }
    const gained = (Math.max(0, time - bucket.time) * this.#rate.perSecond) / 1_000
    bucket.tokens = Math.min(this.#rate.burst, bucket.tokens + gained)
    bucket.time = time
    this.#buckets.delete(key)
    if (this.#buckets.size >= this.#keysMax) this.#forgetOldest()
    this.#buckets.set(key, bucket)
    return bucket
  }

  #forgetOldest(): void {
    for (const key of this.#buckets.keys()) {
      this.#buckets.delete(key)
      return
    }
  }

  #waitMs(tokens: number): number {
    return Math.max(1, Math.ceil((tokens * 1_000) / this.#rate.perSecond - ROUNDING))
  }
}
