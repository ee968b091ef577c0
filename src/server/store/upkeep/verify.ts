import type { DatabaseSync } from 'node:sqlite'
import { conversationKind, entryKind } from '../../../protocol/records.ts'
import { isNewest } from '../database.ts'
import { conversationText } from '../ids.ts'
import { type Database, prepare } from '../statements.ts'
import type { Verdict } from '../store.ts'

/** So many are named; the rest is counted. */
const FAULTS_MAX = 100
/** Entries that are read at a time. */
const ROWS = 4_096

type Row = {
  conversation: number
  seq: number
  time: number
  sender: number
  kind: number
  n: number
  nonce: Uint8Array | null
}
type ConversationRow = { id: number; kind: number; members: number; first: number }
type MembershipRow = {
  user: number
  from: number
  joined: number
  delivered: number
  read: number
  readN: number
}

/**
 * Whether a database keeps what the log promises: seqs without gaps, counts and times in order,
 * the journal at one with the entries, cursors within their log, memberships counted right, and
 * SQLite's own check of the file. All of it as of one moment.
 */
export function verifyDatabase(db: DatabaseSync): Verdict {
  const faults = new Faults()
  db.exec('SAVEPOINT as_of_now')
  try {
    for (const fault of integrity(db)) faults.add(`the file: ${fault}`)
    // What a damaged file says is not worth looking at, and an older one is upgraded first.
    if (faults.count > 0 || !isNewest(db)) return verdictOf(db, 0, faults)
    return verdictOnTables(db, faults)
  } finally {
    db.exec('RELEASE as_of_now')
  }
}

/** The same without the file. The caller sees to it that all is as of one moment. */
export function verifyTables(db: Database): Verdict {
  return verdictOnTables(db, new Faults())
}

function verdictOnTables(db: Database, faults: Faults): Verdict {
  const entries = new Logs(db, faults).check()
  for (const { words, sql } of references) {
    for (const row of prepare<{ what: string }>(db, sql).iterate()) {
      faults.add(`${row.what} ${words}`)
    }
  }
  return verdictOf(db, entries, faults)
}

class Faults {
  readonly lines: string[] = []
  count = 0

  add(line: string): void {
    this.count += 1
    if (this.lines.length < FAULTS_MAX) this.lines.push(line)
  }
}

function integrity(db: DatabaseSync): readonly string[] {
  const rows = prepare<{ integrity_check: string }>(db, 'PRAGMA integrity_check').all()
  const lines = rows.flatMap((row) => row.integrity_check.split('\n'))
  return lines.filter((line) => line !== 'ok' && !line.startsWith('***'))
}

function verdictOf(db: Database, entries: number, { lines, count }: Faults): Verdict {
  const counted = prepare<{ users: number; conversations: number }>(
    db,
    `SELECT (SELECT count(*) FROM users) AS users,
       (SELECT count(*) FROM conversations) AS conversations`,
  ).get() ?? { users: 0, conversations: 0 }
  const more = count - lines.length
  const faults = more > 0 ? [...lines, `and ${more} more`] : lines
  return { ...counted, entries, faults }
}

/** Walks the log of one conversation after the other, and looks at its members on the way. */
class Logs {
  #db
  #faults: Faults
  #journal: Map<number, Row[]>

  constructor(db: Database, faults: Faults) {
    this.#db = statements(db)
    this.#faults = faults
    this.#journal = byConversation(this.#db.journal.all())
  }

  /** Answers how many entries there are. */
  check(): number {
    let entries = 0
    for (const conversation of this.#db.conversations.all()) {
      entries += this.#checkConversation(conversation)
      this.#journal.delete(conversation.id)
    }
    for (const id of this.#journal.keys()) {
      this.#say(id, 'the journal has entries of it, but it does not exist')
    }
    return entries
  }

  #checkConversation(conversation: ConversationRow): number {
    const staged = this.#journal.get(conversation.id) ?? []
    let entries = 0
    let last: Row | undefined
    for (const row of this.#log(conversation.id, staged)) {
      this.#checkEntry(conversation, last, row)
      last = row
      entries += 1
    }
    this.#checkMembers(conversation, last, staged)
    return entries
  }

  /** What is settled, then what is only in the journal; the journal may still have some of both. */
  *#log(id: number, staged: readonly Row[]): Iterable<Row> {
    const copies = new Map(staged.map((row) => [row.seq, row]))
    let last = 0
    for (const row of this.#entries(id)) {
      last = row.seq
      const copy = copies.get(row.seq)
      if (copy !== undefined && !isSame(row, copy)) {
        this.#say(id, `entry ${row.seq} is another one in the journal`)
      }
      yield row
    }
    for (const row of staged) if (row.seq > last) yield row
  }

  /** Some at a time: a log may be longer than memory. */
  *#entries(id: number): Iterable<Row> {
    let rows: readonly Row[] = []
    let after = 0
    do {
      rows = this.#db.entries.all(id, after, ROWS)
      yield* rows
      after = rows.at(-1)?.seq ?? after
    } while (rows.length === ROWS)
  }

  #checkEntry({ id, first }: ConversationRow, before: Row | undefined, row: Row): void {
    const { seq, time, n, kind } = row
    const expected = before === undefined ? first : before.seq + 1
    if (seq !== expected) {
      this.#say(id, `entry ${seq} stands where ${expected} should`)
      return
    }
    const counts = kind === entryKind.values.text ? 1 : 0
    const nBefore = before?.n ?? (seq === 1 ? 0 : n - counts)
    if (n !== nBefore + counts) {
      this.#say(id, `entry ${seq} counts ${n} texts, not ${nBefore + counts}`)
    }
    if (before !== undefined && time < before.time) {
      this.#say(id, `entry ${seq} is older than the one before it`)
    }
  }

  #checkMembers(
    conversation: ConversationRow,
    last: Row | undefined,
    staged: readonly Row[],
  ): void {
    const { id, kind } = conversation
    const lastSeq = last?.seq ?? 0
    let members = 0
    for (const row of this.#db.members.iterate(id)) {
      members += 1
      this.#checkCursors(id, row, lastSeq, staged)
    }
    if (members !== conversation.members) {
      this.#say(id, `it counts ${conversation.members} members, but has ${members}`)
    }
    if (kind === conversationKind.values.direct && members > 2) {
      this.#say(id, `it is between two, but has ${members} members`)
    }
  }

  #checkCursors(id: number, row: MembershipRow, last: number, staged: readonly Row[]): void {
    const { user, from, joined, delivered, read, readN } = row
    if (delivered > last || read > last || read > delivered) {
      this.#say(id, `the cursors of user ${user} (${delivered}, ${read}) are beyond ${last}`)
      return
    }
    if (from < 1 || joined > last) {
      this.#say(id, `user ${user} became a member at ${joined}, beyond ${last}`)
    }
    const n = this.#countAt(id, read, staged)
    if (n !== undefined && n !== readN) {
      this.#say(id, `user ${user} has read ${readN} texts, but entry ${read} is number ${n}`)
    }
  }

  /** Undefined: the entry is no longer kept. */
  #countAt(id: number, seq: number, staged: readonly Row[]): number | undefined {
    if (seq === 0) return 0
    return this.#db.countAt.get(id, seq)?.n ?? staged.find((row) => row.seq === seq)?.n
  }

  #say(conversation: number, what: string): void {
    this.#faults.add(`conversation ${conversationText(conversation)}: ${what}`)
  }
}

function isSame(one: Row, other: Row): boolean {
  return (
    one.sender === other.sender &&
    one.kind === other.kind &&
    one.n === other.n &&
    one.time === other.time
  )
}

function byConversation(rows: readonly Row[]): Map<number, Row[]> {
  const found = new Map<number, Row[]>()
  for (const row of rows) {
    const known = found.get(row.conversation)
    if (known === undefined) found.set(row.conversation, [row])
    else known.push(row)
  }
  return found
}

/**
 * Rows that name what there is not, or count what they should not: there should be none. Each is looked up:
 * against a list of very many (NOT IN) PostgreSQL would compare each with all.
 */
const references: readonly { words: string; sql: string }[] = [
  {
    words: 'is not in its place under its nonce',
    sql: `SELECT 'conversation ' || e.conversation || ': entry ' || e.seq AS what
      FROM entries e LEFT JOIN nonces o
        ON o.conversation = e.conversation AND o.sender = e.sender AND o.nonce = e.nonce
      WHERE e.nonce IS NOT NULL AND o.seq IS DISTINCT FROM e.seq`,
  },
  {
    words: 'is by a user who does not exist',
    sql: `SELECT 'conversation ' || conversation || ': entry ' || seq AS what FROM
        (SELECT conversation, seq, sender FROM entries
         UNION ALL SELECT conversation, seq, sender FROM journal) AS said
      WHERE NOT EXISTS (SELECT 1 FROM users WHERE id = said.sender)`,
  },
  {
    words: 'stands in no conversation',
    sql: `SELECT 'entry ' || seq AS what FROM entries e
      WHERE NOT EXISTS (SELECT 1 FROM conversations WHERE id = e.conversation)`,
  },
  {
    words: 'has a member who does not exist, or does not exist',
    sql: `SELECT 'conversation ' || m.conversation AS what FROM memberships m
        LEFT JOIN users u ON u.id = m.user LEFT JOIN conversations c ON c.id = m.conversation
      WHERE u.id IS NULL OR c.id IS NULL`,
  },
  {
    words: 'has preferences of who does not exist or has gone, or does not exist',
    sql: `SELECT DISTINCT 'conversation ' || p.conversation AS what FROM preferences p
        LEFT JOIN users u ON u.id = p.user AND u.deleted = 0
        LEFT JOIN conversations c ON c.id = p.conversation
      WHERE u.id IS NULL OR c.id IS NULL`,
  },
  {
    words: 'has sessions but does not exist',
    sql: `SELECT DISTINCT 'user ' || s.user AS what FROM sessions s
      WHERE NOT EXISTS (SELECT 1 FROM users WHERE id = s.user)`,
  },
  {
    words: 'is banned or deleted but has sessions',
    sql: `SELECT DISTINCT 'user ' || user AS what FROM sessions
      WHERE user IN (SELECT id FROM users WHERE banned = 1 OR deleted = 1)`,
  },
  {
    words: 'was changed by an entry that is not there',
    sql: `SELECT 'conversation ' || conversation || ': entry ' || seq AS what FROM entries e
      WHERE changed IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM entries WHERE conversation = e.conversation AND seq = e.changed)
        AND NOT EXISTS (SELECT 1 FROM journal WHERE conversation = e.conversation AND seq = e.changed)`,
  },
  {
    words: 'has a reaction but is no text',
    sql: `SELECT DISTINCT 'conversation ' || r.conversation || ': entry ' || r.seq AS what
      FROM reactions r LEFT JOIN entries e ON e.conversation = r.conversation AND e.seq = r.seq
      WHERE e.kind IS DISTINCT FROM 1`,
  },
  {
    words: 'has let in more people than it should',
    sql: "SELECT 'invite ' || substr(code, 1, 4) || '…' AS what FROM invites WHERE used > uses",
  },
]

function statements(db: Database) {
  const columns = 'conversation, seq, time, sender, kind, n, nonce'
  return {
    conversations: prepare<ConversationRow>(
      db,
      'SELECT id, kind, members, first_seq AS first FROM conversations ORDER BY id',
    ),
    entries: prepare<Row>(
      db,
      `SELECT ${columns} FROM entries WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?`,
    ),
    journal: prepare<Row>(db, `SELECT ${columns} FROM journal ORDER BY conversation, seq`),
    members: prepare<MembershipRow>(
      db,
      `SELECT user, from_seq AS "from", joined, delivered, read, read_n AS readN
       FROM memberships WHERE conversation = ? ORDER BY user`,
    ),
    countAt: prepare<{ n: number }>(db, 'SELECT n FROM entries WHERE conversation = ? AND seq = ?'),
  }
}
