import type { Look } from '../look.ts'
import { cutText } from '../text/fit.ts'

/** In less, what one types has no room where it could be seen. */
const COLUMNS_MIN = 20
const ROWS_MIN = 5

export function isTooSmall({
  columns,
  rows,
}: Readonly<{ columns: number; rows: number }>): boolean {
  return columns < COLUMNS_MIN || rows < ROWS_MIN
}

/** Says so, in one row of that width. */
export function tooSmallRow(width: number, { words }: Look): string {
  return cutText(words.tooSmall(COLUMNS_MIN, ROWS_MIN), width)
}
