import { graphemeWidth } from '../text/width.ts'
import { indexAtOffset } from './clusters.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' })
const BLANK = /^\s/u

type Range = Readonly<{ start: number; end: number }>

/** Where the word before `cursor` begins, 0 when there is none. */
export function wordLeft(clusters: readonly string[], cursor: number): number {
  return words(clusters).findLast((word) => word.start < cursor)?.start ?? 0
}

/** Where the word behind `cursor` ends, the end of the text when there is none. */
export function wordRight(clusters: readonly string[], cursor: number): number {
  return words(clusters).find((word) => word.end > cursor)?.end ?? clusters.length
}

/**
 * Where what Ctrl-W kills begins: everything back to a blank. Scripts without blanks between words
 * would lose a whole sentence, so a word of wide clusters ends it, too.
 */
export function blankLeft(clusters: readonly string[], cursor: number): number {
  let start = cursor
  while (start > 0 && isBlank(clusters[start - 1])) start--
  if (isWide(clusters[start - 1])) return wordLeft(clusters, start)
  while (start > 0 && !isBlank(clusters[start - 1]) && !isWide(clusters[start - 1])) start--
  return start
}

function words(clusters: readonly string[]): Range[] {
  const segments = Array.from(segmenter.segment(clusters.join('')))
  return segments
    .filter((segment) => segment.isWordLike === true)
    .map(({ index, segment }) => ({
      start: indexAtOffset(clusters, index),
      end: indexAtOffset(clusters, index + segment.length),
    }))
}

function isBlank(cluster: string | undefined): boolean {
  return cluster !== undefined && BLANK.test(cluster)
}

function isWide(cluster: string | undefined): boolean {
  return cluster !== undefined && graphemeWidth(cluster) > 1 && /^\p{L}/u.test(cluster)
}
