import type { Database, Statement, Value } from '../statements.ts'
import { type AheadRow, type Ask, type Rows, together } from './ahead.ts'
import { translate } from './dialect.ts'
import { gathered, MOVES } from './gathered.ts'
import { Known } from './known.ts'
import { type Link, PostgresError, type Query } from './link.ts'

/**
 * PostgreSQL in the form in which the store's rules use a database. What only writes is kept back
 * until something is read, and then goes together: a fault in it shows there, at the latest with
 * the commit.
 */
export class PostgresDatabase implements Database {
  #link: Link
  #kept: Query[] = []
  /** `kept`: begun here, but not there yet; `lost`: it has ended there with its connection. */
  #transaction: 'none' | 'kept' | 'there' | 'lost' = 'none'
  #known = new Known()

  constructor(link: Link) {
    this.#link = link
  }

  get isTransaction(): boolean {
    return this.#transaction !== 'none'
  }

  prepare(sql: string): Statement<unknown> {
    // SQLite's own housekeeping: PostgreSQL sees to its own.
    if (sql.startsWith('PRAGMA')) return NOTHING
    const text = translate(sql)
    const reads = text.startsWith('SELECT')
    const all = (...values: readonly Value[]) => {
      const known = reads ? this.#known.find(sql, values) : this.#known.forget()
      return known ?? this.#run({ text, values }).rows
    }
    return {
      all,
      get: (...values) => all(...values)[0],
      iterate: all,
      run: (...values) => this.#write({ text, values }),
    }
  }

  /**
   * Reads all of that in one question. Until something is written, the statements are answered from
   * it. Answers the rows for each of the values of each: numbers, texts and nulls.
   */
  readAhead(asked: readonly Ask[]): readonly Rows[] {
    const found = asked.map(({ all }) => all.map((): unknown[] => []))
    if (asked.every(({ all }) => all.length === 0)) return found
    const { rows } = this.#run(together(asked))
    for (const { ask_at, ahead_at, row } of rows as readonly AheadRow[]) {
      found[ask_at]?.[ahead_at]?.push(JSON.parse(row))
    }
    for (const [at, { sql, all }] of asked.entries()) {
      for (const [place, values] of all.entries()) {
        this.#known.keep(sql, values, found[at]?.[place] ?? [])
      }
    }
    return found
  }

  /** BEGIN …, COMMIT, ROLLBACK; the last has happened when the connection is gone. */
  exec(text: string): void {
    if (text.startsWith('PRAGMA')) return
    this.#known.forget()
    if (text === 'ROLLBACK') return this.#rollBack()
    if (text.startsWith('BEGIN')) {
      // It goes with what is read first.
      this.#kept.push({ text, values: [] })
      this.#transaction = 'kept'
      return
    }
    try {
      this.#run({ text, values: [] })
    } finally {
      // Refused or not: with it the transaction is over there.
      this.#transaction = 'none'
    }
  }

  #rollBack(): void {
    const isThere = this.#transaction === 'there'
    this.#kept = []
    this.#transaction = 'none'
    if (!isThere) return
    try {
      this.#link.run([{ text: 'ROLLBACK', values: [] }], false)
    } catch (error) {
      if (!(error instanceof PostgresError && error.lost)) throw error
    }
  }

  #write(query: Query) {
    if (query.text !== MOVES) this.#known.forget()
    this.#kept.push(query)
    const mine = this.#kept.length
    const flush = () => {
      if (this.#kept.length !== mine) throw new Error('it was written already, with others')
      const last = this.#kept.pop()
      return last === undefined ? 0 : this.#run(last).changes
    }
    let changes: number | undefined
    return {
      get changes() {
        changes ??= flush()
        return changes
      },
    }
  }

  #run(query: Query) {
    const queries = [...gathered(this.#kept), query]
    this.#kept = []
    const isFirst = this.#transaction === 'kept'
    if (isFirst) this.#transaction = 'there'
    try {
      return this.#link.run(queries, isFirst || this.#transaction === 'none')
    } catch (error) {
      const isLost = error instanceof PostgresError && error.lost
      if (isLost && this.isTransaction) this.#transaction = 'lost'
      throw error
    }
  }
}

const NOTHING: Statement<unknown> = {
  all: () => [],
  get: () => undefined,
  iterate: () => [],
  run: () => ({ changes: 0 }),
}
