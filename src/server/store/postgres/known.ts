import type { Value } from '../statements.ts'

/** What was read ahead: by statement and values. */
export class Known {
  #rows = new Map<string, Map<string, readonly unknown[]>>()

  find(sql: string, values: readonly Value[]): readonly unknown[] | undefined {
    return this.#rows.get(sql)?.get(keyOf(values))
  }

  keep(sql: string, values: readonly Value[], rows: readonly unknown[]): void {
    const known = this.#rows.get(sql) ?? new Map<string, readonly unknown[]>()
    this.#rows.set(sql, known.set(keyOf(values), rows))
  }

  forget(): undefined {
    this.#rows.clear()
  }
}

function keyOf(values: readonly Value[]): string {
  return JSON.stringify(values.map(plain))
}

/** Values of one reading, in JSON: with its place among all. */
export function numbered(values: readonly Value[], at: number): Readonly<Record<string, unknown>> {
  const named = values.map((value, place) => [`p${place + 1}`, plain(value)])
  return Object.fromEntries([['ahead_at', at], ...named])
}

/**
 * The statement, once for each row of the JSON that is its only parameter.
 * @param like values that say of what types they are
 */
export function forEach(text: string, like: readonly Value[]): string {
  const columns = like.map(
    (value, at) => `p${at + 1} ${typeof value === 'number' ? 'bigint' : 'text'}`,
  )
  const body = text.replaceAll(/\$(\d+)/g, (_, number: string) => asOf(like, Number(number)))
  return `SELECT w.ahead_at, r.* FROM json_to_recordset($1::json) AS w(ahead_at bigint, ${columns.join(', ')})
    CROSS JOIN LATERAL (${body}) AS r`
}

function asOf(like: readonly Value[], number: number): string {
  const value = like[number - 1]
  if (typeof value === 'number') return `w.p${number}`
  // Both sides would say how they are compared.
  return typeof value === 'string' ? `w.p${number} COLLATE "C"` : `decode(w.p${number}, 'hex')`
}

function plain(value: Value): Value {
  if (!(value instanceof Uint8Array)) return value
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
}
