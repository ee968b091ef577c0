import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../store-error.ts'
import { verifyDatabase } from '../upkeep/verify.ts'
import { columnList, hex, type Key, type Table, type TableRow, tablesOf } from './tables.ts'

/** As many as messages: whether they changed is seen from the ends of the logs. */
const MANY: ReadonlySet<string> = new Set(['entries', 'nonces', 'mentions', 'reactions'])
/** By the first of them that a folder has its server is told from others. */
const OWN_FILES = ['tls.pem', 'operator.secret']

/** What makes a copy of a folder go on, and not that of another one. */
export type Origin = Readonly<{
  folder: string
  /** Whose data these are. */
  server: string
  /** What the data are. */
  state: string
}>

/** The database of a data folder that nobody changes. It is only read. */
export class CopySource {
  readonly folder: string
  readonly tables: readonly Table[]
  #db: DatabaseSync

  constructor(db: DatabaseSync, folder: string) {
    this.#db = db
    this.folder = folder
    this.tables = tablesOf(db)
  }

  /** What is damaged is not carried on. @throws StoreError */
  check(): void {
    const [fault] = verifyDatabase(this.#db).faults
    if (fault === undefined) return
    throw new StoreError(`the data folder ${this.folder} is damaged and was not copied: ${fault}`)
  }

  get origin(): Origin {
    return { folder: this.folder, server: this.#server(), state: this.#state() }
  }

  /** Rows behind that key, in the order of keys. */
  rows(table: Table, after: Key | undefined): Iterable<TableRow> {
    const from = `FROM "${table.name}" ${behind(table, after)}`
    const statement = this.#db.prepare(
      `SELECT ${columnList(table)} ${from} ORDER BY ${columnList(table, 'key')}`,
    )
    statement.setReturnArrays(true)
    return statement.iterate(...(after ?? [])) as Iterable<unknown> as Iterable<TableRow>
  }

  /** Of rows behind that key, or of all. */
  count(table: Table, after?: Key): number {
    const sql = `SELECT count(*) AS n FROM "${table.name}" ${behind(table, after)}`
    return Number(this.#db.prepare(sql).get(...(after ?? []))?.['n'])
  }

  /** The greatest number that each of these tables gave to a row: none is given twice. */
  numbers(): readonly Readonly<{ table: string; last: number }>[] {
    const rows = this.#db.prepare('SELECT name, seq FROM sqlite_sequence').all()
    return rows.map(({ name, seq }) => ({ table: String(name), last: Number(seq) }))
  }

  #server(): string {
    const own = OWN_FILES.map((name) => join(this.folder, name)).find((path) => existsSync(path))
    const hash = createHash('sha256')
    if (own !== undefined) hash.update(readFileSync(own))
    return hash.digest('hex')
  }

  /** Whatever a server does changes one of these rows, or lets a log get longer. */
  #state(): string {
    const hash = createHash('sha256')
    for (const table of this.tables.filter(({ name }) => !MANY.has(name))) {
      hash.update(`${table.name}\n`)
      for (const row of this.rows(table, undefined)) hash.update(line(row))
    }
    const ends = this.#db.prepare(
      `SELECT c.id, (SELECT max(seq) FROM entries WHERE conversation = c.id) AS last
       FROM conversations c ORDER BY c.id`,
    )
    for (const { id, last } of ends.iterate()) hash.update(`${String(id)} ${String(last)}\n`)
    return hash.digest('hex')
  }
}

function behind(table: Table, after: Key | undefined): string {
  if (after === undefined) return ''
  return `WHERE (${columnList(table, 'key')}) > (${after.map(() => '?').join(', ')})`
}

function line(row: TableRow): string {
  const values = row.map((value) => (value instanceof Uint8Array ? { hex: hex(value) } : value))
  return `${JSON.stringify(values)}\n`
}
