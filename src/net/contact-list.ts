import type { AnswerOf, Contact, DraftMessage } from '../protocol/messages.ts'
import type { ClientEvent } from './events.ts'

export type ContactListOptions = Readonly<{
  request: (draft: DraftMessage<'listContacts'>) => Promise<AnswerOf<'listContacts'>>
  emit: (event: ClientEvent) => void
}>

/** One's contacts: the whole list first, then what changes. */
export class ContactList {
  #options: ContactListOptions
  /** Changes that came before the whole list; undefined: it was told. */
  #early: Contact[] | undefined = []

  constructor(options: ContactListOptions) {
    this.#options = options
  }

  /** Contacts that came, changed or went. */
  change(contacts: readonly Contact[]): void {
    if (this.#early !== undefined) this.#early.push(...contacts)
    else this.#options.emit({ type: 'contacts', contacts, complete: false })
  }

  async refresh(): Promise<void> {
    const contacts: Contact[] = []
    let after = ''
    do {
      const answer = await this.#options.request({ type: 'listContacts', after })
      contacts.push(...answer.contacts)
      after = answer.next
    } while (after !== '')
    this.#options.emit({ type: 'contacts', contacts, complete: true })
    const early = this.#early ?? []
    this.#early = undefined
    if (early.length > 0) this.change(early)
  }
}
