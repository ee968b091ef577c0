import { graphemes } from './graphemes.ts'
import { isPlain } from './plain.ts'
import { graphemeWidth, textWidth } from './width.ts'

/** Graphemes with one of these take more cells on some terminals than on others. */
export const RISKY =
  /[\p{Join_Control}\p{Variation_Selector}\p{Regional_Indicator}\p{Emoji_Modifier}]|\u20e3|[\u{e0020}-\u{e007f}]/u

/** Half a flag, on terminals that draw the halves. */
const REGIONAL_CELLS = 2

/**
 * The cells of a grapheme on the terminal that gives it the most: those that know no clusters
 * (tmux before 3.4, the console of Linux, many more) draw the parts of a joined emoji side by side.
 */
export function widestCells(grapheme: string): number {
  const cells = graphemeWidth(grapheme)
  if (isPlain(grapheme) || !RISKY.test(grapheme)) return cells
  let apart = 0
  for (const point of grapheme) {
    apart += /^\p{Regional_Indicator}$/u.test(point) ? REGIONAL_CELLS : graphemeWidth(point)
  }
  return Math.max(cells, apart)
}

/** The same for a text: no terminal needs more cells for it. */
export function widestWidth(text: string): number {
  if (!RISKY.test(text)) return textWidth(text)
  let cells = 0
  for (const grapheme of graphemes(text)) cells += widestCells(grapheme)
  return cells
}
