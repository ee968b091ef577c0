import { Conversations } from '../log/conversations.ts'
import { Journal } from '../log/journal.ts'
import { Users } from '../people/users.ts'
import { PostgresDatabase } from '../postgres/database.ts'
import { Link, PostgresError } from '../postgres/link.ts'
import { migrate } from '../postgres/migrations.ts'
import { openFault } from '../postgres/open-fault.ts'
import { verifyShared } from '../postgres/postgres.ts'
import { shownUrl } from '../shown-url.ts'
import type { Value } from '../statements.ts'
import { prepare } from '../statements.ts'
import type { Verdict } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { differenceIn } from './comparison.ts'
import type { CopySource } from './source.ts'
import type { Table, TableRow } from './tables.ts'
import { CopyTarget } from './target.ts'

/** SQLSTATE of what will not go better another time, as a text that the database's encoding lacks. */
const DATA_FAULT = /^22/
/** What goes in one statement. */
const ROWS_MAX = 4_096
const BYTES_MAX = 4_194_304

/** Rows of a table that are in the copy by now, or were compared. */
export type CopyProgress = Readonly<{
  step: 'copied' | 'compared'
  table: string
  rows: number
  /** How many there will be. */
  of: number
  /** Rows that were there before this run. */
  before: number
}>

export type CopyOptions = Readonly<{
  url: string
  onProgress?: (progress: CopyProgress) => void
  /** What is looked at takes a while, and cannot be counted. */
  onCheck?: (what: 'folder' | 'copy') => void
  /** Rows of one statement, for tests. */
  batchRows?: number
}>

/**
 * Carries every row of a data folder's database over to an empty PostgreSQL database, goes on where
 * an earlier run was ended, compares both row for row, verifies the copy and only then lets servers
 * have it. Each batch is one statement, so what is there is always the beginning of each table: no
 * other note of how far it got is needed.
 * @throws StoreError one line that says what is wrong and what would be right
 */
export async function copyDatabase(source: CopySource, options: CopyOptions): Promise<Verdict> {
  const shown = shownUrl(options.url)
  const target = await opened(options.url, shown)
  try {
    return await new Copy(source, target, options).carryOut()
  } catch (error) {
    if (!(error instanceof PostgresError)) throw error
    const fault = openFault(error, options.url)
    if (DATA_FAULT.test(error.code)) throw new StoreError(`the copy is not possible: ${fault}`)
    throw new StoreError(`the copy was interrupted: ${fault}; the same command goes on from there`)
  } finally {
    await target.close()
  }
}

async function opened(url: string, shown: string): Promise<CopyTarget> {
  try {
    return await CopyTarget.open(url, shown)
  } catch (error) {
    throw new StoreError(openFault(error, url))
  }
}

class Copy {
  #source: CopySource
  #target: CopyTarget
  #options: CopyOptions
  #shown: string

  constructor(source: CopySource, target: CopyTarget, options: CopyOptions) {
    this.#source = source
    this.#target = target
    this.#options = options
    this.#shown = shownUrl(options.url)
  }

  async carryOut(): Promise<Verdict> {
    const { origin } = this.#source
    const phase = await this.#target.phaseOf(origin)
    if (phase === undefined) {
      this.#options.onCheck?.('folder')
      this.#source.check()
      await this.#target.mark(origin)
    }
    if (phase !== 'settled') await this.#carryOver()
    this.#options.onCheck?.('copy')
    const verdict = await verifyShared(this.#options.url)
    const [fault] = verdict.faults
    if (fault !== undefined) throw this.#useless(fault)
    await this.#target.finish(this.#source.folder, this.#source.numbers())
    return verdict
  }

  async #carryOver(): Promise<void> {
    const { tables } = this.#source
    const link = new Link(this.#options.url)
    try {
      migrate(link, undefined, 'copy')
      for (const table of tables) await this.#copyTable(table)
      await this.#target.analyze(tables)
      for (const table of tables) await this.#compareTable(table)
      settle(link)
    } finally {
      link.close()
    }
  }

  async #copyTable(table: Table): Promise<void> {
    const of = this.#source.count(table)
    const after = await this.#target.last(table)
    const before = after === undefined ? 0 : of - this.#source.count(table, after)
    let rows = before
    const tell = () => this.#tell({ step: 'copied', table: table.name, rows, of, before })
    let sending: Promise<void> = Promise.resolve()
    for (const batch of batches(this.#source.rows(table, after), this.#options.batchRows)) {
      // PostgreSQL takes in one while the next is read.
      await sending
      if (rows > before) tell()
      sending = this.#target.put(table, batch)
      // Looked at above.
      sending.catch(() => undefined)
      rows += batch.length
    }
    await sending
    tell()
  }

  async #compareTable(table: Table): Promise<void> {
    const of = this.#source.count(table)
    const tell = (rows: number) =>
      this.#tell({ step: 'compared', table: table.name, rows, of, before: 0 })
    const difference = await differenceIn(table, this.#source, this.#target, tell)
    if (difference !== undefined) throw this.#useless(`${table.name}: ${difference}`)
    if (of === 0) tell(0)
  }

  #tell(progress: CopyProgress): void {
    this.#options.onProgress?.(progress)
  }

  #useless(fault: string): StoreError {
    return new StoreError(
      `the copy in ${this.#shown} is not what is in the folder: ${fault}; begin anew with an empty database`,
    )
  }
}

function* batches(
  rows: Iterable<TableRow>,
  rowsMax = ROWS_MAX,
): Generator<readonly TableRow[], void> {
  let batch: TableRow[] = []
  let bytes = 0
  for (const row of rows) {
    batch.push(row)
    for (const value of row) bytes += sizeOf(value)
    if (batch.length < rowsMax && bytes < BYTES_MAX) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

function sizeOf(value: Value): number {
  return value === null || typeof value === 'number' ? 8 : value.length
}

/**
 * What was appended last goes from the journal to its place, by the rules by which a server on the
 * folder would do it. Servers that share a database have no journal.
 */
function settle(link: Link): void {
  const db = new PostgresDatabase(link)
  const journal = new Journal(db, new Users(db), new Conversations(db))
  db.exec('BEGIN')
  journal.settleAll()
  prepare(db, "UPDATE tchat_copy SET phase = 'settled'").run()
  db.exec('COMMIT')
}
