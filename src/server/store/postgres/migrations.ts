import { migrations } from '../schema.ts'
import { StoreError } from '../store-error.ts'
import { translateSchema } from './dialect.ts'
import type { Link } from './link.ts'

/** Two nodes that start at once make the tables once. Any number that nothing else locks. */
export const LOCK = 0x74636874

/**
 * Makes the tables, or brings them to the newest version.
 * @param purpose what they are for; a server begins on no copy that is not finished
 * @throws StoreError when they are of a newer tchat, or not for a server yet; PostgresError
 */
export function migrate(
  link: Link,
  steps: readonly string[] = migrations,
  purpose: 'server' | 'copy' = 'server',
): void {
  run(link, `BEGIN; SELECT pg_advisory_xact_lock(${LOCK})`)
  try {
    if (purpose === 'server') needWhole(link, false)
    run(link, 'CREATE TABLE IF NOT EXISTS tchat_version (version integer NOT NULL)')
    const [row] = run(link, 'SELECT version FROM tchat_version') as { version: number }[]
    const from = row?.version ?? 0
    if (from > steps.length) throw new StoreError(newer(from, steps.length))
    for (const step of steps.slice(from)) run(link, translateSchema(step))
    for (const sql of searchTables) run(link, sql)
    if (row === undefined) run(link, `INSERT INTO tchat_version VALUES (${steps.length})`)
    else run(link, `UPDATE tchat_version SET version = ${steps.length}`)
    run(link, 'COMMIT')
  } catch (error) {
    run(link, 'ROLLBACK')
    throw error
  }
}

/** Who only looks makes and upgrades nothing. @throws StoreError, PostgresError */
export function needNewest(link: Link): void {
  needWhole(link, true)
  if (!isThere(link, 'tchat_version', true)) {
    throw new StoreError("there is no server's data in the database of --store")
  }
  const [row] = run(link, 'SELECT version FROM tchat_version') as { version: number }[]
  const version = row?.version ?? 0
  if (version > migrations.length) throw new StoreError(newer(version, migrations.length))
  if (version === migrations.length) return
  throw new StoreError('the database is of an older tchat: a server of this one upgrades it')
}

/** Of a copy that is not finished, nobody knows what is in it. @throws StoreError, PostgresError */
function needWhole(link: Link, fresh: boolean): void {
  if (!isThere(link, 'tchat_copy', fresh)) return
  const [mark] = run(link, "SELECT folder FROM tchat_copy WHERE phase <> 'done'") as {
    folder: string
  }[]
  if (mark === undefined) return
  throw new StoreError(
    `the database of --store has a copy of ${mark.folder} that is not finished: ` +
      "'tchat admin copy' goes on with it; or name another database",
  )
}

function isThere(link: Link, table: string, fresh: boolean): boolean {
  const text = `SELECT to_regclass('${table}') IS NOT NULL AS found`
  const [there] = link.run([{ text, values: [] }], fresh).rows as { found: number }[]
  return there?.found === 1
}

/** Rises with every change of the index's tables, or of what is a word: then it is made anew. */
const SEARCH_VERSION = 1

/** The index of search: it holds nothing that the log has not. */
const searchTables: readonly string[] = [
  'CREATE TABLE IF NOT EXISTS search_made (version bigint NOT NULL)',
  `CREATE TABLE IF NOT EXISTS search_texts (
    id bigint PRIMARY KEY, conversation bigint NOT NULL, seq bigint NOT NULL, words tsvector NOT NULL
  )`,
  'CREATE UNIQUE INDEX IF NOT EXISTS search_by_place ON search_texts (conversation, seq)',
  'CREATE INDEX IF NOT EXISTS search_by_words ON search_texts USING gin (words)',
  `CREATE TABLE IF NOT EXISTS search_progress (
    conversation bigint PRIMARY KEY, reached bigint NOT NULL, first bigint NOT NULL
  )`,
  `DO $$ BEGIN
    IF coalesce((SELECT max(version) FROM search_made), 0) < ${searchVersion()} THEN
      DELETE FROM search_texts; DELETE FROM search_progress; DELETE FROM search_made;
      INSERT INTO search_made VALUES (${searchVersion()});
    END IF;
  END $$`,
]

/** Newer tables of Unicode may fold a text to other words; of several nodes the newest says which. */
function searchVersion(): number {
  return SEARCH_VERSION * 1_000_000 + Math.round(Number(process.versions['unicode'] ?? 0) * 10)
}

function run(link: Link, text: string): readonly unknown[] {
  return link.run([{ text, values: [] }], text.startsWith('BEGIN')).rows
}

function newer(version: number, known: number): string {
  return (
    `the database has version ${version}, this tchat knows versions up to ${known}: ` +
    'it was written by a newer tchat; run that one'
  )
}
