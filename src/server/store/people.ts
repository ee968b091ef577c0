import type { DatabaseSync } from 'node:sqlite'
import { ChatError } from '../../protocol/errors.ts'
import { CONTACTS_MAX } from '../../protocol/limits.ts'
import type { Group, User } from '../../protocol/messages.ts'
import { nameKey, nameOf } from '../../protocol/names.ts'
import type { Conversations } from './conversations.ts'
import type { Groups } from './groups.ts'
import { userNumber, userText } from './ids.ts'
import { prepare } from './statements.ts'
import type { Listed } from './store.ts'
import type { Users } from './users.ts'

/** Sorts behind every name that begins with what stands before it. */
const LAST_CHARACTER = '\u{10ffff}'

/** Whom a user knows, and whom they can find. */
export class People {
  #users: Users
  #conversations: Conversations
  #groups: Groups
  #db

  constructor(db: DatabaseSync, users: Users, conversations: Conversations, groups: Groups) {
    this.#users = users
    this.#conversations = conversations
    this.#groups = groups
    this.#db = statements(db)
  }

  contacts(user: string, after: string, limit: number): Listed<User> {
    const { id } = this.#users.need(user)
    const rows = this.#db.selectContacts.all(id, userNumber(after) ?? 0, limit + 1)
    const items = rows.slice(0, limit).map((row) => this.#users.get(row.contact).user)
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? '') : '' }
  }

  addContact(user: string, target: string): User {
    const { id } = this.#users.need(user)
    const contact = this.#users.need(target)
    const known = this.#db.selectContact.get(id, contact.id) !== undefined
    if (!known && (this.#db.countContacts.get(id)?.count ?? 0) >= CONTACTS_MAX) {
      throw new ChatError('tooMany', `a contact list holds at most ${CONTACTS_MAX}`)
    }
    if (!known) this.#db.insertContact.run(id, contact.id)
    return contact.user
  }

  removeContact(user: string, target: string): User {
    const { id } = this.#users.need(user)
    const contact = this.#users.need(target)
    this.#db.deleteContact.run(id, contact.id)
    return contact.user
  }

  circle(user: string): readonly string[] {
    const { id } = this.#users.need(user)
    return this.#db.selectCircle.all(id, id, id).map((row) => userText(row.user))
  }

  find(
    user: string,
    text: string,
    limit: number,
  ): { users: readonly User[]; groups: readonly Group[] } {
    const person = this.#users.need(user)
    const beginning = nameKey(nameOf(text))
    const end = beginning + LAST_CHARACTER
    const users = beginning === '' ? [] : this.#db.findUsers.all(beginning, end, limit)
    const groups =
      beginning === ''
        ? this.#db.largestGroups.all(limit)
        : this.#db.findGroups.all(beginning, end, limit)
    return {
      users: users.map((row) => this.#users.get(row.id).user),
      groups: groups.map((row) => this.#groups.groupFor(this.#conversations.get(row.id), person)),
    }
  }
}

function statements(db: DatabaseSync) {
  type Id = { id: number }
  return {
    selectContacts: prepare<{ contact: number }>(
      db,
      'SELECT contact FROM contacts WHERE user = ? AND contact > ? ORDER BY contact LIMIT ?',
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
       WHERE m.user = ? AND c.kind = 1
       EXCEPT SELECT ?
       ORDER BY 1`,
    ),
    findUsers: prepare<Id>(
      db,
      'SELECT id FROM users WHERE name_key >= ? AND name_key < ? ORDER BY name_key LIMIT ?',
    ),
    findGroups: prepare<Id>(
      db,
      `SELECT id FROM conversations WHERE kind = 2 AND name_key >= ? AND name_key < ?
       ORDER BY members DESC, name_key LIMIT ?`,
    ),
    largestGroups: prepare<Id>(
      db,
      'SELECT id FROM conversations WHERE kind = 2 ORDER BY members DESC LIMIT ?',
    ),
  }
}
