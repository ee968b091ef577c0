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

/** Bytes in hex. */
export function plain(value: Value): Value {
  if (!(value instanceof Uint8Array)) return value
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')
}

/** Values as one text: the same for the same ones. */
export function keyOf(values: readonly Value[]): string {
  return JSON.stringify(values.map(plain))
}
