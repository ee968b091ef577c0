import { graphemeWidth } from '../text/width.ts'

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
  const found: Range[] = []
  let at = { index: 0, offset: 0 }
  for (const { index, segment, isWordLike } of segmenter.segment(clusters.join(''))) {
    if (isWordLike !== true) continue
    const start = indexFrom(clusters, at, index)
    at = indexFrom(clusters, start, index + segment.length)
    found.push({ start: start.index, end: at.index })
  }
  return found
}

type WordPlace = Readonly<{ index: number; offset: number }>

/** The first cluster from `place` on that begins at or behind `offset` UTF-16 units. */
function indexFrom(clusters: readonly string[], place: WordPlace, offset: number): WordPlace {
  let { index, offset: units } = place
  while (units < offset && index < clusters.length) {
    units += clusters[index]?.length ?? 0
    index++
  }
  return { index, offset: units }
}

function isBlank(cluster: string | undefined): boolean {
  return cluster !== undefined && BLANK.test(cluster)
}

function isWide(cluster: string | undefined): boolean {
  return cluster !== undefined && graphemeWidth(cluster) > 1 && /^\p{L}/u.test(cluster)
}
