import type { Entry } from '../protocol/messages.ts'
import { CATCH_UP_ENTRIES } from './limits.ts'
import type { Log } from './log.ts'
import type { Store } from './store/store.ts'
import type { LiveLog } from './subscriber.ts'

export type HealingOptions = Readonly<{
  store: Pick<Store, 'read' | 'latecomers'>
  log: Log
  /** Users of this node that follow the conversation now. */
  usersIn: (conversation: string) => ReadonlySet<string>
  /** `hiddenFrom`: to whom an edit is pushed without its text (rule 5). */
  deliver: (log: LiveLog, entry: Entry, hiddenFrom?: readonly string[]) => void
  /** All that is known of was delivered. */
  healed: (log: LiveLog) => void
}>

/** Makes good for hints that were lost: what they would have told is read from the store. */
export class Healing {
  #options: HealingOptions
  /** Logs whose lost entries the store could not serve: tried again by `sweep`. */
  #stuck = new Set<LiveLog>()

  constructor(options: HealingOptions) {
    this.#options = options
  }

  /** Entries up to `seq` are delivered, in order. Resolves when they are, or cannot be now. */
  to(log: LiveLog, seq: number): Promise<void> {
    log.healingTo = Math.max(log.healingTo, seq)
    log.healing ??= this.#heal(log)
    return log.healing
  }

  /** Once a second. */
  sweep(): void {
    const stuck = [...this.#stuck]
    this.#stuck.clear()
    for (const log of stuck) void this.to(log, 0)
  }

  async #heal(log: LiveLog): Promise<void> {
    const { store, deliver, healed } = this.#options
    try {
      do {
        const entries = await store.read(log.conversation, log.last ?? 0, CATCH_UP_ENTRIES)
        // What lies beyond was committed but is still to be announced.
        const announced = entries.filter(({ seq }) => seq <= log.healingTo)
        // None, although more are known of: the log has a hole, and waiting does not fill it.
        if (announced.length === 0) break
        for (const entry of announced) {
          const isEdit = entry.kind === 'edited' && log.between === undefined
          if (isEdit) deliver(log, entry, await this.#hiddenFrom(log, entry))
          else deliver(log, entry)
        }
      } while (log.healingTo > (log.last ?? 0))
      log.healingTo = 0
      healed(log)
    } catch (error) {
      const { conversation } = log
      this.#options.log.warn('entries could not be read', { conversation, error })
      this.#stuck.add(log)
    } finally {
      log.healing = undefined
    }
  }

  /** Asked again of those who came while the store answered. */
  async #hiddenFrom(log: LiveLog, { target }: Entry): Promise<readonly string[]> {
    const { store, usersIn } = this.#options
    const asked = new Set<string>()
    const hidden: string[] = []
    for (;;) {
      const users = [...usersIn(log.conversation)].filter((user) => !asked.has(user))
      if (users.length === 0) return hidden
      for (const user of users) asked.add(user)
      hidden.push(...(await store.latecomers(log.conversation, target, users)))
    }
  }
}
