import type { Hub } from './hub.ts'
import {
  CLOCKS_APART_MS,
  SHARED_WATCH_MS,
  TROUBLE_MS,
  WATCH_SHARE,
  WATCHED_LOGS,
  WATCHED_USERS,
} from './limits.ts'
import type { Log } from './log.ts'

export type LogWatchOptions = Readonly<{
  hub: Pick<Hub, 'followed' | 'compare' | 'reconcile' | 'reconcileDirects'>
  /** Users with a connection to this node. */
  users: () => Iterable<string>
  now: () => number
  monotonic: () => number
  log: Log
}>

/**
 * Of several nodes: what another one appended is told by hints, which may be lost. Every few seconds
 * the store is asked how far the logs have got that are followed here: so who was put out of a group
 * is out within seconds. What is followed by nobody yet (a first direct message, a group that one was
 * put into) costs a look at every user: that is done now and then, and at once after a sign that hints
 * were lost.
 */
export class LogWatch {
  #options: LogWatchOptions
  #looking: Promise<void> | undefined
  #nextAt: number
  #nextUsersAt: number
  #troubledUntil = Number.NEGATIVE_INFINITY
  /** By the wall clock: what was appended before was looked at. */
  #seenUntil: number

  constructor(options: LogWatchOptions) {
    this.#options = options
    this.#nextAt = options.monotonic() + SHARED_WATCH_MS
    this.#nextUsersAt = this.#nextAt
    this.#seenUntil = options.now()
  }

  /** Hints may have been lost just now. */
  trouble(): void {
    const now = this.#options.monotonic()
    this.#troubledUntil = now + TROUBLE_MS
    this.#nextUsersAt = Math.min(this.#nextUsersAt, Math.max(this.#nextAt, now))
  }

  /** Once a second. */
  sweep(): void {
    if (this.#looking !== undefined || this.#options.monotonic() < this.#nextAt) return
    this.#looking = this.#look()
  }

  async #look(): Promise<void> {
    const { log, monotonic } = this.#options
    const began = monotonic()
    try {
      await this.#compareLogs()
      if (began >= this.#nextUsersAt) await this.#compareUsers(began)
    } catch (error) {
      log.warn('logs could not be compared with the store', { error })
    } finally {
      const now = monotonic()
      this.#nextAt = Math.max(began + SHARED_WATCH_MS, now + (now - began) / WATCH_SHARE)
      this.#looking = undefined
    }
  }

  async #compareLogs(): Promise<void> {
    const { hub } = this.#options
    for (const some of chunks(hub.followed, WATCHED_LOGS)) await hub.compare(some)
  }

  async #compareUsers(began: number): Promise<void> {
    const { hub, users, now } = this.#options
    const time = now()
    const since = this.#seenUntil - CLOCKS_APART_MS
    for (const some of chunks([...users()], WATCHED_USERS)) {
      for (const user of some) await hub.reconcile(user)
      await hub.reconcileDirects(some, since)
    }
    this.#seenUntil = time
    const isTroubled = began < this.#troubledUntil
    this.#nextUsersAt = began + (isTroubled ? SHARED_WATCH_MS : TROUBLE_MS)
  }
}

function* chunks<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
