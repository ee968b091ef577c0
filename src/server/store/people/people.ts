import { ChatError } from '../../../protocol/errors.ts'
import { CONTACTS_MAX } from '../../../protocol/limits.ts'
import { conversationKind } from '../../../protocol/records.ts'
import { userNumber, userText } from '../ids.ts'
import { type Database, prepare } from '../statements.ts'
import type { Listed, StoredContact } from '../store.ts'
import type { Blocks } from './blocks.ts'
import type { Person, Users } from './users.ts'

export type PeopleParts = Readonly<{
  users: Users
  blocks: Blocks
}>

/** Whom a user knows, and whom they block. */
export class People {
  #users: Users
  #blocks: Blocks
  #db

  constructor(db: Database, { users, blocks }: PeopleParts) {
    this.#users = users
    this.#blocks = blocks
    this.#db = statements(db)
  }

  contacts(user: string, after: string, limit: number): Listed<StoredContact> {
    const { id } = this.#users.need(user)
    const from = userNumber(after) ?? 0
    const rows = this.#db.selectContacts.all(id, from, id, from, limit + 1)
    const items = rows.slice(0, limit).map(({ user: number, listed, blocked }) => {
      const removed = listed === 0
      return { user: this.#users.get(number).user, removed, blocked: blocked === 1 }
    })
    return { items, next: rows.length > limit ? (items.at(-1)?.user.id ?? '') : '' }
  }

  addContact(user: string, target: string): StoredContact {
    const person = this.#users.need(user)
    const contact = this.#users.need(target)
    const known = this.#isListed(person, contact)
    if (!known && (this.#db.countContacts.get(person.id)?.count ?? 0) >= CONTACTS_MAX) {
      throw new ChatError('tooMany', `a contact list holds at most ${CONTACTS_MAX}`)
    }
    if (!known) this.#db.insertContact.run(person.id, contact.id)
    return this.#contact(person, contact)
  }

  removeContact(user: string, target: string): StoredContact {
    const person = this.#users.need(user)
    const contact = this.#users.need(target)
    this.#db.deleteContact.run(person.id, contact.id)
    return this.#contact(person, contact)
  }

  block(user: string, target: string): StoredContact {
    const person = this.#users.need(user)
    const other = this.#users.need(target)
    this.#blocks.add(person, other)
    return this.#contact(person, other)
  }

  unblock(user: string, target: string): StoredContact {
    const person = this.#users.need(user)
    const other = this.#users.need(target)
    this.#blocks.delete(person, other)
    return this.#contact(person, other)
  }

  blockers(user: string): readonly string[] {
    return this.#blocks.blockersOf(this.#users.need(user))
  }

  circle(user: string): readonly string[] {
    const { id } = this.#users.need(user)
    return this.#db.selectCircle.all(id, id, id).map((row) => userText(row.user))
  }

  #isListed(person: Person, contact: Person): boolean {
    return this.#db.selectContact.get(person.id, contact.id) !== undefined
  }

  #contact(person: Person, contact: Person): StoredContact {
    const removed = !this.#isListed(person, contact)
    return { user: contact.user, removed, blocked: this.#blocks.has(person, contact) }
  }
}

const { direct } = conversationKind.values

function statements(db: Database) {
  return {
    selectContacts: prepare<{ user: number; listed: number; blocked: number }>(
      db,
      `SELECT user, max(listed) AS listed, max(blocked) AS blocked FROM (
         SELECT contact AS user, 1 AS listed, 0 AS blocked FROM contacts
         WHERE user = ? AND contact > ?
         UNION ALL
         SELECT blocked, 0, 1 FROM blocks WHERE user = ? AND blocked > ?
       ) AS both_lists GROUP BY user ORDER BY user LIMIT ?`,
    ),
    selectContact: prepare<{ contact: number }>(
      db,
      'SELECT contact FROM contacts WHERE user = ? AND contact = ?',
    ),
    countContacts: prepare<{ count: number }>(
      db,
      'SELECT count(*) AS count FROM contacts WHERE user = ?',
    ),
    insertContact: prepare(db, 'INSERT INTO contacts (user, contact) VALUES (?, ?)'),
    deleteContact: prepare(db, 'DELETE FROM contacts WHERE user = ? AND contact = ?'),
    selectCircle: prepare<{ user: number }>(
      db,
      `SELECT contact AS user FROM contacts WHERE user = ?
       UNION
       SELECT c.low + c.high - m.user
       FROM memberships m JOIN conversations c ON c.id = m.conversation
       WHERE m.user = ? AND c.kind = ${direct}
       EXCEPT SELECT CAST(? AS BIGINT)
       ORDER BY 1`,
    ),
  }
}
