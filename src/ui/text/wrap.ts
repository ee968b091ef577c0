import { breakLine, isBlank, type RowRange } from './breaks.ts'
import { sureText } from './fit.ts'
import { graphemes } from './graphemes.ts'
import { widestCells, widestWidth } from './widest.ts'
import { textWidth } from './width.ts'

const TAB_CELLS = 4
/** Stands for a grapheme that is wider than the whole column. */
const TOO_WIDE = '…'

/**
 * The rows of `text` in a column of `width` cells, none wider than that on any terminal. Breaks at newlines, blanks
 * and beside wide graphemes, inside a word only when it is wider than a row. Only the blanks around
 * a break are left out; indentation stays. A width below 1 counts as 1.
 */
export function wrapText(text: string, width: number): string[] {
  const column = Math.max(1, Math.floor(width))
  return text.split(/\r\n|[\n\r\u2028\u2029]/).flatMap((line) => wrapLine(expandTabs(line), column))
}

/** `line` with its tabs as spaces up to the next multiple of 4 cells. */
export function expandTabs(line: string): string {
  if (!line.includes('\t')) return line
  const [first = '', ...rest] = line.split('\t')
  return rest.reduce((done, part) => {
    return done + ' '.repeat(TAB_CELLS - (textWidth(done) % TAB_CELLS)) + part
  }, first)
}

function wrapLine(line: string, width: number): string[] {
  if (widestWidth(line) <= width) return [line]
  const clusters = graphemes(line)
  const rows = breakLine(clusters, width)
  return rows.map((row) => rowText(clusters, row, width))
}

function rowText(clusters: readonly string[], { start, end }: RowRange, width: number): string {
  let last = end
  while (last > start && isBlank(clusters[last - 1] ?? '')) last--
  const row = clusters.slice(start, last)
  return row.map((cluster) => fitting(cluster, width)).join('')
}

/** A grapheme in a form that a column of `width` cells has room for, on any terminal. */
export function fitting(cluster: string, width: number): string {
  if (widestCells(cluster) <= width) return cluster
  const sure = sureText(cluster)
  return widestCells(sure) <= width ? sure : TOO_WIDE
}
