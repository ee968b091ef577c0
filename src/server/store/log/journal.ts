import type { Entry, EntryKind } from '../../../protocol/messages.ts'
import { entryKind } from '../../../protocol/records.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare, type Value } from '../statements.ts'
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
import { Inserter } from './inserter.ts'
import { Leftovers } from './leftovers.ts'
import { digestOfSent } from './nonce.ts'

/**
 * What was appended lately. A row that goes straight to its place costs two pages of 4 KiB on disk
 * (entries, nonces), so each transaction writes its rows behind one another in one table, and they
 * are settled in their places when many of a conversation, or the oldest, can go together. Until
 * then they are in memory too, and reads of the log end with them.
 */

/** As many rows of one conversation are worth settling. */
const RUN_ROWS = 512
/** Rows settled in a transaction, for each that it appends: bounds how long it takes. */
const SETTLED_PER_ROW = 2
/** Rows between the oldest that is not settled and the newest: bounds memory and recovery. */
const SPAN_ROWS_MAX = 65_536
/** The same in bytes of text (UTF-16, roughly). */
const SPAN_BYTES_MAX = 33_554_432
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

/** Statements that are worth reading ahead, see postgres/read-ahead.ts. */
export const FIRST_OF_NONCE =
  'SELECT seq, digest FROM nonces WHERE conversation = ? AND sender = ? AND nonce = ?'

export const COUNT_AT = 'SELECT n, kind FROM entries WHERE conversation = ? AND seq = ?'

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
  /** Before it rows are in the table, or were. */
  #writtenTo = 1
  #leftovers = new Leftovers()

  constructor(db: Database, users: Users, conversations: Conversations) {
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

  /** Text messages up to that entry; for one that is no longer kept: up to the last of those. */
  countAt(conversation: Conversation, seq: number): number {
    if (seq < conversation.first) return this.#countBefore(conversation)
    const oldest = conversation.staged[0]
    if (oldest !== undefined && seq >= oldest.seq) {
      return conversation.staged[seq - oldest.seq]?.n ?? conversation.n
    }
    return this.#db.countAt.get(conversation.id, seq)?.n ?? 0
  }

  #countBefore(conversation: Conversation): number {
    const [staged] = conversation.staged
    const first =
      staged?.seq === conversation.first
        ? { n: staged.n, kind: entryKind.values[staged.kind] }
        : this.#db.countAt.get(conversation.id, conversation.first)
    if (first === undefined) return 0
    return first.kind === entryKind.values.text ? first.n - 1 : first.n
  }

  /** Its rows go to their places. */
  settle(conversation: Conversation): void {
    const { staged, nonces } = conversation
    for (const row of staged) {
      row.settled = true
      this.#bytes -= row.text.length * 2
    }
    this.#db.entries.insert(staged.filter(isPlain))
    this.#db.entriesWithMore.insert(staged.filter(hasMore))
    this.#db.nonces.insert([...nonces.values()].sort(byNonce))
    this.#conversations.saveMoved(conversation)
    const [oldest] = staged
    if (oldest !== undefined) this.#leftovers.add(conversation.id, oldest.seq, staged.map(idOf))
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

  /** Of an entry that was blanked nothing is left here either: rows stay for a while after they were settled. */
  blank(conversation: Conversation, seq: number): void {
    const id = this.#leftovers.find(conversation.id, seq)
    if (id !== undefined) this.#db.blank.run(id)
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
    const unsettled = this.#fresh.filter(({ settled }) => !settled)
    this.#db.rows.insert(unsettled.filter(isPlain))
    this.#db.rowsWithMore.insert(unsettled.filter(hasMore))
    if (unsettled.length > 0) this.#writtenTo = this.#nextId
    this.#fresh = []
    this.#trim(TRIM_ROWS)
  }

  /** Fills the memory from the table: at the start, and after a transaction was undone. */
  recover(): void {
    this.forget()
    const rows = this.#db.all.all()
    this.#trimmedTo = rows[0]?.id ?? 1
    this.#nextId = (rows.at(-1)?.id ?? 0) + 1
    this.#writtenTo = this.#nextId
    for (const row of rows) this.#recoverRow(row)
  }

  /** What was staged is nowhere any more: its transaction was undone, and the table is empty. */
  forget(): void {
    this.#fresh = []
    this.#unsettled.clear()
    this.#ripe.clear()
    this.#bytes = 0
    this.#leftovers.clear()
  }

  #recoverRow(row: Row): void {
    const conversation = this.#conversations.get(row.conversation)
    if (row.seq <= conversation.last) {
      this.#leftovers.add(row.conversation, row.seq, [row.id])
      return
    }
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
    this.#leftovers.trim(end)
    // Where a transaction settles all that it appends nothing is ever written to the table.
    if (this.#trimmedTo < this.#writtenTo) this.#db.trim.run(end)
    this.#trimmedTo = end
  }
}

function idOf({ id }: Staged): number {
  return id
}

function isPlain({ more }: Staged): boolean {
  return more === undefined
}

function hasMore({ more }: Staged): boolean {
  return more !== undefined
}

function writeEntry(row: Staged, into: Value[]): void {
  const { conversation, seq, time, from, kind, n, subject, nonce, text } = row
  into.push(conversation.id, seq, time, from.id, entryKind.values[kind], n, subject?.id ?? null)
  into.push(nonce === '' ? null : bytesOf(nonce), kind === 'text' || text !== '' ? text : null)
}

function writeEntryWithMore(row: Staged, into: Value[]): void {
  writeEntry(row, into)
  if (row.more !== undefined) into.push(...valuesOfMore(row.more))
}

function writeRow(row: Staged, into: Value[]): void {
  into.push(row.id)
  writeEntry(row, into)
}

function writeRowWithMore(row: Staged, into: Value[]): void {
  into.push(row.id)
  writeEntryWithMore(row, into)
}

function writeNonce(row: Staged, into: Value[]): void {
  const { conversation, from, nonce, seq } = row
  into.push(conversation.id, from.id, bytesOf(nonce), seq, digestOfStaged(row))
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

function statements(db: Database) {
  return {
    all: prepare<Row>(db, `SELECT id, ${ENTRY_COLUMNS}, ${MORE_COLUMNS} FROM journal ORDER BY id`),
    rows: new Inserter(db, 'journal', `id, ${ENTRY_COLUMNS}`, writeRow),
    rowsWithMore: new Inserter(
      db,
      'journal',
      `id, ${ENTRY_COLUMNS}, ${MORE_COLUMNS}`,
      writeRowWithMore,
    ),
    dropOf: prepare(db, 'DELETE FROM journal WHERE conversation = ?'),
    trim: prepare(db, 'DELETE FROM journal WHERE id < ?'),
    blank: prepare(db, "UPDATE journal SET text = '', mentions = NULL WHERE id = ?"),
    entries: new Inserter(db, 'entries', ENTRY_COLUMNS, writeEntry),
    entriesWithMore: new Inserter(
      db,
      'entries',
      `${ENTRY_COLUMNS}, ${MORE_COLUMNS}`,
      writeEntryWithMore,
    ),
    nonces: new Inserter(db, 'nonces', 'conversation, sender, nonce, seq, digest', writeNonce),
    first: prepare<Omit<First, 'time'>>(db, FIRST_OF_NONCE),
    time: prepare<{ time: number }>(
      db,
      'SELECT time FROM entries WHERE conversation = ? AND seq = ?',
    ),
    countAt: prepare<{ n: number; kind: number }>(db, COUNT_AT),
  }
}
