import { ChatError } from '../../../protocol/errors.ts'
import { CONTACTS_MAX } from '../../../protocol/limits.ts'
import type { Group, User } from '../../../protocol/messages.ts'
import { nameKey, nameOf } from '../../../protocol/names.ts'
import { access, conversationKind } from '../../../protocol/records.ts'
import type { Groups } from '../groups/groups.ts'
import { userNumber, userText } from '../ids.ts'
import type { Conversations } from '../log/conversations.ts'
import { type Database, prepare } from '../statements.ts'
import type { Listed, StoredContact } from '../store.ts'
import type { Blocks } from './blocks.ts'
import type { Person, Users } from './users.ts'

/** Sorts behind every name that begins with what stands before it. */
const LAST_CHARACTER = '\u{10ffff}'

export type PeopleParts = Readonly<{
  users: Users
  conversations: Conversations
  groups: Groups
  blocks: Blocks
}>

/** Whom a user knows, whom they block, and whom they can find. */
export class People {
  #users: Users
  #conversations: Conversations
  #groups: Groups
  #blocks: Blocks
  #db

  constructor(db: Database, { users, conversations, groups, blocks }: PeopleParts) {
    this.#users = users
    this.#conversations = conversations
    this.#groups = groups
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
        ? this.#db.largestGroups.all(person.id, limit)
        : this.#db.findGroups.all(person.id, limit, beginning, end)
    return {
      users: users.map((row) => this.#users.get(row.id).user),
      groups: groups.map((row) => this.#groups.groupFor(this.#conversations.get(row.id), person)),
    }
  }

  #isListed(person: Person, contact: Person): boolean {
    return this.#db.selectContact.get(person.id, contact.id) !== undefined
  }

  #contact(person: Person, contact: Person): StoredContact {
    const removed = !this.#isListed(person, contact)
    return { user: contact.user, removed, blocked: this.#blocks.has(person, contact) }
  }
}

/** Groups that are looked at to find the largest with a name: bounds how long others wait. */
const LOOKED_AT_MAX = 1_000

const { direct, group } = conversationKind.values
const { public: anyone, invite } = access.values

/** One that has ended has no name. */
const PUBLIC = `FROM conversations WHERE kind = ${group} AND access = ${anyone} AND name_key IS NOT NULL`
/** The asker's own by invitation, the oldest first. */
const OWN = `SELECT c.id, c.name_key, c.members
  FROM memberships m CROSS JOIN conversations c ON c.id = m.conversation
  WHERE m.user = ?1 AND c.kind = ${group} AND c.access = ${invite} AND c.name_key IS NOT NULL`

function statements(db: Database) {
  type Id = { id: number }
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
    findUsers: prepare<Id>(
      db,
      `SELECT id FROM users WHERE name_key >= ? AND name_key < ? AND deleted = 0
       ORDER BY name_key LIMIT ?`,
    ),
    findGroups: prepare<Id>(
      db,
      `SELECT id FROM (
         SELECT * FROM (SELECT id, name_key, members ${PUBLIC} AND name_key >= ?3 AND name_key < ?4
           ORDER BY name_key LIMIT ${LOOKED_AT_MAX}) AS named
         UNION
         SELECT * FROM (SELECT id, name_key, members ${PUBLIC}
           ORDER BY members DESC LIMIT ${LOOKED_AT_MAX}) AS large WHERE name_key >= ?3 AND name_key < ?4
         UNION ALL
         SELECT * FROM (${OWN}) AS own WHERE name_key >= ?3 AND name_key < ?4
       ) AS found ORDER BY members DESC, name_key LIMIT ?2`,
    ),
    largestGroups: prepare<Id>(
      db,
      `SELECT id FROM (
         SELECT * FROM (SELECT id, name_key, members ${PUBLIC} ORDER BY members DESC LIMIT ?2) AS large
         UNION ALL
         ${OWN}
       ) AS found ORDER BY members DESC, name_key LIMIT ?2`,
    ),
  }
}
