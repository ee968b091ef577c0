import type { Reaction } from '../../../protocol/messages.ts'
import { byCount } from '../../../protocol/present.ts'
import { type Database, prepare } from '../statements.ts'

/** What was put to texts, by whom. Users and conversations are numbers here. */
export class Reactions {
  #db

  constructor(db: Database) {
    this.#db = statements(db)
  }

  has(conversation: number, seq: number, text: string, user: number): boolean {
    return this.#db.has.get(conversation, seq, text, user) !== undefined
  }

  put(conversation: number, seq: number, text: string, user: number): void {
    this.#db.put.run(conversation, seq, text, user)
  }

  take(conversation: number, seq: number, text: string, user: number): void {
    this.#db.take.run(conversation, seq, text, user)
  }

  clear(conversation: number, seq: number): void {
    this.#db.clear.run(conversation, seq)
  }

  /** All of a text, as the user `reader` sees them. */
  of(conversation: number, seq: number, reader: number): readonly Reaction[] {
    const rows = this.#db.of.all(reader, conversation, seq)
    return rows.map(({ text, count, mine }) => ({ text, count, mine: mine > 0 })).sort(byCount)
  }
}

function statements(db: Database) {
  return {
    has: prepare<{ user: number }>(
      db,
      'SELECT user FROM reactions WHERE conversation = ? AND seq = ? AND text = ? AND user = ?',
    ),
    put: prepare(db, 'INSERT INTO reactions (conversation, seq, text, user) VALUES (?, ?, ?, ?)'),
    take: prepare(
      db,
      'DELETE FROM reactions WHERE conversation = ? AND seq = ? AND text = ? AND user = ?',
    ),
    clear: prepare(db, 'DELETE FROM reactions WHERE conversation = ? AND seq = ?'),
    of: prepare<{ text: string; count: number; mine: number }>(
      db,
      `SELECT text, count(*) AS count, count(*) FILTER (WHERE user = ?) AS mine FROM reactions
       WHERE conversation = ? AND seq = ? GROUP BY text`,
    ),
  }
}
