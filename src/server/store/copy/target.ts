import { Client, types } from 'pg'
import { PostgresError } from '../postgres/link.ts'
import { LOCK as MIGRATION_LOCK } from '../postgres/migrations.ts'
import { shareFiles } from '../postgres/shared-files.ts'
import type { Value } from '../statements.ts'
import { StoreError } from '../store-error.ts'
import type { Origin } from './source.ts'
import { columnList, type Key, keyOf, type Table, type TableRow } from './tables.ts'

/**
 * How far a copy is: rows are being carried over; they are there, compared, and the journal is
 * settled; servers may have it.
 */
export type Phase = 'copying' | 'settled' | 'done'

const INT8 = 20
/** Held as long as a copy goes on, in each schema by one. Any number but those of the store. */
const LOCK = 0x74636878
/** Who was killed in the middle of a statement still holds it for a moment. */
const LOCK_MS_MAX = 60_000
const CONNECT_MS_MAX = 10_000
/** Of one statement, on a disk that is very slow. */
const ANSWER_MS_MAX = 600_000
/** Rows that are read at a time. */
const PAGE_ROWS = 4_096

type Mark = Origin & Readonly<{ phase: Phase }>

/** The database that a folder is copied into, of which one row says what is in it. */
export class CopyTarget {
  #client: Client
  #shown: string

  private constructor(client: Client, shown: string) {
    this.#client = client
    this.#shown = shown
  }

  /** @param shown how it is called in what is said @throws PostgresError; StoreError when another copy is under way */
  static async open(url: string, shown: string): Promise<CopyTarget> {
    const client = new Client({
      connectionString: url,
      application_name: 'tchat copy',
      connectionTimeoutMillis: CONNECT_MS_MAX,
      query_timeout: ANSWER_MS_MAX,
      keepAlive: true,
      types: { getTypeParser: parserOf },
    })
    // What is under way is told of it.
    client.on('error', () => undefined)
    const target = new CopyTarget(client, shown)
    await asPostgresError(() => client.connect())
    try {
      await target.#take()
      return target
    } catch (error) {
      await target.close()
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => undefined)
  }

  /**
   * How far the copy is; undefined: there is nothing in the database.
   * @throws StoreError when there is anything else in it
   */
  async phaseOf(origin: Origin): Promise<Phase | undefined> {
    const found = await this.#rows(
      'SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename',
    )
    const names = found.map(([name]) => String(name))
    if (names.includes('tchat_copy')) return this.#markedPhase(origin)
    if (names.length > 0) throw this.#occupied(names)
    return undefined
  }

  /** From here on only this copy goes into the empty database. @throws as phaseOf */
  async mark(origin: Origin): Promise<void> {
    await this.#ask('BEGIN')
    // No server makes tables in between.
    await this.#ask('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    try {
      await this.phaseOf(origin)
      await this.#ask(
        'CREATE TABLE tchat_copy (folder text, server text, state text, phase text NOT NULL)',
      )
      const { folder, server, state } = origin
      const mark = [folder, server, state, 'copying' satisfies Phase]
      await this.#ask('INSERT INTO tchat_copy VALUES ($1, $2, $3, $4)', mark)
      await this.#ask('COMMIT')
    } catch (error) {
      if (error instanceof StoreError) await this.#ask('ROLLBACK')
      throw error
    }
  }

  /** The key of the last row that is there: they come in the order of keys. */
  async last(table: Table): Promise<Key | undefined> {
    const backwards = columnList(table, 'key').replaceAll('",', '" DESC,')
    const [row] = await this.#rows(
      `SELECT ${columnList(table)} FROM "${table.name}" ORDER BY ${backwards} DESC LIMIT 1`,
    )
    return row && keyOf(table, row)
  }

  /** All of them or none. */
  async put(table: Table, rows: readonly TableRow[]): Promise<void> {
    const arrays = table.columns.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ')
    await this.#ask(
      `INSERT INTO "${table.name}" (${columnList(table)}) SELECT * FROM unnest(${arrays})`,
      table.columns.map((_, at) => rows.map((row) => parameter(row[at] ?? null))),
    )
  }

  /** Some of the rows behind that key, in the order of keys; none: there are no more. */
  page(table: Table, after: Key | undefined): Promise<readonly TableRow[]> {
    const key = columnList(table, 'key')
    const marks = (after ?? []).map((_, at) => `$${at + 1}`).join(', ')
    const behind = after === undefined ? '' : `WHERE (${key}) > (${marks})`
    return this.#rows(
      `SELECT ${columnList(table)} FROM "${table.name}" ${behind} ORDER BY ${key} LIMIT ${PAGE_ROWS}`,
      (after ?? []).map(parameter),
    )
  }

  /** PostgreSQL knows how much is where before it is asked for all. */
  async analyze(tables: readonly Table[]): Promise<void> {
    await this.#ask(`ANALYZE ${tables.map(({ name }) => `"${name}"`).join(', ')}`)
  }

  /** From here on it is a server's database like any other, and that is on disk. */
  async finish(
    folder: string,
    numbers: readonly Readonly<{ table: string; last: number }>[],
  ): Promise<void> {
    await this.#ask('RESET synchronous_commit')
    await this.#ask('BEGIN')
    for (const { table, last } of numbers) {
      await this.#ask("SELECT setval(pg_get_serial_sequence($1, 'id'), $2)", [table, last])
    }
    await asPostgresError(() => shareFiles(this.#client, folder))
    await this.#ask("UPDATE tchat_copy SET phase = 'done'")
    await this.#ask('COMMIT')
  }

  async #take(): Promise<void> {
    await this.#ask(`SET lock_timeout = ${LOCK_MS_MAX}`)
    try {
      const schema = "hashtext(coalesce(current_schema(), ''))"
      await this.#ask(`SELECT pg_advisory_lock(${LOCK}, ${schema})`)
    } catch (error) {
      if (!(error instanceof PostgresError) || error.code !== LOCK_NOT_AVAILABLE) throw error
      throw new StoreError(`another 'tchat admin copy' into ${this.#shown} is under way`)
    }
    await this.#ask('SET lock_timeout = 0')
    // What is lost when PostgreSQL crashes is lost from the end, and carried over again.
    await this.#ask('SET synchronous_commit = off')
  }

  #occupied(names: readonly string[]): StoreError {
    const what = names.includes('tchat_version')
      ? 'has the data of a server already'
      : `has tables of another program (${names.slice(0, 3).join(', ')})`
    return new StoreError(`${this.#shown} ${what}: name an empty database with --to`)
  }

  async #markedPhase({ server, state }: Origin): Promise<Phase> {
    const { rows } = await asPostgresError(() =>
      this.#client.query<Mark>('SELECT folder, server, state, phase FROM tchat_copy'),
    )
    const [mark] = rows
    if (mark === undefined) throw new StoreError(`the copy in ${this.#shown} has lost its mark`)
    if (mark.phase === 'done') {
      const next = 'start servers on it with --store, or name an empty database with --to'
      throw new StoreError(`${this.#shown} has the whole copy of ${mark.folder} already: ${next}`)
    }
    if (mark.server !== server) {
      const begun = `has a copy of another server's data (${mark.folder}) that is not finished`
      throw new StoreError(`${this.#shown} ${begun}: name an empty database with --to`)
    }
    if (mark.state !== state) {
      throw new StoreError(
        `the data in the folder have changed since their copy into ${this.#shown} was begun: ` +
          'begin anew with an empty database',
      )
    }
    return mark.phase
  }

  async #ask(text: string, values: unknown[] = []): Promise<void> {
    await asPostgresError(() => this.#client.query(text, values))
  }

  async #rows(text: string, values: unknown[] = []): Promise<readonly TableRow[]> {
    const query = { text, values, rowMode: 'array' as const }
    const { rows } = await asPostgresError(() => this.#client.query<Value[]>(query))
    return rows
  }
}

const LOCK_NOT_AVAILABLE = '55P03'

/** PostgreSQL's own refusals have a code; others mean that it cannot be asked any more. */
async function asPostgresError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code = '', message } = error as Error & { code?: string }
    throw new PostgresError({ kind: 'error', code, message, lost: code === '' })
  }
}

function parameter(value: Value): unknown {
  if (!(value instanceof Uint8Array)) return value
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}

/** Numbers are below 2^53. */
function parserOf(oid: number, format?: 'text' | 'binary') {
  return oid === INT8 ? Number : types.getTypeParser(oid, format)
}
