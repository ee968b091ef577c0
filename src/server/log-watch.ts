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
import { Pace } from './pace.ts'
import type { Reminders } from './reminders.ts'

export type LogWatchOptions = Readonly<{
  hub: Pick<Hub, 'followed' | 'compare' | 'reconcile' | 'reconcileDirects'>
  reminders: Pick<Reminders, 'remind' | 'remindAuthors'>
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
 * were lost. However long it takes, the logs do not wait for it; nor does it wait for what is told anew
 * after such a sign beside entries.
 */
export class LogWatch {
  #options: LogWatchOptions
  #logs: Pace
  #users: Pace
  #reminding: Pace
  #troubledUntil = Number.NEGATIVE_INFINITY
  /** After a sign, and when what followed from it is over: a node may come back later than others. */
  #remindAt = Number.POSITIVE_INFINITY
  /** By the wall clock: what was appended before was looked at. */
  #seenUntil: number

  constructor(options: LogWatchOptions) {
    this.#options = options
    const pace = { share: WATCH_SHARE, least: SHARED_WATCH_MS, monotonic: options.monotonic }
    this.#logs = new Pace({ ...pace, task: () => this.#lookAtLogs() })
    this.#users = new Pace({ ...pace, task: () => this.#lookAtUsers() })
    this.#reminding = new Pace({ ...pace, task: () => this.#remindWhenDue() })
    this.#seenUntil = options.now()
  }

  /** Hints may have been lost just now. */
  trouble(): void {
    this.#troubledUntil = this.#options.monotonic() + TROUBLE_MS
    this.#remindAt = Number.NEGATIVE_INFINITY
    this.#users.hasten()
    this.#reminding.hasten()
  }

  /** Once a second. */
  sweep(): void {
    this.#logs.sweep()
    this.#users.sweep()
    this.#reminding.sweep()
  }

  async #lookAtLogs(): Promise<number> {
    await this.#unlessAway(async () => {
      const { hub } = this.#options
      for (const some of chunks(hub.followed, WATCHED_LOGS)) await hub.compare(some)
    })
    return SHARED_WATCH_MS
  }

  async #lookAtUsers(): Promise<number> {
    const began = this.#options.monotonic()
    const done = await this.#unlessAway(() => this.#compareUsers())
    return done && began >= this.#troubledUntil ? TROUBLE_MS : SHARED_WATCH_MS
  }

  async #compareUsers(): Promise<void> {
    const { hub, users, now } = this.#options
    const time = now()
    const since = this.#seenUntil - CLOCKS_APART_MS
    for (const some of chunks([...users()], WATCHED_USERS)) {
      for (const user of some) await hub.reconcile(user)
      await hub.reconcileDirects(some, since)
    }
    this.#seenUntil = time
  }

  async #remindWhenDue(): Promise<number> {
    const began = this.#options.monotonic()
    const dueAt = this.#remindAt
    if (began < dueAt) return SHARED_WATCH_MS
    // Another sign may come meanwhile.
    this.#remindAt = began < this.#troubledUntil ? this.#troubledUntil : Number.POSITIVE_INFINITY
    const done = await this.#unlessAway(() => this.#remindAll())
    if (!done) this.#remindAt = Math.min(this.#remindAt, dueAt)
    return SHARED_WATCH_MS
  }

  async #remindAll(): Promise<void> {
    const { reminders, users } = this.#options
    for (const user of [...users()]) await reminders.remind(user)
    await reminders.remindAuthors()
  }

  /** False when the store could not say. */
  async #unlessAway(look: () => Promise<void>): Promise<boolean> {
    try {
      await look()
      return true
    } catch (error) {
      this.#options.log.warn('logs could not be compared with the store', { error })
      return false
    }
  }
}

function* chunks<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
