import type { Conversation, Conversations } from '../log/conversations.ts'
import type { Journal } from '../log/journal.ts'
import { type Database, prepare } from '../statements.ts'
import type { Retained, RetainQuery } from '../store.ts'

/** Entries that one call removes, and conversations that it looks at: others wait for it. */
const ENTRIES = 512
const CONVERSATIONS = 256
/** Free pages of 4 KiB that one call gives back to the file system. */
const PAGES = 128
/** Fewer free pages are left to be used again. */
const FREE_PAGES_MIN = 64
/** Instead of a conversation's number: all were looked at, and space is to be given back. */
const SPACE = 'space'

/**
 * Removes the oldest entries of logs, with what hangs on them, and gives the space back. The last
 * entry of a log always stays: where the log stands is read from it. Nonces stay, too (rule 3).
 */
export class Retention {
  #sql: Database
  #db
  #conversations: Conversations
  #journal: Journal

  constructor(sql: Database, conversations: Conversations, journal: Journal) {
    this.#sql = sql
    this.#db = statements(sql)
    this.#conversations = conversations
    this.#journal = journal
  }

  retain({ before, after }: RetainQuery): Retained {
    if (after === SPACE) return this.#giveBack()
    const looked = this.#db.oldest.all(Number(after), CONVERSATIONS)
    const shortened: string[] = []
    let entries = 0
    for (const { id, time } of looked) {
      if (time !== null && time >= before) continue
      const conversation = this.#conversations.get(id)
      const removed = this.#shorten(conversation, before, ENTRIES - entries)
      if (removed > 0) shortened.push(conversation.text)
      entries += removed
      // It may have more, so it is looked at again.
      if (entries >= ENTRIES) return this.#step(before, entries, shortened, id - 1)
    }
    const last = looked.at(-1)?.id
    return this.#step(before, entries, shortened, looked.length < CONVERSATIONS ? undefined : last)
  }

  #step(
    before: number,
    entries: number,
    shortened: readonly string[],
    last: number | undefined,
  ): Retained {
    // Rows stay in the journal for a while after they were settled.
    if (entries > 0) this.#db.deleteJournal.run(before)
    return { entries, shortened, next: last === undefined ? SPACE : `${last}` }
  }

  /** Answers how many entries it removed. */
  #shorten(conversation: Conversation, before: number, atMost: number): number {
    const staged = conversation.staged[0]
    if (staged !== undefined && staged.time < before) this.#journal.settle(conversation)
    const { id, first, last } = conversation
    const named = new Set<string>()
    let end = first
    for (const row of this.#db.older.iterate(id, first, last - 1, atMost)) {
      if (row.time >= before) break
      for (const user of row.mentions?.split(' ') ?? []) named.add(user)
      end = row.seq + 1
    }
    if (end === first) return 0
    for (const user of named) this.#db.deleteMentions.run(Number(user), id, end)
    this.#db.deleteReactions.run(id, end)
    this.#db.deleteEntries.run(id, end)
    this.#conversations.beginAt(conversation, end)
    return end - first
  }

  #giveBack(): Retained {
    this.#sql.exec(`PRAGMA incremental_vacuum(${PAGES})`)
    const free = this.#db.free.get()?.freelist_count ?? 0
    return { entries: 0, shortened: [], next: free > FREE_PAGES_MIN ? SPACE : '' }
  }
}

function statements(db: Database) {
  return {
    // The time is null where all of a log is in the journal yet.
    oldest: prepare<{ id: number; time: number | null }>(
      db,
      `SELECT c.id, e.time FROM conversations c
       LEFT JOIN entries e ON e.conversation = c.id AND e.seq = c.first_seq
       WHERE c.id > ? ORDER BY c.id LIMIT ?`,
    ),
    older: prepare<{ seq: number; time: number; mentions: string | null }>(
      db,
      `SELECT seq, time, mentions FROM entries WHERE conversation = ? AND seq BETWEEN ? AND ?
       ORDER BY seq LIMIT ?`,
    ),
    deleteEntries: prepare(db, 'DELETE FROM entries WHERE conversation = ? AND seq < ?'),
    deleteReactions: prepare(db, 'DELETE FROM reactions WHERE conversation = ? AND seq < ?'),
    deleteMentions: prepare(
      db,
      'DELETE FROM mentions WHERE user = ? AND conversation = ? AND seq < ?',
    ),
    deleteJournal: prepare(
      db,
      `DELETE FROM journal WHERE time < ? AND seq <
         (SELECT first_seq FROM conversations WHERE id = journal.conversation)`,
    ),
    free: prepare<{ freelist_count: number }>(db, 'PRAGMA freelist_count'),
  }
}
