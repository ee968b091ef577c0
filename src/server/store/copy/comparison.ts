import type { CopySource } from './source.ts'
import { isSameRow, type Key, keyOf, keyText, type Table, type TableRow } from './tables.ts'
import type { CopyTarget } from './target.ts'

/**
 * Answers where the rows of a table are not the same on both sides, row for row; undefined: nowhere.
 * @param onRows how many were compared until now
 */
export async function differenceIn(
  table: Table,
  source: CopySource,
  target: CopyTarget,
  onRows: (rows: number) => void,
): Promise<string | undefined> {
  const ours = source.rows(table, undefined)[Symbol.iterator]()
  let after: Key | undefined
  let rows = 0
  for (;;) {
    const page = await target.page(table, after)
    for (const theirs of page) {
      const own: IteratorResult<TableRow, unknown> = ours.next()
      if (own.done === true) return `row (${keyText(table, theirs)}) is in the copy alone`
      if (!isSameRow(own.value, theirs)) {
        return `row (${keyText(table, own.value)}) is another one, or missing`
      }
    }
    const last = page.at(-1)
    if (last === undefined) break
    after = keyOf(table, last)
    rows += page.length
    onRows(rows)
  }
  const missing: IteratorResult<TableRow, unknown> = ours.next()
  if (missing.done === true) return undefined
  return `row (${keyText(table, missing.value)}) is missing`
}
