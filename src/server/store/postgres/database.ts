import type { Database, Statement, Value } from '../statements.ts'
import { translate } from './dialect.ts'
import { type Link, PostgresError, type Query } from './link.ts'

/**
 * PostgreSQL in the form in which the store's rules use a database. What only writes is kept back
 * until something is read, and then goes together: a fault in it shows there, at the latest with
 * the commit.
 */
export class PostgresDatabase implements Database {
  #link: Link
  #kept: Query[] = []
  #inTransaction = false

  constructor(link: Link) {
    this.#link = link
  }

  get isTransaction(): boolean {
    return this.#inTransaction
  }

  prepare(sql: string): Statement<unknown> {
    // SQLite's own housekeeping: PostgreSQL sees to its own.
    if (sql.startsWith('PRAGMA')) return NOTHING
    const text = translate(sql)
    const all = (...values: readonly Value[]) => this.#run({ text, values }).rows
    return {
      all,
      get: (...values) => all(...values)[0],
      iterate: all,
      run: (...values) => this.#write({ text, values }),
    }
  }

  /** BEGIN …, COMMIT, ROLLBACK; the last has happened when the connection is gone. */
  exec(text: string): void {
    if (text.startsWith('PRAGMA')) return
    if (text === 'ROLLBACK') return this.#rollBack()
    this.#run({ text, values: [] })
    this.#inTransaction = text.startsWith('BEGIN')
  }

  #rollBack(): void {
    this.#kept = []
    this.#inTransaction = false
    try {
      this.#link.run([{ text: 'ROLLBACK', values: [] }], false)
    } catch (error) {
      if (!(error instanceof PostgresError && error.lost)) throw error
    }
  }

  #write(query: Query) {
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
    const queries = [...this.#kept, query]
    this.#kept = []
    return this.#link.run(queries, !this.#inTransaction)
  }
}

const NOTHING: Statement<unknown> = {
  all: () => [],
  get: () => undefined,
  iterate: () => [],
  run: () => ({ changes: 0 }),
}
