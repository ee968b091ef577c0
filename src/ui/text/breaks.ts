import { widestCells } from './widest.ts'

/** One row of a wrapped line: the clusters from `start` up to, not including, `end`. */
export type RowRange = { readonly start: number; readonly end: number }

/** Must not stand at the start of a row, must not stand at its end (Chinese and Japanese). */
const NOT_FIRST =
  /^[、。，．・：；？！ー々〉》」』】〕〗）］｝〟’”…‥゛゜ヽヾゝゞぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;?!)\]}]/u
const NOT_LAST = /^[〈《「『【〔〖（［｛〝‘“([{]/u
const BLANK = /^[ \t\u3000]+$/

/**
 * Breaks one line without newlines into rows of at most `width` cells, on any terminal: after blanks and beside
 * wide graphemes, inside a word only when it is wider than a whole row. The rows follow each other
 * without a gap, so no cluster is lost; the blanks at the end of a row may hang over its
 * edge. A cluster wider than `width` gets a row of its own.
 */
export function breakLine(clusters: readonly string[], width: number): RowRange[] {
  const rows: RowRange[] = []
  let start = 0
  let cells = 0
  let breakAt = 0
  for (let index = 0; index < clusters.length; index++) {
    const cluster = clusters[index] ?? ''
    if (index > start && mayBreak(clusters[index - 1] ?? '', cluster)) breakAt = index
    cells += widestCells(cluster)
    if (isBlank(cluster)) continue
    while (cells > width && index > start) {
      const next = breakAt > start ? breakAt : index
      cells -= rangeCells(clusters, start, next)
      rows.push({ start, end: next })
      start = next
    }
  }
  rows.push({ start, end: clusters.length })
  return rows
}

/** Whether the cluster separates words and may vanish at the end of a row. */
export function isBlank(cluster: string): boolean {
  const first = cluster.charCodeAt(0)
  if (first !== 0x20 && first !== 0x09 && first !== 0x3000) return false
  return cluster.length === 1 || BLANK.test(cluster)
}

function mayBreak(before: string, after: string): boolean {
  if (isBlank(after)) return false
  if (isBlank(before)) return true
  // Asked last, because the patterns cost most: nearly all text is narrow.
  if (widestCells(before) < 2 && widestCells(after) < 2) return false
  return !NOT_FIRST.test(after) && !NOT_LAST.test(before)
}

function rangeCells(clusters: readonly string[], start: number, end: number): number {
  let cells = 0
  for (let index = start; index < end; index++) cells += widestCells(clusters[index] ?? '')
  return cells
}
