import { graphemes } from '../text/graphemes.ts'

/**
 * A text as several of at most `max` bytes (UTF-8), in order: broken at line ends, and inside a line
 * only where that is longer. Empty lines at their edges are left out, and parts of blanks alone.
 */
export function splitText(text: string, max: number): readonly string[] {
  const parts: string[] = []
  let part = ''
  let bytes = 0
  for (const piece of text.split('\n').flatMap((line) => piecesOf(line, max))) {
    const length = Buffer.byteLength(piece.text) + (piece.opens ? 1 : 0)
    if (part !== '' && bytes + length <= max) {
      part += (piece.opens ? '\n' : '') + piece.text
      bytes += length
    } else {
      parts.push(part)
      part = piece.text
      bytes = Buffer.byteLength(part)
    }
  }
  return [...parts, part].map(trimmed).filter((one) => one !== '')
}

/** `opens`: it begins a line. */
type Piece = Readonly<{ text: string; opens: boolean }>

function piecesOf(line: string, max: number): readonly Piece[] {
  if (Buffer.byteLength(line) <= max) return [{ text: line, opens: true }]
  const pieces: string[] = []
  let piece = ''
  let bytes = 0
  for (const cluster of unitsOf(line, max)) {
    const length = Buffer.byteLength(cluster)
    if (bytes + length > max) {
      pieces.push(piece)
      piece = ''
      bytes = 0
    }
    piece += cluster
    bytes += length
  }
  return [...pieces, piece].map((text, index) => ({ text, opens: index === 0 }))
}

/** Clusters; one that is longer than a whole part (an endless row of marks) as its code points. */
function unitsOf(line: string, max: number): readonly string[] {
  return graphemes(line).flatMap((cluster) =>
    Buffer.byteLength(cluster) > max ? Array.from(cluster) : [cluster],
  )
}

function trimmed(part: string): string {
  return part.replace(/^(?:[^\S\n]*\n)+/u, '').trimEnd()
}
