import type { Exits } from '../groups/exits.ts'
import type { Conversation, Conversations } from '../log/conversations.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'

/** Groups that an operator closes. */
export class Closing {
  #users: Users
  #conversations: Conversations
  #exits: Exits
  #db

  constructor(db: Database, users: Users, conversations: Conversations, exits: Exits) {
    this.#users = users
    this.#conversations = conversations
    this.#exits = exits
    this.#db = statements(db)
  }

  /** `by` undefined: who owns the data folder. @throws ChatError unknownGroup, unknownUser */
  endGroup(by: string | undefined, target: string, time: number): { name: string } {
    const group = this.#conversations.group(target)
    const { name } = group
    const person = by === undefined ? this.#foremost(group) : this.#users.need(by)
    this.#exits.end(group, person, time)
    return { name }
  }

  /** Every entry is somebody's: who owns the data folder acts for who leads the group. */
  #foremost({ id }: Conversation): Person {
    const row = this.#db.foremost.get(id) ?? this.#db.lastSender.get(id)
    if (row === undefined) throw new Error(`group ${id} has no member and no entry`)
    return this.#users.get(row.user)
  }
}

function statements(db: Database) {
  return {
    foremost: prepare<{ user: number }>(
      db,
      'SELECT user FROM memberships WHERE conversation = ? ORDER BY role DESC, joined LIMIT 1',
    ),
    lastSender: prepare<{ user: number }>(
      db,
      `SELECT sender AS user FROM
         (SELECT sender, seq FROM entries WHERE conversation = ?1
          UNION ALL SELECT sender, seq FROM journal WHERE conversation = ?1) AS said
       ORDER BY seq DESC LIMIT 1`,
    ),
  }
}
