import type { Value } from '../statements.ts'
import { translate } from './dialect.ts'
import { plain } from './known.ts'
import type { Query } from './link.ts'

/** A statement, and what it is to be asked with: each of these. */
export type Ask = Readonly<{ sql: string; all: readonly (readonly Value[])[] }>

/** For each of the values of an `Ask`. */
export type Rows = readonly (readonly unknown[])[]

/** A row of one of the statements: of which, for which of its values, and what is in it, in JSON. */
export type AheadRow = Readonly<{ ask_at: number; ahead_at: number; row: string }>

/** Texts that were made, by what was asked: there are few. */
const texts = new Map<string, string>()

/** All of it in one statement, whose rows are `AheadRow`. At least one asks something. */
export function together(asked: readonly Ask[]): Query {
  const some = [...asked.entries()].filter(([, { all }]) => all.length > 0)
  const key = some
    .map(([at, { sql, all }]) => `${at} ${all[0]?.map((value) => asOf([value], 1))} ${sql}`)
    .join('\n')
  const text = texts.get(key) ?? textOf(some)
  texts.set(key, text)
  return { text, values: some.map(([, { all }]) => JSON.stringify(all.map(numbered))) }
}

function textOf(some: readonly (readonly [at: number, ask: Ask])[]): string {
  const parts = some.map(
    (
      [
        at,
        {
          sql,
          all: [like = []],
        },
      ],
      place,
    ) => {
      const body = translate(sql).replaceAll(/\$(\d+)/g, (_, number: string) => {
        return asOf(like, Number(number))
      })
      const columns = like.map((value, column) => `p${column + 1} ${typeOf(value)}`)
      return `SELECT ${at} AS ask_at, w.ahead_at, row_to_json(r) AS row
      FROM json_to_recordset($${place + 1}::json) AS w(ahead_at bigint, ${columns.join(', ')})
      CROSS JOIN LATERAL (${body}) AS r`
    },
  )
  return parts.join(' UNION ALL ')
}

/** Values of one reading, in JSON: with its place among all. */
function numbered(values: readonly Value[], at: number): Readonly<Record<string, unknown>> {
  const named = values.map((value, place) => [`p${place + 1}`, plain(value)])
  return Object.fromEntries([['ahead_at', at], ...named])
}

/** In JSON. */
function typeOf(value: Value): 'bigint' | 'text' {
  return typeof value === 'number' ? 'bigint' : 'text'
}

function asOf(like: readonly Value[], number: number): string {
  const value = like[number - 1]
  if (typeof value === 'number') return `w.p${number}`
  // Both sides would say how they are compared.
  return typeof value === 'string' ? `w.p${number} COLLATE "C"` : `decode(w.p${number}, 'hex')`
}
