import { ChatError } from '../protocol/errors.ts'
import type { Contact, Head, User } from '../protocol/messages.ts'
import * as records from '../protocol/records.ts'
import type { Hint } from './bus/bus.ts'
import type { Hub } from './hub.ts'
import { itemsThatFit } from './lists.ts'
import type { Presence } from './presence/presence.ts'
import type { ReceiptRounds } from './presence/receipt-rounds.ts'
import { NO_PREFERENCES } from './store/people/preferences.ts'
import type { Store, StoredContact } from './store/store.ts'

/** Conversations that are read at a time. */
const AT_ONCE = 100
/** In one notice. */
const CONTACTS_MAX = itemsThatFit(records.contact)

export type RemindersOptions = Readonly<{
  store: Pick<Store, 'contacts' | 'heads' | 'sessions' | 'settings' | 'standing'>
  hub: Pick<Hub, 'onHint' | 'subscribersOf'>
  presence: Pick<Presence, 'contactFor' | 'learnAgain' | 'nodesOf'>
  receipts: Pick<ReceiptRounds, 'tellAgain'>
  now: () => number
}>

/** What is being read of a user, and what hints said of them meanwhile. */
type Reading = {
  readonly user: string
  heard: boolean
  /** Conversations in which their cursors moved. */
  readonly moved: Set<string>
}

/**
 * After hints were lost: what they would have told connections of this node beside entries is told as
 * the store has it. Of no use to who has one session and one connection alone; a program that shared
 * the session and is gone is not thought of.
 */
export class Reminders {
  #options: RemindersOptions
  #reading: Reading | undefined

  constructor(options: RemindersOptions) {
    this.#options = options
  }

  onHint(hint: Hint): void {
    const reading = this.#reading
    if (reading === undefined) return
    if (hint.kind === 'cursors' && hint.cursors.user === reading.user) {
      reading.moved.add(hint.cursors.conversation)
    }
    if (hint.kind !== 'settings' && hint.kind !== 'preferences' && hint.kind !== 'contacts') return
    if (hint.user === reading.user) reading.heard = true
  }

  /** @throws ChatError when the store cannot say */
  async remind(user: string): Promise<void> {
    // Whose account is gone meanwhile, their connections are about to be.
    await unlessUnknown(this.#remind(user))
  }

  /** How far others have got. @throws ChatError when the store cannot say */
  remindAuthors(): Promise<void> {
    return this.#options.receipts.tellAgain()
  }

  async #remind(user: string): Promise<void> {
    const { store, presence } = this.#options
    const former = await presence.learnAgain(user)
    if (await this.#isAlone(user)) return
    const [settings] = await this.#unchanged(user, () => store.settings(user))
    this.#tell({ kind: 'settings', except: '', user, settings })
    const partners = await this.#remindOfConversations(user)
    const reading = () => this.#contactsOf(user, partners, former)
    const [contacts] = await this.#unchanged(user, reading)
    this.#tellContacts(user, contacts)
  }

  /** What nobody but this device can have changed is known to it. */
  async #isAlone(user: string): Promise<boolean> {
    const { store, hub, presence, now } = this.#options
    if (hub.subscribersOf(user).size > 1 || presence.nodesOf(user).length > 0) return false
    return (await store.sessions(user, now())).length < 2
  }

  /** Answers whom they talk with directly. */
  async #remindOfConversations(user: string): Promise<readonly User[]> {
    const partners: User[] = []
    for (let after = ''; ; ) {
      const query = { user, after, limit: AT_ONCE, conversations: [] }
      const read = () => this.#options.store.heads(query)
      const [{ items, next }, moved] = await this.#unchanged(user, read)
      for (const head of items) {
        this.#tellOf(user, head, moved)
        if (head.peer !== undefined) partners.push(head.peer)
      }
      if (next === '') return partners
      after = next
    }
  }

  #tellOf(user: string, head: Head, moved: ReadonlySet<string>): void {
    const { conversation, delivered, read, readN, preferences = NO_PREFERENCES } = head
    const cursors = { user, conversation, delivered, read, readN }
    if (!moved.has(conversation)) this.#tell({ kind: 'cursors', except: '', cursors })
    this.#tell({ kind: 'preferences', except: '', user, conversation, preferences })
  }

  /** Those on one of the lists, and those who may have been and are not any more. */
  async #contactsOf(
    user: string,
    partners: readonly User[],
    former: ReadonlySet<string>,
  ): Promise<readonly StoredContact[]> {
    const { store } = this.#options
    const contacts = new Map<string, StoredContact>()
    for (let after = ''; ; ) {
      const { items, next } = await store.contacts(user, after, CONTACTS_MAX)
      for (const contact of items) contacts.set(contact.user.id, contact)
      if (next === '') break
      after = next
    }
    const others = [...partners]
    for (const id of former) {
      const standing = await unlessUnknown(store.standing(id))
      if (standing !== undefined) others.push(standing.user)
    }
    for (const other of others) {
      if (other.id === user || contacts.has(other.id)) continue
      contacts.set(other.id, { user: other, removed: true, blocked: false })
    }
    return [...contacts.values()]
  }

  #tellContacts(user: string, found: readonly StoredContact[]): void {
    const { hub, presence } = this.#options
    const [subscriber] = hub.subscribersOf(user)
    if (subscriber === undefined) return
    const contacts: Contact[] = found.map((one) => presence.contactFor(subscriber, one))
    for (let at = 0; at < contacts.length; at += CONTACTS_MAX) {
      const some = contacts.slice(at, at + CONTACTS_MAX)
      this.#tell({ kind: 'contacts', except: '', user, contacts: some })
    }
  }

  /**
   * Read again when something was heard meanwhile: that may be newer. Also answers where cursors are
   * known to be newer: they move too often for that.
   */
  async #unchanged<T>(user: string, read: () => Promise<T>): Promise<[T, ReadonlySet<string>]> {
    for (;;) {
      const reading = { user, heard: false, moved: new Set<string>() }
      this.#reading = reading
      const found = await read()
      this.#reading = undefined
      if (!reading.heard) return [found, reading.moved]
    }
  }

  /** To connections of this node alone. */
  #tell(hint: Hint): void {
    this.#options.hub.onHint(hint)
  }
}

/** Undefined: there is no such account. */
async function unlessUnknown<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ChatError && error.code === 'unknownUser') return undefined
    throw error
  }
}
