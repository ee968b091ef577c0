import { setTimeout as delay } from 'node:timers/promises'
import { DAY_MS } from './day.ts'
import { RETENTION_PAUSE_MS, RETENTION_ROUND_MS } from './limits.ts'
import type { Log } from './log.ts'
import type { Store } from './store/store.ts'

export type RetentionRoundsOptions = Readonly<{
  store: Pick<Store, 'retain'>
  /** Entries are kept for so many days at least. */
  days: number
  now: () => number
  monotonic: () => number
  log: Log
}>

/** Removes what is older than it is to be kept: now and then, in small steps with pauses between. */
export class RetentionRounds {
  #options: RetentionRoundsOptions
  #next = Number.NEGATIVE_INFINITY
  #round: Promise<void> | undefined
  #closing = new AbortController()

  constructor(options: RetentionRoundsOptions) {
    this.#options = options
  }

  /** Begins a round when it is time. */
  sweep(): void {
    const time = this.#options.monotonic()
    if (this.#round !== undefined || time < this.#next || this.#closing.signal.aborted) return
    this.#next = time + RETENTION_ROUND_MS
    this.#round = this.#run().finally(() => {
      this.#round = undefined
    })
  }

  /** The step that is being done is finished; what is left is for the next start. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#round
  }

  async #run(): Promise<void> {
    const { store, days, now, log } = this.#options
    const before = now() - days * DAY_MS
    let entries = 0
    try {
      for (let after = ''; ; ) {
        const retained = await store.retain({ before, after })
        entries += retained.entries
        after = retained.next
        if (after === '' || this.#closing.signal.aborted) break
        await this.#pause()
      }
    } catch (error) {
      log.warn('old entries could not be removed', { error })
    }
    if (entries > 0) log.info('old entries were removed', { entries, days })
  }

  async #pause(): Promise<void> {
    const { signal } = this.#closing
    await delay(RETENTION_PAUSE_MS, undefined, { signal, ref: false }).catch(() => undefined)
  }
}
