import type { IndexCalls } from '../search/index-calls.ts'
import type { Changes, Extent, Readable } from '../search/source.ts'
import type { Comparison, Found, IndexQuery, Stale } from '../search/text-index.ts'
import { type Database, prepare } from '../statements.ts'
import { lexemesOf, SCOPE_MARK } from './lexemes.ts'

/**
 * Numbers of texts by time, as in the index that is a file: so a search that one node began goes on
 * at another.
 */
const PER_MS = 2_048
/** Texts that one call removes. */
const DROP_TEXTS = 1_024
/** Above it the scope is not put into the expression, but looked at hit by hit. */
const SCOPE_MAX = 1_000

type Text = Readonly<{ conversation: number; seq: number }>
type Present = Text & Readonly<{ time: number | null; text: string | null; id: number | null }>

/**
 * The words of all texts, beside the log in the same database. Every node takes in what it has
 * appended, one at a time; what it takes in is the text as it is then, so that no older one takes
 * the place of a newer one.
 */
export class PostgresTextIndex implements IndexCalls {
  #db
  #sql: Database

  constructor(sql: Database) {
    this.#sql = sql
    this.#db = statements(sql)
  }

  reached(conversations: readonly number[]): readonly number[] {
    const known = this.#progress(conversations)
    return conversations.map((each) => known.get(each)?.reached ?? 0)
  }

  compare(extents: readonly Extent[]): Comparison {
    const known = this.#progress(extents.map(({ conversation }) => conversation))
    const behind: number[] = []
    const stale: Stale[] = []
    for (const { conversation, first, last } of extents) {
      const { reached, first: from } = known.get(conversation) ?? { reached: 0, first: 1 }
      if (from < first) stale.push([conversation, first])
      if (reached < last) behind.push(conversation)
    }
    return { behind, stale }
  }

  put(all: readonly Changes[]): readonly Stale[] {
    return this.#within(() => {
      const places = all.flatMap(({ conversation, texts }) =>
        texts.map(({ seq }) => ({ conversation, seq })),
      )
      if (places.length > 0) this.#take(places)
      const stale = this.#stale(all)
      this.#db.advance.run(
        json(all.map(({ conversation, reached }) => ({ conversation, reached }))),
      )
      return stale
    })
  }

  drop([conversation, below]: Stale): boolean {
    return this.#within(() => {
      const { changes } = this.#db.below.run(conversation, below, DROP_TEXTS)
      if (changes === DROP_TEXTS) return true
      this.#db.raise.run(conversation, below)
      return false
    })
  }

  find({ expression, scope, before, limit, lookAt }: IndexQuery): Found {
    const firsts = new Map(scope)
    const places: Found['places'][number][] = []
    const rows = this.#db.matching.all(scoped(expression, scope), before, lookAt)
    for (const { id, conversation, seq } of rows) {
      const first = firsts.get(conversation)
      if (first !== undefined && seq >= first) places.push({ id, place: [conversation, seq] })
      if (places.length >= limit) return { places, next: id }
    }
    return { places, next: rows.length < lookAt ? 0 : (rows.at(-1)?.id ?? 0) }
  }

  /** PostgreSQL gives its space back by itself. */
  tidy(): void {}

  #take(places: readonly Text[]): void {
    const rows = this.#db.present.all(json(places))
    const gone = rows.filter(({ text }) => text === null || lexemesOf(text).length === 0)
    const there = rows.filter((row) => !gone.includes(row))
    if (gone.length > 0)
      this.#db.remove.run(json(gone.map(({ conversation, seq }) => ({ conversation, seq }))))
    if (there.length === 0) return
    const ids = new Ids(this.#greatest(there))
    const texts = there.map(({ id, time, conversation, seq, text }) => ({
      id: id ?? ids.at(time ?? 0),
      conversation,
      seq,
      words: [`${SCOPE_MARK}${conversation}`, ...lexemesOf(text ?? '')],
    }))
    this.#db.put.run(json(texts))
  }

  /** The greatest number of each of these milliseconds. */
  #greatest(rows: readonly Present[]): ReadonlyMap<number, number> {
    const times = new Set(rows.flatMap(({ id, time }) => (id === null ? [time ?? 0] : [])))
    const spans = [...times].map((time) => ({ low: time * PER_MS, high: (time + 1) * PER_MS }))
    if (spans.length === 0) return new Map()
    return new Map(this.#db.greatest.all(json(spans)).map(({ low, id }) => [low / PER_MS, id]))
  }

  #stale(all: readonly Changes[]): readonly Stale[] {
    const known = this.#progress(all.map(({ conversation }) => conversation))
    return all.flatMap(({ conversation, first }) =>
      (known.get(conversation)?.first ?? 1) < first ? [[conversation, first] as const] : [],
    )
  }

  #progress(conversations: readonly number[]) {
    const rows = this.#db.progress.all(json(conversations))
    return new Map(rows.map((row) => [row.conversation, row]))
  }

  #within<T>(work: () => T): T {
    this.#sql.exec('BEGIN')
    try {
      this.#db.lock.get()
      const result = work()
      this.#sql.exec('COMMIT')
      return result
    } catch (error) {
      this.#sql.exec('ROLLBACK')
      throw error
    }
  }
}

/** Gives out numbers behind those that there are. */
class Ids {
  #greatest: Map<number, number>

  constructor(greatest: ReadonlyMap<number, number>) {
    this.#greatest = new Map(greatest)
  }

  at(time: number): number {
    const id = (this.#greatest.get(time) ?? time * PER_MS - 1) + 1
    this.#greatest.set(time, id)
    return id
  }
}

function scoped(expression: string, scope: readonly Readable[]): string {
  if (scope.length > SCOPE_MAX) return expression
  const within = scope.map(([conversation]) => `'${SCOPE_MARK}${conversation}'`)
  return `(${within.join(' | ')}) & ${expression}`
}

function json(rows: readonly unknown[]): string {
  return JSON.stringify(rows)
}

/** What every node takes before it writes into the index; any number that nothing else locks. */
const LOCK = 0x74636876

function statements(db: Database) {
  return {
    lock: prepare(db, `SELECT 1 AS held FROM pg_advisory_xact_lock(${LOCK})`),
    progress: prepare<{ conversation: number; reached: number; first: number }>(
      db,
      `SELECT p.conversation, p.reached, p.first FROM json_array_elements_text(?::json) AS w(id)
       JOIN search_progress p ON p.conversation = w.id::bigint`,
    ),
    advance: prepare(
      db,
      `INSERT INTO search_progress (conversation, reached, first)
       SELECT conversation, reached, 1
       FROM json_to_recordset(?::json) AS w(conversation bigint, reached bigint)
       ON CONFLICT (conversation) DO UPDATE
       SET reached = greatest(search_progress.reached, excluded.reached)`,
    ),
    raise: prepare(
      db,
      `INSERT INTO search_progress (conversation, reached, first) VALUES (?, 0, ?)
       ON CONFLICT (conversation) DO UPDATE SET first = excluded.first`,
    ),
    // A text stands in its place for as long as it is kept.
    present: prepare<Present>(
      db,
      `SELECT DISTINCT w.conversation, w.seq, e.time, e.text, t.id
       FROM json_to_recordset(?::json) AS w(conversation bigint, seq bigint)
       LEFT JOIN entries e ON e.conversation = w.conversation AND e.seq = w.seq
       LEFT JOIN search_texts t ON t.conversation = w.conversation AND t.seq = w.seq
       ORDER BY e.time, w.conversation, w.seq`,
    ),
    greatest: prepare<{ low: number; id: number }>(
      db,
      `SELECT w.low, t.id FROM json_to_recordset(?::json) AS w(low bigint, high bigint)
       JOIN LATERAL (SELECT id FROM search_texts WHERE id >= w.low AND id < w.high
         ORDER BY id DESC LIMIT 1) AS t ON true`,
    ),
    put: prepare(
      db,
      `INSERT INTO search_texts (id, conversation, seq, words)
       SELECT id, conversation, seq, array_to_tsvector(words)
       FROM json_to_recordset(?::json) AS w(id bigint, conversation bigint, seq bigint, words text[])
       ON CONFLICT (conversation, seq) DO UPDATE SET words = excluded.words`,
    ),
    remove: prepare(
      db,
      `DELETE FROM search_texts t
       USING json_to_recordset(?::json) AS w(conversation bigint, seq bigint)
       WHERE t.conversation = w.conversation AND t.seq = w.seq`,
    ),
    below: prepare(
      db,
      `DELETE FROM search_texts WHERE id IN
         (SELECT id FROM search_texts WHERE conversation = ? AND seq < ? LIMIT ?)`,
    ),
    matching: prepare<{ id: number; conversation: number; seq: number }>(
      db,
      `SELECT id, conversation, seq FROM search_texts
       WHERE words @@ ?::tsquery AND id < ? ORDER BY id DESC LIMIT ?`,
    ),
  }
}
