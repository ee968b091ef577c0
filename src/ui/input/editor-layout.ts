import { breakLine, type RowRange } from '../text/breaks.ts'
import { sureText } from '../text/fit.ts'
import { isPlain } from '../text/plain.ts'
import { cellsOf, graphemeWidth, indexAtCell } from '../text/width.ts'
import type { TextAndCursor } from './clusters.ts'

/** A tab in a draft is drawn as this many blanks. */
const TAB = '    '
/** Stands for a grapheme that is wider than the whole column. */
const TOO_WIDE = '…'

/** What of a text is drawn: at most `maxRows` rows around the cursor's. */
export type EditorLayout = Readonly<{
  rows: readonly string[]
  /** Counted in `rows`; the column in cells. The cursor's cell is always within the width. */
  cursorRow: number
  cursorColumn: number
  /** Rows out of view. */
  rowsAbove: number
  rowsBelow: number
}>

/** Wraps a text into `width` cells, the last of which is kept free for the cursor. */
export function layoutEditor(place: TextAndCursor, width: number, maxRows: number): EditorLayout {
  const { rows, row, column, cells } = rowOfCursor(place, width)
  const count = Math.max(1, Math.min(maxRows, rows.length))
  const wanted = row - Math.floor(count / 2)
  const first = Math.max(0, Math.min(wanted, rows.length - count))
  const most = columnOf(width)
  return {
    rows: rows.slice(first, first + count).map((range) => rowText(cells, range, most)),
    cursorRow: row - first,
    cursorColumn: Math.min(column, Math.max(0, width - 1)),
    rowsAbove: first,
    rowsBelow: rows.length - first - count,
  }
}

/**
 * A field of one line, scrolled so that the cursor is in view; of `width` cells the last is kept free
 * for it. The column in cells.
 */
export function layoutLine(
  { clusters, cursor }: TextAndCursor,
  width: number,
): Readonly<{ row: string; column: number }> {
  const most = columnOf(width)
  const cells = drawn(clusters).map((one) => (graphemeWidth(one) > most ? TOO_WIDE : one))
  let start = cursor
  while (start > 0 && cellsOf(cells, start - 1, cursor) <= most) start -= 1
  let end = cursor
  while (end < cells.length && cellsOf(cells, start, end + 1) <= most) end += 1
  return { row: cells.slice(start, end).join(''), column: cellsOf(cells, start, cursor) }
}

/**
 * Every wrapped row of a text, and where in them the cursor is, the column in cells. `cells`: what is
 * drawn for each cluster.
 */
export function rowOfCursor(
  { clusters, cursor }: TextAndCursor,
  width: number,
): LaidOut & Readonly<{ row: number; column: number }> {
  const laid = laidOut(clusters, columnOf(width))
  const { rows, cells } = laid
  const row = rows.findLastIndex(({ start }) => start <= cursor)
  const start = rows[row]?.start ?? 0
  return { ...laid, row, column: cellsOf(cells, start, cursor) }
}

/** The index in a row that is nearest to a column; the place behind a wrapped row is the next's. */
export function indexAtRowColumn(
  cells: readonly string[],
  { start, end }: RowRange,
  column: number,
  isLast: boolean,
): number {
  const index = indexAtCell(cells, column, start, end)
  const endsLine = isLast || cells[end] === '\n'
  return index === end && !endsLine && end > start ? end - 1 : index
}

function columnOf(width: number): number {
  return Math.max(1, width - 1)
}

type LaidOut = Readonly<{ width: number; rows: readonly RowRange[]; cells: readonly string[] }>

/**
 * Texts laid out before: one is asked for several times for each key, and only moving the cursor
 * changes nothing of it. A memo of a pure function, so nobody can tell that it is there.
 */
const known = new WeakMap<readonly string[], LaidOut>()

function laidOut(clusters: readonly string[], width: number): LaidOut {
  const before = known.get(clusters)
  if (before?.width === width) return before
  const cells = drawn(clusters)
  const fresh = { width, cells, rows: wrapped(clusters, cells, width) }
  known.set(clusters, fresh)
  return fresh
}

/** The rows of every line; a newline belongs to no row. */
function wrapped(
  clusters: readonly string[],
  cells: readonly string[],
  width: number,
): readonly RowRange[] {
  const rows: RowRange[] = []
  let start = 0
  while (start <= clusters.length) {
    const found = clusters.indexOf('\n', start)
    const end = found === -1 ? clusters.length : found
    for (const row of breakLine(cells.slice(start, end), width)) {
      rows.push({ start: start + row.start, end: start + row.end })
    }
    start = end + 1
  }
  return rows
}

/** Blanks that hang over the edge are not drawn: there is no cell for them. */
function rowText(cells: readonly string[], { start, end }: RowRange, width: number): string {
  const row = cells.slice(start, end).map((one) => (graphemeWidth(one) > width ? TOO_WIDE : one))
  while (cellsOf(row) > width) row.pop()
  return row.join('')
}

/**
 * What is drawn for each cluster. The cursor must stand in the right cell whatever terminal it is,
 * so an emoji that terminals measure differently is drawn as its sure form; it is sent as it is.
 */
function drawn(clusters: readonly string[]): readonly string[] {
  return clusters.map((cluster) => {
    if (cluster === '\t') return TAB
    return isPlain(cluster) ? cluster : sureForm(cluster)
  })
}

const FORMS_MAX = 1024
const FORM_UNITS_MAX = 32
/** The sure forms of graphemes seen before. A memo of a pure function, too. */
const forms = new Map<string, string>()

function sureForm(cluster: string): string {
  const form = forms.get(cluster) ?? sureText(cluster)
  if (cluster.length > FORM_UNITS_MAX) return form
  if (forms.size >= FORMS_MAX) forms.clear()
  forms.set(cluster, form)
  return form
}
