import type { DatabaseSync } from 'node:sqlite'
import { prepare } from '../statements.ts'
import type { Changes, Extent, Readable, TextPlace } from './source.ts'
import { indexed } from './words.ts'

/**
 * Numbers of texts by time: the newest has the greatest. So many are there for each millisecond;
 * one more gets a number of the next. All of them are safe integers until the year 2109.
 */
const PER_MS = 2_048
/** Texts that one call removes: bounds how long others wait for it. */
const DROP_TEXTS = 256
/** Pages of 4 KiB that such a call gives back: more than its texts took. */
const VACUUM_PAGES = 256
/** Above it the scope is not put into the expression, but looked at hit by hit. */
const SCOPE_MAX = 1_000

/** What is to be found: newest first, below `before`. */
export type IndexQuery = Readonly<{
  expression: string
  scope: readonly Readable[]
  before: number
  limit: number
  /** How many texts with these words may be looked at. */
  lookAt: number
}>

/** `next`: continue below it; 0: there is no more. */
export type Found = Readonly<{
  places: readonly Readonly<{ id: number; place: TextPlace }>[]
  next: number
}>

/** Texts of a conversation below this seq are to go. */
export type Stale = readonly [conversation: number, below: number]

/** What a round over all conversations found: which are behind, which hold too much. */
export type Comparison = Readonly<{ behind: readonly number[]; stale: readonly Stale[] }>

/**
 * The words of all texts, in a database of their own. It may lag behind the log, which is the
 * truth; it can be made again from it at any time.
 */
export class TextIndex {
  #db
  #begin
  #commit
  #sql: DatabaseSync
  #removed = false

  constructor(sql: DatabaseSync) {
    this.#sql = sql
    this.#begin = prepare(sql, 'BEGIN IMMEDIATE')
    this.#commit = prepare(sql, 'COMMIT')
    this.#db = statements(sql)
  }

  /** The last seq of each that was taken in; 0 for none. */
  reached(conversations: readonly number[]): readonly number[] {
    return conversations.map((each) => this.#db.progress.get(each)?.reached ?? 0)
  }

  compare(extents: readonly Extent[]): Comparison {
    const behind: number[] = []
    const stale: Stale[] = []
    for (const { conversation, first, last } of extents) {
      const known = this.#db.progress.get(conversation) ?? { reached: 0, first: 1 }
      // A log that ends before it is another one: an older copy was put back.
      if (known.reached > last) stale.push([conversation, Number.MAX_SAFE_INTEGER])
      else if (known.first < first) stale.push([conversation, first])
      if (known.reached !== last) behind.push(conversation)
    }
    return { behind, stale }
  }

  /** Takes in what changed. Answers what has to be dropped because logs begin later now. */
  put(all: readonly Changes[]): readonly Stale[] {
    return this.#within(() => {
      const fresh = all.flatMap((changes) => this.#change(changes))
      // FTS5 likes its rows in ascending order.
      for (const text of fresh.sort((a, b) => a.time - b.time || a.seq - b.seq)) this.#add(text)
      return all.flatMap((changes) => this.#advance(changes))
    })
  }

  /** True when there is more to drop. */
  drop([conversation, below]: Stale): boolean {
    return this.#within(() => {
      const rows = this.#db.below.all(conversation, below, DROP_TEXTS)
      for (const row of rows) this.#remove(row)
      this.#sql.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`)
      if (rows.length === DROP_TEXTS) return true
      if (below === Number.MAX_SAFE_INTEGER) this.#db.forget.run(conversation)
      else this.#db.raise.run(below, conversation)
      return false
    })
  }

  find({ expression, scope, before, limit, lookAt }: IndexQuery): Found {
    const firsts = new Map(scope)
    const places: { id: number; place: TextPlace }[] = []
    let left = lookAt
    let last = 0
    for (const { id, conversation, seq } of this.#db.matching.iterate(
      scoped(expression, scope),
      before,
    )) {
      last = id
      left -= 1
      const first = firsts.get(conversation)
      if (first !== undefined && seq >= first) places.push({ id, place: [conversation, seq] })
      if (places.length >= limit || left <= 0) return { places, next: last }
    }
    return { places, next: 0 }
  }

  /** What was removed before it is nowhere in the files any more. */
  tidy(): void {
    if (!this.#removed) return
    this.#removed = false
    this.#sql.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  /** Texts that it does not know yet; the others are changed at once. */
  #change({ conversation, texts }: Changes): readonly Fresh[] {
    const latest = new Map(texts.map((text) => [text.seq, text]))
    return [...latest.values()].flatMap(({ seq, time, text }) => {
      const row = this.#db.at.get(conversation, seq)
      const words = indexed(text)
      if (row?.text === text) return []
      if (row !== undefined) this.#remove(row)
      return words === '' ? [] : [{ id: row?.id, conversation, seq, time, text, words }]
    })
  }

  #add({ id, conversation, seq, time, text, words }: Fresh): void {
    const number = id ?? this.#idAt(time)
    this.#db.insert.run(number, conversation, seq, text)
    this.#db.insertWords.run(number, scopeWord(conversation), words)
  }

  #remove({ id, conversation, text }: Row): void {
    this.#removed = true
    this.#db.remove.run(id)
    this.#db.removeWords.run(id, scopeWord(conversation), indexed(text))
  }

  #advance({ conversation, reached, first }: Changes): readonly Stale[] {
    const known = this.#db.progress.get(conversation)?.first ?? 1
    this.#db.advance.run(conversation, reached)
    return known < first ? [[conversation, first]] : []
  }

  /** The first free number at or after that time. */
  #idAt(time: number): number {
    for (let at = time * PER_MS; ; at += PER_MS) {
      const id = (this.#db.greatest.get(at, at + PER_MS)?.id ?? at - 1) + 1
      if (id < at + PER_MS) return id
    }
  }

  #within<T>(work: () => T): T {
    this.#begin.run()
    try {
      const result = work()
      this.#commit.run()
      return result
    } catch (error) {
      if (this.#sql.isTransaction) this.#sql.exec('ROLLBACK')
      throw error
    }
  }
}

type Row = { id: number; conversation: number; text: string }
type Fresh = Readonly<{
  /** The one it had before it was edited. */
  id: number | undefined
  conversation: number
  seq: number
  time: number
  text: string
  words: string
}>

function scoped(expression: string, scope: readonly Readable[]): string {
  if (scope.length > SCOPE_MAX) return `words : (${expression})`
  const words = scope.map(([conversation]) => `"${scopeWord(conversation)}"`)
  return `scope : (${words.join(' OR ')}) AND words : (${expression})`
}

function scopeWord(conversation: number): string {
  return `c${conversation}`
}

function statements(db: DatabaseSync) {
  return {
    progress: prepare<{ reached: number; first: number }>(
      db,
      'SELECT reached, first FROM progress WHERE conversation = ?',
    ),
    advance: prepare(
      db,
      `INSERT INTO progress (conversation, reached, first) VALUES (?, ?, 1)
       ON CONFLICT (conversation) DO UPDATE SET reached = excluded.reached`,
    ),
    raise: prepare(db, 'UPDATE progress SET first = ? WHERE conversation = ?'),
    forget: prepare(db, 'DELETE FROM progress WHERE conversation = ?'),
    at: prepare<Row>(
      db,
      'SELECT id, conversation, text FROM texts WHERE conversation = ? AND seq = ?',
    ),
    below: prepare<Row>(
      db,
      'SELECT id, conversation, text FROM texts WHERE conversation = ? AND seq < ? LIMIT ?',
    ),
    greatest: prepare<{ id: number | null }>(
      db,
      'SELECT max(id) AS id FROM texts WHERE id >= ? AND id < ?',
    ),
    insert: prepare(db, 'INSERT INTO texts (id, conversation, seq, text) VALUES (?, ?, ?, ?)'),
    insertWords: prepare(db, 'INSERT INTO lookup (rowid, scope, words) VALUES (?, ?, ?)'),
    remove: prepare(db, 'DELETE FROM texts WHERE id = ?'),
    removeWords: prepare(
      db,
      "INSERT INTO lookup (lookup, rowid, scope, words) VALUES ('delete', ?, ?, ?)",
    ),
    matching: prepare<{ id: number; conversation: number; seq: number }>(
      db,
      `SELECT t.id, t.conversation, t.seq FROM lookup CROSS JOIN texts t ON t.id = lookup.rowid
       WHERE lookup MATCH ? AND lookup.rowid < ? ORDER BY lookup.rowid DESC`,
    ),
  }
}
