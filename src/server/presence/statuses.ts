import type { Status } from '../../protocol/messages.ts'
import type { Store } from '../store/store.ts'

export type StatusesOptions = Readonly<{
  store: Pick<Store, 'statuses'>
  isOnline: (user: string) => boolean
  /** Of somebody who is online: those who may know are told. */
  changed: (user: string) => void
}>

/** What those who are online say of themselves, as far as this node has read or heard it. */
export class Statuses {
  #options: StatusesOptions
  /** Of who is not simply available. */
  #known = new Map<string, Exclude<Status, 'available'>>()
  /** Users heard of while the store is asked: what it says of them may be older. */
  #asking = new Set<Set<string>>()

  constructor(options: StatusesOptions) {
    this.#options = options
  }

  of(user: string): Status {
    return this.#known.get(user) ?? 'available'
  }

  /** Asks the store what those of them say who are online. @throws ChatError when it cannot say */
  async learn(users: Iterable<string>): Promise<void> {
    const { store, isOnline } = this.#options
    const online = [...users].filter(isOnline)
    if (online.length === 0) return
    const heard = new Set<string>()
    this.#asking.add(heard)
    try {
      const statuses = await store.statuses(online)
      for (const [index, user] of online.entries()) {
        if (!heard.has(user)) this.#set(user, statuses[index] ?? 'available')
      }
    } finally {
      this.#asking.delete(heard)
    }
  }

  /** By a hint. */
  heard(user: string, status: Status): void {
    for (const heard of this.#asking) heard.add(user)
    this.#set(user, status)
  }

  /** They are online no more. */
  forget(user: string): void {
    this.#known.delete(user)
  }

  #set(user: string, status: Status): void {
    if (!this.#options.isOnline(user) || this.of(user) === status) return
    if (status === 'available') this.#known.delete(user)
    else this.#known.set(user, status)
    this.#options.changed(user)
  }
}
