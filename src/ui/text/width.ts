import stringWidth from 'string-width'
import { graphemes } from './graphemes.ts'
import { PLAIN_CELLS, UNSURE } from './plain.ts'

const CACHE_ENTRIES_MAX = 4096
/** A cluster with many combining marks may be of any length; such are measured, not kept. */
const CACHE_KEY_UNITS_MAX = 32

/** Widths of clusters seen before. A memo of a pure function, so nobody can tell that it is there. */
const measured = new Map<string, number>()

/** How many terminal cells `text` takes on one row. Tabs, newlines and controls count nothing. */
export function textWidth(text: string): number {
  let cells = 0
  for (let index = 0; index < text.length; index++) {
    const width = PLAIN_CELLS[text.charCodeAt(index)] ?? UNSURE
    if (width === UNSURE) return cellsOf(graphemes(text))
    cells += width
  }
  return cells
}

/** The cells of `clusters[start, end)` side by side: the column of the cursor before `end`. */
export function cellsOf(
  clusters: readonly string[],
  start = 0,
  end: number = clusters.length,
): number {
  let cells = 0
  for (let index = start; index < end; index++) cells += graphemeWidth(clusters[index] ?? '')
  return cells
}

/**
 * The index in `clusters[start, end]` whose column is `column`, or the last one before it: where
 * the cursor lands when it comes from another row.
 */
export function indexAtCell(
  clusters: readonly string[],
  column: number,
  start = 0,
  end: number = clusters.length,
): number {
  let cells = 0
  for (let index = start; index < end; index++) {
    cells += graphemeWidth(clusters[index] ?? '')
    if (cells > column) return index
  }
  return end
}

/** The cells of one grapheme cluster: 0, 1 or 2, for a few scripts more. */
export function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1) {
    const width = PLAIN_CELLS[grapheme.charCodeAt(0)] ?? UNSURE
    if (width !== UNSURE) return width
  }
  return measured.get(grapheme) ?? measure(grapheme)
}

function measure(grapheme: string): number {
  const width = stringWidth(grapheme)
  if (grapheme.length <= CACHE_KEY_UNITS_MAX) {
    if (measured.size >= CACHE_ENTRIES_MAX) measured.clear()
    measured.set(grapheme, width)
  }
  return width
}
