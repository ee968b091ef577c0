import type { DatabaseSync } from 'node:sqlite'
import type { Groups } from './groups.ts'
import { prepare } from './statements.ts'
import type { Users } from './users.ts'

/** Accounts that are deleted. */
export class Departures {
  #users: Users
  #groups: Groups
  #db

  constructor(db: DatabaseSync, users: Users, groups: Groups) {
    this.#users = users
    this.#groups = groups
    this.#db = statements(db)
  }

  /** Out of all groups and off all lists; what was said stays, the name stays taken. */
  depart(user: string, time: number): readonly Uint8Array[] {
    const person = this.#users.need(user)
    const sessions = this.#db.sessions.all(person.id)
    for (const { group } of this.#groups.groupsOf(user)) this.#groups.quit(user, group, time)
    for (const statement of this.#db.erase) statement.run(person.id)
    this.#db.erasePlaces.run(person.id, person.id)
    this.#db.eraseBlocks.run(person.id, person.id)
    this.#users.went(person)
    return sessions.map(({ hash }) => hash)
  }
}

function statements(db: DatabaseSync) {
  return {
    sessions: prepare<{ hash: Uint8Array }>(
      db,
      'SELECT token_hash AS hash FROM sessions WHERE user = ?',
    ),
    erase: [
      prepare(db, 'DELETE FROM sessions WHERE user = ?'),
      prepare(
        db,
        'DELETE FROM invite_uses WHERE code IN (SELECT code FROM invites WHERE maker = ?)',
      ),
      prepare(db, 'DELETE FROM invites WHERE maker = ?'),
      prepare(db, "UPDATE users SET deleted = 1, operator = 0, password_hash = '' WHERE id = ?"),
    ],
    erasePlaces: prepare(db, 'DELETE FROM contacts WHERE user = ? OR contact = ?'),
    eraseBlocks: prepare(db, 'DELETE FROM blocks WHERE user = ? OR blocked = ?'),
  }
}
