import { ChatError } from '../../../protocol/errors.ts'
import { PAGE_ENTRIES_MAX } from '../../../protocol/limits.ts'
import type { Entry } from '../../../protocol/messages.ts'
import { withheld } from '../../../protocol/present.ts'
import type { Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { Page, PageQuery } from '../store.ts'
import { type Conversation, type Conversations, firstToRead } from './conversations.ts'
import {
  ENTRY_COLUMNS,
  type EntryRow,
  fieldsOf,
  kindOf,
  MORE_COLUMNS,
  moreOf,
} from './entry-row.ts'
import { entryOf } from './journal.ts'
import type { Reactions } from './reactions.ts'

/**
 * Bytes of an encoded entry beside its texts, at most: lengths, numbers and tags of the proto3
 * wire format, with every number at its longest (8 bytes).
 */
const ENTRY_OVERHEAD_BYTES = 64
/** The same of what a reaction has beside its text, and of the length of one more text. */
const REACTION_OVERHEAD_BYTES = 16
const TEXT_OVERHEAD_BYTES = 2
/** The same of what only texts have that were changed or that answer one. */
const MORE_OVERHEAD_BYTES = 24
/** So many are read together: one by one they take half as long again. */
const ROWS_AT_ONCE = 64
const NO_NONCE = Buffer.alloc(0)
/** No user has this number. */
const NOBODY = 0

export type ReadPage = Omit<Page, 'entries'> & Readonly<{ entries: readonly Entry[] }>

/** What became of a text: null in all others. */
type PresentRow = EntryRow & { changed: number | null; edited: number | null }

/** Reads of the log. */
export class Pages {
  #users: Users
  #conversations: Conversations
  #reactions: Reactions
  #db

  constructor(db: Database, users: Users, conversations: Conversations, reactions: Reactions) {
    this.#db = statements(db)
    this.#users = users
    this.#conversations = conversations
    this.#reactions = reactions
  }

  page(query: PageQuery): ReadPage {
    const conversation = this.#conversations.find(query.conversation)
    const user = this.#users.find(query.user)
    const membership = conversation && user && this.#conversations.membership(conversation, user.id)
    if (!conversation || !membership) throw new ChatError('unknownConversation')
    const first = Math.max(conversation.first, membership.from)
    const entries = this.#stretch(conversation, first, user.id, query)
    const { from } = membership
    const readable = from > 1 ? entries.map((entry) => readableFrom(from, entry)) : entries
    return { entries: readable, first, last: conversation.last }
  }

  /** Those of the users who may not read what is at `seq`: they came later, or are no members. */
  latecomers(text: string, seq: number, users: readonly string[]): readonly string[] {
    const conversation = this.#conversations.find(text)
    if (conversation === undefined) return users
    return users.filter((id) => {
      const person = this.#users.find(id)
      const membership = person && this.#conversations.membership(conversation, person.id)
      return !membership || membership.from > seq
    })
  }

  read(text: string, after: number, limit: number): readonly Entry[] {
    const conversation = this.#conversations.find(text)
    if (conversation === undefined) return []
    const from = Math.max(after + 1, firstToRead(conversation))
    return [...this.#newer(conversation, from, limit, NOBODY)]
  }

  #stretch(
    conversation: Conversation,
    first: number,
    reader: number,
    query: PageQuery,
  ): readonly Entry[] {
    const limit = query.limit > 0 ? Math.min(query.limit, PAGE_ENTRIES_MAX) : PAGE_ENTRIES_MAX
    const { before, after, around, maxBytes } = query
    const older = (upTo: number) =>
      fitting(this.#older(conversation, first, upTo, limit, reader), maxBytes)
    const newer = (from: number) =>
      fitting(this.#newer(conversation, Math.max(first, from), limit, reader), maxBytes)
    if (after > 0) return newer(after + 1)
    if (around > 0) {
      const nearest = outward(older(around), newer(around + 1)).slice(0, limit)
      return fitting(nearest, maxBytes).sort((a, b) => a.seq - b.seq)
    }
    return older(before > 0 ? before - 1 : conversation.last).reverse()
  }

  /** From seq `upTo` down, the newest first. */
  *#older(conversation: Conversation, first: number, upTo: number, limit: number, reader: number) {
    const { id, last, staged } = conversation
    const oldest = staged[0]?.seq ?? Number.POSITIVE_INFINITY
    const newest = Math.min(upTo, last)
    let left = limit
    for (let seq = newest; left > 0 && seq >= Math.max(oldest, first); seq -= 1) {
      const row = staged[seq - oldest]
      if (row !== undefined) yield entryOf(row)
      left -= 1
    }
    for (let next = newest; left > 0; ) {
      const rows = this.#db.older.all(id, first, next, Math.min(left, ROWS_AT_ONCE))
      for (const row of rows) yield this.#entry(row, reader)
      if (rows.length < ROWS_AT_ONCE) return
      left -= rows.length
      next = (rows.at(-1)?.seq ?? 0) - 1
    }
  }

  /** From seq `from` up. */
  *#newer(conversation: Conversation, from: number, limit: number, reader: number) {
    const { id, staged } = conversation
    const oldest = staged[0]?.seq ?? Number.POSITIVE_INFINITY
    let left = limit
    for (let next = from; next < oldest && left > 0; ) {
      const rows = this.#db.newer.all(id, next, Math.min(left, ROWS_AT_ONCE))
      for (const row of rows) yield this.#entry(row, reader)
      left -= rows.length
      if (rows.length < ROWS_AT_ONCE) break
      next = (rows.at(-1)?.seq ?? 0) + 1
    }
    const start = Math.max(0, from - oldest)
    for (const row of staged.slice(start, start + left)) yield entryOf(row)
  }

  /** Raw for {@link NOBODY}; else as the user with that number sees it now. */
  #entry(row: PresentRow, reader: number): Entry {
    const from = this.#users.get(row.sender).user
    const entry = {
      seq: row.seq,
      time: row.time,
      from: from.id,
      name: from.name,
      kind: kindOf(row),
      text: row.text ?? '',
      nonce: (row.nonce ?? NO_NONCE) as Buffer,
      n: row.n,
      subject: row.subject === null ? undefined : this.#users.get(row.subject).user,
      ...fieldsOf(moreOf(row)),
    }
    if (row.changed === null || reader === NOBODY) return entry
    const reactions = this.#reactions.of(row.conversation, row.seq, reader)
    return { ...entry, changed: row.changed, edited: row.edited === 1, reactions }
  }
}

function readableFrom(from: number, entry: Entry): Entry {
  return entry.kind === 'edited' && entry.target < from ? withheld(entry) : entry
}

/** The first of them that fit, at least one. */
function fitting(entries: Iterable<Entry>, maxBytes: number): Entry[] {
  const fit: Entry[] = []
  let room = maxBytes
  for (const entry of entries) {
    room -= entryBytes(entry)
    if (room < 0 && fit.length > 0) break
    fit.push(entry)
  }
  return fit
}

/** By distance: in turn one of each side, as long as both have some. */
function outward(older: readonly Entry[], newer: readonly Entry[]): Entry[] {
  const byDistance: Entry[] = []
  for (let at = 0; at < Math.max(older.length, newer.length); at += 1) {
    for (const entry of [older[at], newer[at]]) if (entry !== undefined) byDistance.push(entry)
  }
  return byDistance
}

/** Bytes that it takes in an answer, at most. */
export function entryBytes(entry: Entry): number {
  const { from, name, text, nonce, subject } = entry
  const bytes =
    ENTRY_OVERHEAD_BYTES +
    nonce.length +
    Buffer.byteLength(from) +
    Buffer.byteLength(name) +
    Buffer.byteLength(text)
  if (subject === undefined) return bytes + moreBytesOf(entry)
  return (
    bytes + moreBytesOf(entry) + Buffer.byteLength(subject.id) + Buffer.byteLength(subject.name)
  )
}

function moreBytesOf({ target, role, mentions, changed, reactions }: Entry): number {
  if (target === 0 && changed === 0 && role === 'none' && mentions.length === 0) return 0
  let bytes = MORE_OVERHEAD_BYTES
  for (const id of mentions) bytes += TEXT_OVERHEAD_BYTES + Buffer.byteLength(id)
  for (const { text } of reactions) bytes += REACTION_OVERHEAD_BYTES + Buffer.byteLength(text)
  return bytes
}

function statements(db: Database) {
  const columns = `${ENTRY_COLUMNS}, ${MORE_COLUMNS}, changed, edited`
  return {
    older: prepare<PresentRow>(
      db,
      `SELECT ${columns} FROM entries WHERE conversation = ? AND seq BETWEEN ? AND ?
       ORDER BY seq DESC LIMIT ?`,
    ),
    newer: prepare<PresentRow>(
      db,
      `SELECT ${columns} FROM entries WHERE conversation = ? AND seq >= ? ORDER BY seq LIMIT ?`,
    ),
  }
}
