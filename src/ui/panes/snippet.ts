import { cutText } from '../text/fit.ts'
import { graphemes } from '../text/graphemes.ts'
import { textWidth } from '../text/width.ts'

/** Cells before the first word that is marked, where the text has to be cut on the left. */
const BEFORE = 12

/** One row of a text, in at most `width` cells, with the first of the words in it. */
export function snippet(text: string, query: string, width: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const [first] = matchesOf(line, query)
  if (first === undefined || textWidth(line.slice(0, first.end)) <= width - 1) {
    return cutText(line, width)
  }
  const before = graphemes(line.slice(0, first.start))
  let cells = 0
  let from = before.length
  while (from > 0 && cells < Math.min(BEFORE, width / 2)) {
    from -= 1
    cells += textWidth(before[from] ?? '')
  }
  return cutText(`…${before.slice(from).join('')}${line.slice(first.start)}`, width)
}

/** The text with every one of the words in it drawn so. */
export function marked(text: string, query: string, style: (text: string) => string): string {
  let result = ''
  let at = 0
  for (const { start, end } of matchesOf(text, query)) {
    result += text.slice(at, start) + style(text.slice(start, end))
    at = end
  }
  return result + text.slice(at)
}

type Match = Readonly<{ start: number; end: number }>

/** Where the words of the query stand, in the order of the text; none overlaps another. */
function matchesOf(text: string, query: string): readonly Match[] {
  const lower = text.toLowerCase()
  // Where case changes the length, places would not be those of the text.
  if (lower.length !== text.length) return []
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const found = words.flatMap((word) => placesOf(lower, word))
  const ordered = found.sort((one, other) => one.start - other.start || other.end - one.end)
  return ordered.filter((match, index) =>
    ordered.slice(0, index).every((before) => before.end <= match.start),
  )
}

function placesOf(text: string, word: string): readonly Match[] {
  const places: Match[] = []
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
    places.push({ start: at, end: at + word.length })
  }
  return places
}
