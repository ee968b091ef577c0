import type { DatabaseSync } from 'node:sqlite'

/** What can be bound to a statement's parameters. */
export type Value = number | string | Uint8Array | null

/** A prepared statement whose rows have that form: the schema promises it (its tables are STRICT). */
export type Statement<Row> = {
  get(...values: readonly Value[]): Row | undefined
  iterate(...values: readonly Value[]): Iterable<Row>
  all(...values: readonly Value[]): readonly Row[]
  run(...values: readonly Value[]): { changes: number | bigint; lastInsertRowid: number | bigint }
}

/** Compiles the statement. @throws the database's error when it does not fit the schema */
export function prepare<Row = never>(db: DatabaseSync, sql: string): Statement<Row> {
  return db.prepare(sql) as unknown as Statement<Row>
}
