/** What can be bound to a statement's parameters. */
export type Value = number | string | Uint8Array | null

/**
 * What the store's rules need of a database: node:sqlite's has it, and PostgreSQL's by
 * `postgres/database.ts`. All of it is synchronous: it is used in the store's thread alone.
 */
export type Database = Readonly<{
  /** In the middle of a transaction. */
  isTransaction: boolean
  prepare(sql: string): unknown
  /** Statements without parameters and rows. */
  exec(sql: string): void
}>

/** A prepared statement whose rows have that form: the schema promises it (its tables are STRICT). */
export type Statement<Row> = {
  get(...values: readonly Value[]): Row | undefined
  iterate(...values: readonly Value[]): Iterable<Row>
  all(...values: readonly Value[]): readonly Row[]
  run(...values: readonly Value[]): Readonly<{ changes: number | bigint }>
}

/** Compiles the statement. @throws the database's error when it does not fit the schema */
export function prepare<Row = never>(db: Database, sql: string): Statement<Row> {
  return db.prepare(sql) as Statement<Row>
}
