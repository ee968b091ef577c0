import type { User } from '../../../protocol/messages.ts'
import { userNumber } from '../ids.ts'
import type { Conversation } from '../log/conversations.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { Listed } from '../store.ts'

/** Who cannot come back into which group. */
export class Bans {
  #users: Users
  #db

  constructor(db: Database, users: Users) {
    this.#users = users
    this.#db = statements(db)
  }

  has(group: Conversation, person: Person): boolean {
    return this.#db.select.get(group.id, person.id) !== undefined
  }

  add(group: Conversation, person: Person): void {
    this.#db.insert.run(group.id, person.id)
  }

  /** Idempotent. */
  delete(group: Conversation, person: Person): void {
    this.#db.delete.run(group.id, person.id)
  }

  /** The group has ended. */
  deleteOf(group: Conversation): void {
    this.#db.deleteOf.run(group.id)
  }

  list(group: Conversation, after: string, limit: number): Listed<User> {
    const rows = this.#db.list.all(group.id, userNumber(after) ?? 0, limit + 1)
    const items = rows.slice(0, limit).map((row) => this.#users.get(row.user).user)
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? '') : '' }
  }
}

function statements(db: Database) {
  type Row = { user: number }
  return {
    select: prepare<Row>(db, 'SELECT user FROM bans WHERE conversation = ? AND user = ?'),
    insert: prepare(db, 'INSERT INTO bans (conversation, user) VALUES (?, ?)'),
    delete: prepare(db, 'DELETE FROM bans WHERE conversation = ? AND user = ?'),
    deleteOf: prepare(db, 'DELETE FROM bans WHERE conversation = ?'),
    list: prepare<Row>(
      db,
      'SELECT user FROM bans WHERE conversation = ? AND user > ? ORDER BY user LIMIT ?',
    ),
  }
}
