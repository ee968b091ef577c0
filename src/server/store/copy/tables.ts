import type { DatabaseSync } from 'node:sqlite'
import type { Value } from '../statements.ts'

/** What a table's rows are made of, so that they can be carried to another database as they are. */

export type Table = Readonly<{
  name: string
  columns: readonly Column[]
  /** Places of the key's columns among them, in the key's order. */
  key: readonly number[]
}>

/** A type as PostgreSQL calls it. */
type Column = Readonly<{ name: string; type: 'bigint' | 'text' | 'bytea' }>

/** The values of a row, in the order of the columns. */
export type TableRow = readonly Value[]

/** What a row is found by. */
export type Key = readonly Value[]

const TYPES: Readonly<Record<string, Column['type']>> = {
  INTEGER: 'bigint',
  TEXT: 'text',
  BLOB: 'bytea',
}

/** Every table that the migrations made, whatever comes to be among them. */
export function tablesOf(db: DatabaseSync): readonly Table[] {
  const names = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
  return names.map(({ name }) => tableOf(db, String(name)))
}

function tableOf(db: DatabaseSync, name: string): Table {
  const rows = db.prepare('SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid').all(name)
  const columns = rows.map((row) => ({ name: String(row['name']), type: typeOf(row['type']) }))
  const places = rows.map((row, at) => ({ at, pk: Number(row['pk']) })).filter(({ pk }) => pk > 0)
  return { name, columns, key: places.sort((a, b) => a.pk - b.pk).map(({ at }) => at) }
}

function typeOf(declared: unknown): Column['type'] {
  const type = TYPES[String(declared)]
  if (type === undefined) throw new Error(`columns of type ${String(declared)} are not copied`)
  return type
}

export function keyOf({ key }: Table, row: TableRow): Key {
  return key.map((at) => row[at] ?? null)
}

/** For people: `1, 17`. */
export function keyText(table: Table, row: TableRow): string {
  const key = keyOf(table, row)
  return key.map((value) => (value instanceof Uint8Array ? hex(value) : String(value))).join(', ')
}

/** Names of its columns, or of those of its key, for a statement of either database. */
export function columnList({ columns, key }: Table, of: 'all' | 'key' = 'all'): string {
  const named = of === 'all' ? columns : key.flatMap((at) => columns[at] ?? [])
  return named.map(({ name }) => `"${name}"`).join(', ')
}

export function isSameRow(one: TableRow, other: TableRow): boolean {
  return one.length === other.length && one.every((value, at) => isSame(value, other[at] ?? null))
}

function isSame(one: Value, other: Value): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) {
    return Buffer.compare(one, other) === 0
  }
  return one === other
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
