import type { Head } from '../protocol/messages.ts'
import type { Hint } from './bus/bus.ts'
import type { Hub } from './hub.ts'
import type { Presence } from './presence/presence.ts'
import type { ReceiptRounds } from './presence/receipt-rounds.ts'
import { NO_PREFERENCES } from './store/people/preferences.ts'
import type { Store } from './store/store.ts'

/** Conversations that are read at a time. */
const AT_ONCE = 100

export type RemindersOptions = Readonly<{
  store: Pick<Store, 'heads' | 'sessions' | 'settings'>
  hub: Pick<Hub, 'onHint'>
  presence: Pick<Presence, 'learnAgain'>
  receipts: Pick<ReceiptRounds, 'tellAgain'>
  now: () => number
}>

/**
 * After hints were lost: what they would have told connections of this node beside entries is told as
 * the store has it. Contacts that were removed meanwhile are left to the next log-in.
 */
export class Reminders {
  #options: RemindersOptions
  /** Whose settings and conversations are being read, and whether a hint about them came meanwhile. */
  #reading: { user: string; heard: boolean } | undefined

  constructor(options: RemindersOptions) {
    this.#options = options
  }

  onHint(hint: Hint): void {
    if (hint.kind !== 'settings' && hint.kind !== 'preferences') return
    if (this.#reading?.user === hint.user) this.#reading.heard = true
  }

  /** @throws ChatError when the store cannot say */
  async remind(user: string): Promise<void> {
    const { store, presence, now } = this.#options
    await presence.learnAgain(user)
    // What nobody but this device can have changed is known to it.
    const sessions = await store.sessions(user, now())
    if (sessions.length < 2) return
    const settings = await this.#unchanged(user, () => store.settings(user))
    this.#tell({ kind: 'settings', except: '', user, settings })
    for (let after = ''; ; ) {
      const query = { user, after, limit: AT_ONCE, conversations: [] }
      const { items, next } = await this.#unchanged(user, () => store.heads(query))
      for (const head of items) this.#tellOf(user, head)
      if (next === '') return
      after = next
    }
  }

  /** How far others have got. @throws ChatError when the store cannot say */
  remindAuthors(): Promise<void> {
    return this.#options.receipts.tellAgain()
  }

  /** Read again when something was heard meanwhile: that may be newer. */
  async #unchanged<T>(user: string, read: () => Promise<T>): Promise<T> {
    for (;;) {
      const reading = { user, heard: false }
      this.#reading = reading
      const found = await read()
      if (!reading.heard) return found
    }
  }

  #tellOf(user: string, head: Head): void {
    const { conversation, delivered, read, readN, preferences = NO_PREFERENCES } = head
    const cursors = { user, conversation, delivered, read, readN }
    this.#tell({ kind: 'cursors', except: '', cursors })
    this.#tell({ kind: 'preferences', except: '', user, conversation, preferences })
  }

  /** To connections of this node alone. */
  #tell(hint: Hint): void {
    this.#options.hub.onHint(hint)
  }
}
