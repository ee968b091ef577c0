import type { Conversation, Conversations } from '../log/conversations.ts'
import { type Database, prepare } from '../statements.ts'

/** Entries, or nonces, that one step removes: others wait for it. */
const ROWS = 512

/** What is left of the logs of groups that have ended: nobody can read it, and it goes in small steps. */
export class Remains {
  /** There may be some. */
  some = true
  #conversations: Conversations
  #db

  constructor(db: Database, conversations: Conversations) {
    this.#conversations = conversations
    this.#db = statements(db)
  }

  /** The group has ended: all of its log but the last entry is to go. */
  add(group: Conversation): void {
    this.#db.insert.run(group.id)
    this.some = true
  }

  /** True when there is more to do. */
  step(): boolean {
    const next = this.#db.next.get()
    this.some = next !== undefined
    if (next === undefined) return false
    const group = this.#conversations.get(next.id)
    if (this.#shorten(group)) return true
    if (Number(this.#db.deleteNonces.run(group.id, group.last).changes) < ROWS) {
      this.#db.done.run(group.id)
    }
    return true
  }

  #shorten(group: Conversation): boolean {
    const end = Math.min(group.last, group.first + ROWS)
    if (end <= group.first) return false
    for (const statement of this.#db.deleteBelow) statement.run(group.id, end)
    this.#conversations.beginAt(group, end)
    return true
  }
}

function statements(db: Database) {
  return {
    insert: prepare(db, 'INSERT INTO ended (conversation) VALUES (?)'),
    next: prepare<{ id: number }>(db, 'SELECT conversation AS id FROM ended LIMIT 1'),
    done: prepare(db, 'DELETE FROM ended WHERE conversation = ?'),
    deleteBelow: ['entries', 'mentions', 'reactions'].map((table) =>
      prepare(db, `DELETE FROM ${table} WHERE conversation = ? AND seq < ?`),
    ),
    deleteNonces: prepare(
      db,
      `DELETE FROM nonces WHERE conversation = ?1 AND (sender, nonce) IN
         (SELECT sender, nonce FROM nonces WHERE conversation = ?1 AND seq < ?2 LIMIT ${ROWS})`,
    ),
  }
}
