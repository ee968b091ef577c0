import type { DatabaseSync } from 'node:sqlite'
import type { Entry, EntryKind } from '../../protocol/messages.ts'
import { entryKind } from '../../protocol/records.ts'
import type { Conversation, Conversations } from './conversations.ts'
import {
  ENTRY_COLUMNS,
  type EntryRow,
  fieldsOf,
  kindOf,
  MORE_COLUMNS,
  type More,
  moreOf,
  valuesOfMore,
} from './entry-row.ts'
import { digestOfSent } from './nonce.ts'
import { prepare, type Value } from './statements.ts'
import type { Person, Users } from './users.ts'

/**
 * What was appended lately. A row that goes straight to its place costs two pages of 4 KiB on disk
 * (entries, nonces), so each transaction writes its rows behind one another in one table, and they
 * are settled in their places when many of a conversation, or the oldest, can go together. Until
 * then they are in memory too, and reads of the log end with them.
 */

/** As many rows of one conversation are worth settling. */
const RUN_ROWS = 256
/** Rows settled in a transaction, for each that it appends: bounds how long it takes. */
const SETTLED_PER_ROW = 2
/** Rows between the oldest that is not settled and the newest: bounds memory and recovery. */
const SPAN_ROWS_MAX = 32_768
/** The same in bytes of text (UTF-16, roughly). */
const SPAN_BYTES_MAX = 16_777_216
/** Settled rows are removed so many at a time. */
const TRIM_ROWS = 4_096

export type Staged = {
  /** Place in the journal. */
  readonly id: number
  readonly conversation: Conversation
  readonly seq: number
  readonly time: number
  readonly from: Person
  readonly kind: EntryKind
  readonly n: number
  readonly subject: Person | undefined
  /** In Latin-1, a character for each byte: such a key is quicker than a Buffer. Empty: none. */
  readonly nonce: string
  readonly text: string
  readonly more: More | undefined
  settled: boolean
}

type Row = EntryRow & { id: number }

/** `time` is missing when the entry is no longer kept. */
export type First = Readonly<{ seq: number; digest: number; time: number | undefined }>

const NO_NONCE = Buffer.alloc(0)

export class Journal {
  #db
  #users: Users
  #conversations: Conversations
  #fresh: Staged[] = []
  /** Conversations with staged rows, the one with the oldest first. */
  #unsettled = new Set<Conversation>()
  /** Those of them with a long run. */
  #ripe = new Set<Conversation>()
  #bytes = 0
  #nextId = 1
  #trimmedTo = 1

  constructor(db: DatabaseSync, users: Users, conversations: Conversations) {
    this.#db = statements(db)
    this.#users = users
    this.#conversations = conversations
    this.recover()
  }

  /** Appended in this transaction, in order. */
  get fresh(): readonly Staged[] {
    return this.#fresh
  }

  add(row: Omit<Staged, 'id' | 'settled'>): void {
    const staged = { ...row, id: this.#nextId, settled: false }
    this.#nextId += 1
    this.#fresh.push(staged)
    this.#stage(staged)
  }

  /** What the nonce was used for first. */
  first(conversation: Conversation, from: Person, nonce: string): First | undefined {
    const staged = conversation.nonces.get(`${from.id} ${nonce}`)
    if (staged !== undefined) {
      return { seq: staged.seq, time: staged.time, digest: digestOfStaged(staged) }
    }
    const row = this.#db.first.get(conversation.id, from.id, bytesOf(nonce))
    if (row === undefined) return undefined
    return { ...row, time: this.#db.time.get(conversation.id, row.seq)?.time }
  }

  /** When that entry was appended; undefined when it is no longer kept. */
  timeAt(conversation: Conversation, seq: number): number | undefined {
    const staged = conversation.staged[seq - (conversation.staged[0]?.seq ?? 0)]
    return staged?.time ?? this.#db.time.get(conversation.id, seq)?.time
  }

  /** Text messages up to that entry. */
  countAt(conversation: Conversation, seq: number): number {
    const oldest = conversation.staged[0]
    if (oldest !== undefined && seq >= oldest.seq) {
      return conversation.staged[seq - oldest.seq]?.n ?? conversation.n
    }
    return this.#db.countAt.get(conversation.id, seq)?.n ?? 0
  }

  /** Its rows go to their places. */
  settle(conversation: Conversation): void {
    for (const row of conversation.staged) this.#insertEntry(row)
    for (const row of [...conversation.nonces.values()].sort(byNonce)) this.#insertNonce(row)
    this.#conversations.saveMoved(conversation)
    conversation.staged = []
    conversation.nonces.clear()
    this.#unsettled.delete(conversation)
    this.#ripe.delete(conversation)
  }

  /** They go to their places and are nowhere else: the group's log is about to be deleted. */
  drop(conversation: Conversation): void {
    this.settle(conversation)
    this.#db.dropOf.run(conversation.id)
  }

  /**
   * Of a text that was deleted, and of what changed it, nothing is left here either: rows stay for
   * a while after they were settled.
   */
  blank(conversation: Conversation, seq: number): void {
    this.#db.blank.run(conversation.id, seq, seq)
  }

  settleAll(): void {
    for (const conversation of this.#unsettled) this.settle(conversation)
    this.#trim(1)
  }

  /** At the end of a transaction: what it appended will be found again. */
  finish(): void {
    // Reads must not fail on a full disk.
    if (this.#fresh.length === 0) return
    this.#settleSome(Math.max(RUN_ROWS, this.#fresh.length * SETTLED_PER_ROW))
    for (const row of this.#fresh) if (!row.settled) this.#insert(row)
    this.#fresh = []
    this.#trim(TRIM_ROWS)
  }

  /** Fills the memory from the table: at the start, and after a transaction was undone. */
  recover(): void {
    this.#fresh = []
    this.#unsettled.clear()
    this.#ripe.clear()
    this.#bytes = 0
    const rows = this.#db.all.all()
    this.#trimmedTo = rows[0]?.id ?? 1
    this.#nextId = (rows.at(-1)?.id ?? 0) + 1
    for (const row of rows) this.#recoverRow(row)
  }

  #recoverRow(row: Row): void {
    const conversation = this.#conversations.get(row.conversation)
    if (row.seq <= conversation.last) return
    const from = this.#users.get(row.sender)
    const { id, seq, time, n } = row
    conversation.last = seq
    conversation.time = time
    conversation.n = n
    this.#stage({
      id,
      conversation,
      seq,
      time,
      n,
      from,
      kind: kindOf(row),
      subject: row.subject === null ? undefined : this.#users.get(row.subject),
      nonce: row.nonce === null ? '' : Buffer.from(row.nonce).toString('latin1'),
      text: row.text ?? '',
      more: moreOf(row),
      settled: false,
    })
    if (row.nonce !== null) this.#conversations.moveToLast(conversation, from.id)
  }

  #stage(row: Staged): void {
    row.conversation.staged.push(row)
    if (row.nonce !== '') row.conversation.nonces.set(`${row.from.id} ${row.nonce}`, row)
    this.#unsettled.add(row.conversation)
    if (row.conversation.staged.length === RUN_ROWS) this.#ripe.add(row.conversation)
    this.#bytes += row.text.length * 2
  }

  #settleSome(rows: number): void {
    let room = rows
    for (const conversation of this.#ripe) {
      if (room <= 0) return
      room -= conversation.staged.length
      this.settle(conversation)
    }
    for (const conversation of this.#unsettled) {
      const span = this.#nextId - (conversation.staged[0]?.id ?? 0)
      if (room <= 0 || (span <= SPAN_ROWS_MAX && this.#bytes <= SPAN_BYTES_MAX)) return
      room -= conversation.staged.length
      this.settle(conversation)
    }
  }

  /** When there are so many settled rows at the beginning of the journal. */
  #trim(atLeast: number): void {
    const [oldest] = this.#unsettled
    const end = oldest?.staged[0]?.id ?? this.#nextId
    if (end - this.#trimmedTo < atLeast) return
    this.#db.trim.run(end)
    this.#trimmedTo = end
  }

  #insert(row: Staged): void {
    const { more } = row
    if (more === undefined) this.#db.insert.run(row.id, ...valuesOf(row))
    else this.#db.insertWithMore.run(row.id, ...valuesOf(row), ...valuesOfMore(more))
  }

  #insertEntry(row: Staged): void {
    row.settled = true
    this.#bytes -= row.text.length * 2
    const { more } = row
    if (more === undefined) this.#db.insertEntry.run(...valuesOf(row))
    else this.#db.insertEntryWithMore.run(...valuesOf(row), ...valuesOfMore(more))
  }

  #insertNonce(row: Staged): void {
    const { conversation, from, nonce, seq } = row
    this.#db.insertNonce.run(conversation.id, from.id, bytesOf(nonce), seq, digestOfStaged(row))
  }
}

/** In the order of the columns. */
function valuesOf(row: Staged): readonly Value[] {
  return [
    row.conversation.id,
    row.seq,
    row.time,
    row.from.id,
    entryKind.values[row.kind],
    row.n,
    row.subject?.id ?? null,
    row.nonce === '' ? null : bytesOf(row.nonce),
    row.kind === 'text' || row.text !== '' ? row.text : null,
  ]
}

function digestOfStaged({ text, more }: Staged): number {
  return digestOfSent(text, more?.target ?? 0)
}

function bytesOf(nonce: string): Buffer {
  return Buffer.from(nonce, 'latin1')
}

/** A row of the journal as others see it. */
export function entryOf({ from, seq, time, kind, n, subject, nonce, text, more }: Staged): Entry {
  const { id, name } = from.user
  const bytes = nonce === '' ? NO_NONCE : bytesOf(nonce)
  const given = { seq, time, from: id, name, kind, text, nonce: bytes, n, subject: subject?.user }
  return { ...given, ...fieldsOf(more) }
}

/** In the order of the table's key: neighbours share pages. */
function byNonce(a: Staged, b: Staged): number {
  return a.from.id - b.from.id || (a.nonce < b.nonce ? -1 : 1)
}

function statements(db: DatabaseSync) {
  return {
    all: prepare<Row>(db, `SELECT id, ${ENTRY_COLUMNS}, ${MORE_COLUMNS} FROM journal ORDER BY id`),
    insert: prepare(
      db,
      `INSERT INTO journal (id, ${ENTRY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertWithMore: prepare(
      db,
      `INSERT INTO journal (id, ${ENTRY_COLUMNS}, ${MORE_COLUMNS})
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    dropOf: prepare(db, 'DELETE FROM journal WHERE conversation = ?'),
    trim: prepare(db, 'DELETE FROM journal WHERE id < ?'),
    blank: prepare(
      db,
      `UPDATE journal SET text = '', mentions = NULL
       WHERE conversation = ? AND (seq = ? OR target = ? AND kind <> ${entryKind.values.text})`,
    ),
    insertEntry: prepare(
      db,
      `INSERT INTO entries (${ENTRY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertEntryWithMore: prepare(
      db,
      `INSERT INTO entries (${ENTRY_COLUMNS}, ${MORE_COLUMNS})
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    insertNonce: prepare(
      db,
      'INSERT INTO nonces (conversation, sender, nonce, seq, digest) VALUES (?, ?, ?, ?, ?)',
    ),
    first: prepare<Omit<First, 'time'>>(
      db,
      'SELECT seq, digest FROM nonces WHERE conversation = ? AND sender = ? AND nonce = ?',
    ),
    time: prepare<{ time: number }>(
      db,
      'SELECT time FROM entries WHERE conversation = ? AND seq = ?',
    ),
    countAt: prepare<{ n: number }>(db, 'SELECT n FROM entries WHERE conversation = ? AND seq = ?'),
  }
}
