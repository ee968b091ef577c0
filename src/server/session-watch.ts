import type { Hub } from './hub.ts'
import { SESSION_GAIN_MS, SESSION_MS, SESSION_WATCH_MS, SHARED_WATCH_MS } from './limits.ts'
import type { Log } from './log.ts'
import type { Store } from './store/store.ts'
import type { Subscriber } from './subscriber.ts'

/** Sessions asked for at a time: others wait for the store meanwhile. */
const AT_ONCE = 256

export type SessionWatchOptions = Readonly<{
  store: Pick<Store, 'sessionsAlive' | 'prolongSession'>
  hub: Pick<Hub, 'reconcile'>
  /** Other nodes work on the same store; they watch the logs otherwise, too. */
  shared: boolean
  now: () => number
  monotonic: () => number
  log: Log
}>

/**
 * That a session was ended, or that its user is in one more group, is told by hints, which may be
 * lost: now and then the store is asked.
 * Sessions that are in use are prolonged, so that none ends while somebody is connected with it.
 */
export class SessionWatch {
  #options: SessionWatchOptions
  #lookedAt: number
  #looking = false
  /** When a session was last prolonged here; of connections that are gone nothing is kept. */
  #prolonged = new WeakMap<Subscriber, number>()

  constructor(options: SessionWatchOptions) {
    this.#options = options
    this.#lookedAt = options.monotonic()
  }

  /** Once a second. `subscribers`: the connections of this node that are logged in. */
  sweep(subscribers: () => readonly Subscriber[]): void {
    const now = this.#options.monotonic()
    const pause = this.#options.shared ? SHARED_WATCH_MS : SESSION_WATCH_MS
    if (this.#looking || now - this.#lookedAt < pause) return
    this.#lookedAt = now
    this.#looking = true
    this.#look(subscribers())
      .catch((error: unknown) => this.#options.log.warn('sessions could not be read', { error }))
      .finally(() => {
        this.#looking = false
      })
      .catch(() => undefined)
  }

  async #look(subscribers: readonly Subscriber[]): Promise<void> {
    const { store, hub, now } = this.#options
    for (let from = 0; from < subscribers.length; from += AT_ONCE) {
      const some = subscribers.slice(from, from + AT_ONCE)
      const hashes = some.map(({ session }) => session.tokenHash)
      const alive = await store.sessionsAlive(hashes, now())
      for (const [at, subscriber] of some.entries()) {
        if (alive[at] !== true) subscriber.session.revoke()
        else await this.#prolong(subscriber)
      }
    }
    if (this.#options.shared) return
    for (const user of new Set(subscribers.map((one) => one.user.id))) await hub.reconcile(user)
  }

  async #prolong(subscriber: Subscriber): Promise<void> {
    const { store, now } = this.#options
    const time = now()
    const before = this.#prolonged.get(subscriber)
    this.#prolonged.set(subscriber, before ?? time)
    if (before === undefined || time - before < SESSION_GAIN_MS) return
    this.#prolonged.set(subscriber, time)
    await store.prolongSession(subscriber.session.tokenHash, time, time + SESSION_MS)
  }
}
