import type { DatabaseSync } from 'node:sqlite'
import { ChatError } from '../../protocol/errors.ts'
import { PAGE_ENTRIES_MAX } from '../../protocol/limits.ts'
import type { Entry } from '../../protocol/messages.ts'
import type { Conversation, Conversations } from './conversations.ts'
import {
  ENTRY_COLUMNS,
  type EntryRow,
  fieldsOf,
  kindOf,
  MORE_COLUMNS,
  moreOf,
} from './entry-row.ts'
import { entryOf } from './journal.ts'
import { prepare } from './statements.ts'
import type { Page, PageQuery } from './store.ts'
import type { Users } from './users.ts'

/**
 * Bytes of an encoded entry beside its texts, at most: lengths, numbers and tags of the proto3
 * wire format, with every number at its longest (8 bytes).
 */
const ENTRY_OVERHEAD_BYTES = 64
const NO_NONCE = Buffer.alloc(0)

/** Reads of the log. */
export class Pages {
  #users: Users
  #conversations: Conversations
  #db

  constructor(db: DatabaseSync, users: Users, conversations: Conversations) {
    this.#db = statements(db)
    this.#users = users
    this.#conversations = conversations
  }

  page(query: PageQuery): Page {
    const conversation = this.#conversations.find(query.conversation)
    const user = this.#users.find(query.user)
    const membership = conversation && user && this.#conversations.membership(conversation, user.id)
    if (!conversation || !membership) throw new ChatError('unknownConversation')
    const first = Math.max(conversation.first, membership.from)
    return { entries: this.#stretch(conversation, first, query), first, last: conversation.last }
  }

  read(text: string, after: number, limit: number): readonly Entry[] {
    const conversation = this.#conversations.find(text)
    if (conversation === undefined) return []
    return [...this.#newer(conversation, after + 1, limit)]
  }

  #stretch(conversation: Conversation, first: number, query: PageQuery): readonly Entry[] {
    const limit = query.limit > 0 ? Math.min(query.limit, PAGE_ENTRIES_MAX) : PAGE_ENTRIES_MAX
    const { before, after, around, maxBytes } = query
    const older = (upTo: number) => fitting(this.#older(conversation, first, upTo, limit), maxBytes)
    const newer = (from: number) =>
      fitting(this.#newer(conversation, Math.max(first, from), limit), maxBytes)
    if (after > 0) return newer(after + 1)
    if (around > 0) {
      const nearest = outward(older(around), newer(around + 1)).slice(0, limit)
      return fitting(nearest, maxBytes).sort((a, b) => a.seq - b.seq)
    }
    return older(before > 0 ? before - 1 : conversation.last).reverse()
  }

  /** From seq `upTo` down, the newest first. */
  *#older(conversation: Conversation, first: number, upTo: number, limit: number) {
    const { id, last, staged } = conversation
    const oldest = staged[0]?.seq ?? Number.POSITIVE_INFINITY
    const newest = Math.min(upTo, last)
    let left = limit
    for (let seq = newest; left > 0 && seq >= Math.max(oldest, first); seq -= 1) {
      const row = staged[seq - oldest]
      if (row !== undefined) yield entryOf(row)
      left -= 1
    }
    for (const row of this.#db.older.iterate(id, first, newest, left)) yield this.#entry(row)
  }

  /** From seq `from` up. */
  *#newer(conversation: Conversation, from: number, limit: number) {
    const { id, staged } = conversation
    const oldest = staged[0]?.seq ?? Number.POSITIVE_INFINITY
    let left = limit
    if (from < oldest) {
      for (const row of this.#db.newer.iterate(id, from, limit)) {
        left -= 1
        yield this.#entry(row)
      }
    }
    const start = Math.max(0, from - oldest)
    for (const row of staged.slice(start, start + left)) yield entryOf(row)
  }

  #entry(row: EntryRow): Entry {
    const from = this.#users.get(row.sender).user
    return {
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
  }
}

/** The first of them that fit, at least one. */
function fitting(entries: Iterable<Entry>, maxBytes: number): Entry[] {
  const fit: Entry[] = []
  let room = maxBytes
  for (const entry of entries) {
    room -= bytesOf(entry)
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

function bytesOf(entry: Entry): number {
  const { from, name, text, nonce, subject } = entry
  const bytes =
    ENTRY_OVERHEAD_BYTES +
    nonce.length +
    Buffer.byteLength(from) +
    Buffer.byteLength(name) +
    Buffer.byteLength(text)
  if (subject === undefined) return bytes
  return bytes + Buffer.byteLength(subject.id) + Buffer.byteLength(subject.name)
}

function statements(db: DatabaseSync) {
  return {
    older: prepare<EntryRow>(
      db,
      `SELECT ${ENTRY_COLUMNS}, ${MORE_COLUMNS} FROM entries WHERE conversation = ? AND seq BETWEEN ? AND ?
       ORDER BY seq DESC LIMIT ?`,
    ),
    newer: prepare<EntryRow>(
      db,
      `SELECT ${ENTRY_COLUMNS}, ${MORE_COLUMNS} FROM entries WHERE conversation = ? AND seq >= ? ORDER BY seq LIMIT ?`,
    ),
  }
}
