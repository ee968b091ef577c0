/** Marks a code unit whose width or clustering cannot be known from itself alone. */
export const UNSURE = 255

const NARROW: readonly (readonly [number, number])[] = [
  [0x20, 0x7e],
  [0xa0, 0xac],
  [0xae, 0x2ff],
  [0x370, 0x377],
  [0x37a, 0x37f],
  [0x384, 0x38a],
  [0x38c, 0x38c],
  [0x38e, 0x3a1],
  [0x3a3, 0x482],
  [0x48a, 0x52f],
  [0x1e00, 0x1eff],
  [0x2010, 0x2027],
  [0x2030, 0x203b],
  // Signs of our own, of which none is an emoji; rows that have nothing else to measure are many.
  [0x2190, 0x2193],
  [0x2212, 0x2212],
  [0x2500, 0x257f],
  [0x25b8, 0x25b8],
  [0x25c6, 0x25c6],
  [0x25cb, 0x25cb],
  [0x25cf, 0x25d3],
  [0x25f7, 0x25f7],
  [0x2605, 0x2606],
  [0x2713, 0x2713],
  [0x2717, 0x2717],
]

const WIDE: readonly (readonly [number, number])[] = [
  [0x3000, 0x3029],
  [0x3041, 0x3096],
  [0x309b, 0x30ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xff01, 0xff60],
]

/**
 * Cells of every UTF-16 code unit that always is a grapheme of its own: Latin, Greek, Cyrillic,
 * Kana, Han, Hangul syllables and their punctuation. Everything else is UNSURE. Newline and tab
 * are graphemes of their own without a width.
 */
export const PLAIN_CELLS: Readonly<Uint8Array> = plainCells()

/** Whether every code unit of `text` is a grapheme of its own with a known width. */
export function isPlain(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    if (PLAIN_CELLS[text.charCodeAt(index)] === UNSURE) return false
  }
  return true
}

function plainCells(): Uint8Array {
  const cells = new Uint8Array(0x10000).fill(UNSURE)
  cells.fill(0, 0x09, 0x0b)
  for (const [first, last] of NARROW) cells.fill(1, first, last + 1)
  for (const [first, last] of WIDE) cells.fill(2, first, last + 1)
  return cells
}
