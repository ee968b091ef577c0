import { graphemes } from '../text/graphemes.ts'
import { isPlain } from '../text/plain.ts'

/** A text as grapheme clusters, and a place between two of them. */
export type TextAndCursor = Readonly<{ clusters: readonly string[]; cursor: number }>

/**
 * Replaces `clusters[start, end)` with `text`; the cursor ends up behind it. Clusters can grow
 * together over the seams (a combining mark after a letter, a joiner between emoji): the result is
 * what `graphemes` makes of the whole text, and the cursor never stands inside a cluster.
 */
export function splice(
  clusters: readonly string[],
  start: number,
  end: number,
  text: string,
): TextAndCursor {
  if (seamsHold(clusters, start, end, text)) {
    const inserted = graphemes(text)
    const joined = [...clusters.slice(0, start), ...inserted, ...clusters.slice(end)]
    return { clusters: joined, cursor: start + inserted.length }
  }
  const head = clusters.slice(0, start).join('') + text
  const whole = graphemes(head + clusters.slice(end).join(''))
  return { clusters: whole, cursor: indexAtOffset(whole, head.length) }
}

/** The first index whose cluster begins at or behind `offset` UTF-16 units. */
export function indexAtOffset(clusters: readonly string[], offset: number): number {
  let units = 0
  for (const [index, cluster] of clusters.entries()) {
    if (units >= offset) return index
    units += cluster.length
  }
  return clusters.length
}

function seamsHold(clusters: readonly string[], start: number, end: number, text: string): boolean {
  return isPlain(text) && isPlain(clusters[start - 1] ?? '') && isPlain(clusters[end] ?? '')
}
