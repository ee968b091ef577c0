import { MOVE_CURSORS } from '../log/conversations.ts'
import type { Value } from '../statements.ts'
import { translate } from './dialect.ts'
import type { Query } from './link.ts'

/** What many rows of are written in one transaction, and in which order does not matter. */
const INSERT = /^INSERT INTO (?:entries|nonces) \((.*?)\) VALUES/
/** What is moved was read before, and is in memory. */
export const MOVES = translate(MOVE_CURSORS)
/** PostgreSQL takes 65,535 parameters. */
const ROWS_MAX = 2_000

/** The same writes in fewer statements. */
export function gathered(queries: readonly Query[]): readonly Query[] {
  const result: Query[] = []
  let together: Query[] = []
  for (const query of queries) {
    if (query.text === MOVES || INSERT.test(query.text)) {
      together.push(query)
      continue
    }
    result.push(...merged(together), query)
    together = []
  }
  result.push(...merged(together))
  return result
}

function merged(queries: readonly Query[]): readonly Query[] {
  if (queries.length <= 1) return queries
  const inserts = new Map<string, Value[][]>()
  const moves = new Map<string, readonly Value[]>()
  for (const { text, values } of queries) {
    const [head, columns = ''] = INSERT.exec(text) ?? []
    if (head === undefined) {
      // The last one counts.
      moves.set(`${values[3]} ${values[4]}`, values)
      continue
    }
    const rows = inserts.get(head) ?? []
    inserts.set(head, rows)
    const width = columns.split(',').length
    for (let at = 0; at < values.length; at += width) rows.push(values.slice(at, at + width))
  }
  const all = [...inserts].flatMap(([head, rows]) => insertsOf(head, rows))
  return moves.size === 0 ? all : [...all, moved([...moves.values()])]
}

function insertsOf(head: string, rows: readonly (readonly Value[])[]): readonly Query[] {
  const queries: Query[] = []
  for (let from = 0; from < rows.length; from += ROWS_MAX) {
    const some = rows.slice(from, from + ROWS_MAX)
    let parameter = 0
    const places = some.map((row) => {
      const marks = row.map(() => {
        parameter += 1
        return `$${parameter}`
      })
      return `(${marks.join(', ')})`
    })
    queries.push({ text: `${head} ${places.join(', ')}`, values: some.flat(), once: true })
  }
  return queries
}

function moved(rows: readonly (readonly Value[])[]): Query {
  const text = `UPDATE memberships AS m SET delivered = w.delivered, read = w.read, read_n = w.n
    FROM json_to_recordset($1::json) AS w(
      delivered bigint, read bigint, n bigint, conversation bigint, member bigint)
    WHERE m.conversation = w.conversation AND m."user" = w.member`
  const values = rows.map(([delivered, read, n, conversation, member]) => {
    return { delivered, read, n, conversation, member }
  })
  return { text, values: [JSON.stringify(values)] }
}
