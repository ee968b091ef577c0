import type { DatabaseSync } from 'node:sqlite'
import { ChatError } from '../../protocol/errors.ts'
import { PAGE_ENTRIES_MAX } from '../../protocol/limits.ts'
import type { Entry, EntryKind } from '../../protocol/messages.ts'
import { entryKind } from '../../protocol/records.ts'
import type { Conversation, Conversations } from './conversations.ts'
import type { Journal } from './journal.ts'
import { prepare } from './statements.ts'
import type { Page, PageQuery } from './store.ts'
import type { Users } from './users.ts'

type Row = {
  seq: number
  time: number
  sender: number
  kind: number
  n: number
  subject: number | null
  nonce: Uint8Array | null
  text: string | null
}

/**
 * Bytes of an encoded entry beside its texts, at most: lengths, numbers and tags of the proto3
 * wire format, with every number at its longest (8 bytes).
 */
const ENTRY_OVERHEAD_BYTES = 64
const NO_NONCE = Buffer.alloc(0)
const kinds = Object.keys(entryKind.values) as EntryKind[]

/** Reads of the log. */
export class Pages {
  #users: Users
  #conversations: Conversations
  #journal: Journal
  #db

  constructor(db: DatabaseSync, users: Users, conversations: Conversations, journal: Journal) {
    this.#journal = journal
    this.#db = statements(db)
    this.#users = users
    this.#conversations = conversations
  }

  page(query: PageQuery): Page {
    const conversation = this.#conversations.find(query.conversation)
    const user = this.#users.find(query.user)
    const membership = conversation && user && this.#conversations.membership(conversation, user.id)
    if (!conversation || !membership) throw new ChatError('unknownConversation')
    this.#journal.settle(conversation)
    const first = Math.max(conversation.first, membership.from)
    return { entries: this.#stretch(conversation, first, query), first, last: conversation.last }
  }

  read(text: string, after: number, limit: number): readonly Entry[] {
    const conversation = this.#conversations.find(text)
    if (conversation === undefined) return []
    this.#journal.settle(conversation)
    return this.#newer(conversation, after + 1, limit)
  }

  #stretch(conversation: Conversation, first: number, query: PageQuery): readonly Entry[] {
    const limit = query.limit > 0 ? Math.min(query.limit, PAGE_ENTRIES_MAX) : PAGE_ENTRIES_MAX
    const { before, after, around, maxBytes } = query
    if (after > 0) {
      return fitting(this.#newer(conversation, Math.max(first, after + 1), limit), maxBytes)
    }
    if (around > 0) {
      const older = this.#older(conversation, first, around, limit)
      const newer = this.#newer(conversation, Math.max(first, around + 1), limit)
      return outward(older, newer, limit, maxBytes)
    }
    const below = before > 0 ? before - 1 : conversation.last
    return fitting(this.#older(conversation, first, below, limit), maxBytes).reverse()
  }

  /** From seq `upTo` down, the newest first. */
  #older(conversation: Conversation, first: number, upTo: number, limit: number): Entry[] {
    return this.#db.older.all(conversation.id, first, upTo, limit).map((row) => this.#entry(row))
  }

  #newer(conversation: Conversation, from: number, limit: number): Entry[] {
    return this.#db.newer.all(conversation.id, from, limit).map((row) => this.#entry(row))
  }

  #entry(row: Row): Entry {
    const from = this.#users.get(row.sender).user
    return {
      seq: row.seq,
      time: row.time,
      from: from.id,
      name: from.name,
      kind: kinds[row.kind] ?? 'unknown',
      text: row.text ?? '',
      nonce: (row.nonce ?? NO_NONCE) as Buffer,
      n: row.n,
      subject: row.subject === null ? undefined : this.#users.get(row.subject).user,
    }
  }
}

/** The first of them that fit, at least one. */
function fitting(entries: readonly Entry[], maxBytes: number): Entry[] {
  let room = maxBytes
  const end = entries.findIndex((entry, at) => {
    room -= bytesOf(entry)
    return at > 0 && room < 0
  })
  return end === -1 ? [...entries] : entries.slice(0, end)
}

/** The nearest of both sides, in the order of seq. `older` begins with the middle. */
function outward(
  older: readonly Entry[],
  newer: readonly Entry[],
  limit: number,
  maxBytes: number,
): Entry[] {
  const byDistance: Entry[] = []
  for (let at = 0; at < Math.max(older.length, newer.length); at += 1) {
    for (const entry of [older[at], newer[at]]) if (entry !== undefined) byDistance.push(entry)
  }
  return fitting(byDistance.slice(0, limit), maxBytes).sort((a, b) => a.seq - b.seq)
}

function bytesOf(entry: Entry): number {
  const { from, name, text, nonce, subject } = entry
  let bytes = ENTRY_OVERHEAD_BYTES + nonce.length
  bytes += Buffer.byteLength(from) + Buffer.byteLength(name) + Buffer.byteLength(text)
  if (subject !== undefined)
    bytes += Buffer.byteLength(subject.id) + Buffer.byteLength(subject.name)
  return bytes
}

function statements(db: DatabaseSync) {
  const columns = 'seq, time, sender, kind, n, subject, nonce, text'
  return {
    older: prepare<Row>(
      db,
      `SELECT ${columns} FROM entries WHERE conversation = ? AND seq BETWEEN ? AND ?
       ORDER BY seq DESC LIMIT ?`,
    ),
    newer: prepare<Row>(
      db,
      `SELECT ${columns} FROM entries WHERE conversation = ? AND seq >= ? ORDER BY seq LIMIT ?`,
    ),
  }
}
