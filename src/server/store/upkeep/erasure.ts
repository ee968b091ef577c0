import { entryKind } from '../../../protocol/records.ts'
import type { Changes } from '../log/changes.ts'
import { type Conversation, type Conversations, hasEnded } from '../log/conversations.ts'
import type { Journal } from '../log/journal.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { Erased, EraseQuery } from '../store.ts'
import { bookmarkIn, bookmarkText, conversationsFrom } from './bookmark.ts'

/** Entries that one call looks at: bounds how long others wait for it. */
const LOOKED_AT_MAX = 5_000

export type ErasureParts = Readonly<{
  users: Users
  conversations: Conversations
  journal: Journal
  changes: Changes
}>

type Row = {
  seq: number
  kind: number
  target: number | null
  mentions: string | null
  changed: number | null
}

/** What somebody has said is blanked, wherever it was, in steps. */
export class Erasure {
  #parts: ErasureParts
  #db

  constructor(db: Database, parts: ErasureParts) {
    this.#parts = parts
    this.#db = statements(db)
  }

  eraseTexts({ user, time, after, limit }: EraseQuery): Erased {
    const { users } = this.#parts
    const person = users.anybody(user) ?? users.need(user)
    let [id, seq] = bookmarkIn(after)
    let blanked = 0
    let lookedAt = 0
    let conversation = this.#from(id)
    while (conversation !== undefined) {
      if (conversation.id !== id) [id, seq] = [conversation.id, 0]
      const until = seq + LOOKED_AT_MAX
      const rows = this.#said(conversation, person, seq, until, limit - blanked)
      for (const row of rows) this.#blank(conversation, person, row, time)
      blanked += rows.length
      lookedAt += 1 + Math.min(LOOKED_AT_MAX, Math.max(0, conversation.last - seq))
      seq = blanked < limit ? until : (rows.at(-1)?.seq ?? until)
      if (blanked >= limit || lookedAt >= LOOKED_AT_MAX) {
        return { user: person.user, texts: blanked, next: bookmarkText(id, seq) }
      }
      if (seq >= conversation.last) conversation = this.#from(id + 1)
    }
    return { user: person.user, texts: blanked, next: '' }
  }

  #from(id: number): Conversation | undefined {
    const row = this.#db.next.get(id)
    return row === undefined ? undefined : this.#parts.conversations.get(row.id)
  }

  /** Rows in the journal cannot be changed: first they go to their places. */
  #said(
    conversation: Conversation,
    person: Person,
    after: number,
    until: number,
    limit: number,
  ): readonly Row[] {
    // That of a group that has ended goes anyway.
    if (hasEnded(conversation)) return []
    if (conversation.staged.some((row) => row.from.id === person.id)) {
      this.#parts.journal.settle(conversation)
    }
    return this.#db.said.all(conversation.id, after, until, person.id, limit)
  }

  #blank(conversation: Conversation, person: Person, row: Row, time: number): void {
    const { seq, kind, mentions, changed } = row
    if (kind === entryKind.values.text) {
      const text = { seq, mentions: mentions ?? '', changed: changed ?? 0 }
      this.#parts.changes.blank(conversation, person, text, time)
    } else {
      this.#db.takeReactions.run(conversation.id, row.target, person.id)
      this.#db.blankReaction.run(conversation.id, seq)
      this.#parts.journal.blank(conversation, seq)
    }
  }
}

function statements(db: Database) {
  const { text, reacted, unreacted } = entryKind.values
  return {
    next: conversationsFrom(db),
    said: prepare<Row>(
      db,
      `SELECT seq, kind, target, mentions, changed FROM entries
       WHERE conversation = ? AND seq > ? AND seq <= ? AND sender = ?
         AND kind IN (${text}, ${reacted}, ${unreacted}) AND text <> ''
       ORDER BY seq LIMIT ?`,
    ),
    takeReactions: prepare(
      db,
      'DELETE FROM reactions WHERE conversation = ? AND seq = ? AND user = ?',
    ),
    blankReaction: prepare(db, "UPDATE entries SET text = '' WHERE conversation = ? AND seq = ?"),
  }
}
