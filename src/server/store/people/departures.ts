import type { Groups } from '../groups/groups.ts'
import { type Database, prepare } from '../statements.ts'
import type { Users } from './users.ts'

/** What an account leaves behind when it is deleted: what was said, and a name nobody else gets. */
export class Departures {
  #users: Users
  #groups: Groups
  #db

  constructor(db: Database, users: Users, groups: Groups) {
    this.#users = users
    this.#groups = groups
    this.#db = statements(db)
  }

  /** Out of all groups and off all lists; answers the hashes of the tokens of its sessions. */
  depart(user: string, time: number): readonly Uint8Array[] {
    const person = this.#users.need(user)
    for (const { group } of this.#groups.groupsOf(user)) this.#groups.quit(user, group, time)
    const sessions = this.#db.sessions.all(person.id)
    for (const statement of this.#db.erase) statement.run(person.id)
    this.#users.changed(person)
    return sessions.map(({ hash }) => hash)
  }
}

/** Each takes the number of the user. No password fits an empty hash. */
const ERASE = [
  'DELETE FROM sessions WHERE user = ?1',
  'DELETE FROM contacts WHERE user = ?1 OR contact = ?1',
  'DELETE FROM blocks WHERE user = ?1 OR blocked = ?1',
  'DELETE FROM bans WHERE user = ?1',
  'DELETE FROM mentions WHERE user = ?1',
  'DELETE FROM preferences WHERE user = ?1',
  'DELETE FROM invite_uses WHERE code IN (SELECT code FROM invites WHERE maker = ?1)',
  'DELETE FROM invites WHERE maker = ?1',
  `UPDATE users SET password_hash = '', operator = 0, hide_receipts = 0, status = 0, deleted = 1
   WHERE id = ?1`,
]

function statements(db: Database) {
  return {
    sessions: prepare<{ hash: Uint8Array }>(
      db,
      'SELECT token_hash AS hash FROM sessions WHERE user = ?',
    ),
    erase: ERASE.map((sql) => prepare(db, sql)),
  }
}
