import { graphemes } from './graphemes.ts'
import { RISKY, widestCells, widestWidth } from './widest.ts'
import { textWidth } from './width.ts'

const ELLIPSIS = '…'
const REGIONAL_A = 0x1f1e6
const JOINERS = /[\p{Join_Control}\p{Variation_Selector}]|\u20e3|[\u{e0020}-\u{e007f}]/gu
const TONES = /\p{Emoji_Modifier}/gu

/**
 * `text` in exactly `width` cells on every terminal: risky graphemes replaced (see sureText), cut
 * with `…` when too long, filled with spaces when too short. For whatever has something drawn to
 * its right. Newlines and tabs become spaces. A width below 1 gives ''.
 */
export function fitText(text: string, width: number): string {
  const cut = cutText(sureText(text), width)
  return cut + ' '.repeat(Math.max(0, width - textWidth(cut)))
}

/** `text` on one row of at most `width` cells on any terminal, cut with `…`. Not filled. */
export function cutText(text: string, width: number): string {
  const line = text.replace(/[\t\n\r\u2028\u2029]+/g, ' ')
  if (width < 1) return ''
  if (widestWidth(line) <= width) return line
  return headOf(line, width - 1) + ELLIPSIS
}

/**
 * `text` without the graphemes about whose width terminals disagree: joined emoji and skin tones
 * become their first emoji, flags their two letters, keycaps their digit; variation selectors go.
 */
export function sureText(text: string): string {
  if (!RISKY.test(text)) return text
  return graphemes(text).map(sureGrapheme).join('')
}

function sureGrapheme(grapheme: string): string {
  if (!RISKY.test(grapheme)) return grapheme
  const bare = grapheme.replace(JOINERS, '')
  const lettered = bare.replace(/\p{Regional_Indicator}/gu, regionalLetter)
  const [first = ''] = lettered
  if (lettered === bare && /\p{Emoji}/u.test(first)) return first.replace(TONES, '◼')
  return lettered.replace(TONES, '')
}

function regionalLetter(point: string): string {
  return String.fromCharCode(0x41 + (point.codePointAt(0) ?? REGIONAL_A) - REGIONAL_A)
}

function headOf(line: string, width: number): string {
  let head = ''
  let cells = 0
  for (const cluster of graphemes(line)) {
    cells += widestCells(cluster)
    if (cells > width) break
    head += cluster
  }
  return head
}
