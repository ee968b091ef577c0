/**
 * What search takes for a word. Scripts that put no blanks between words (Chinese, Japanese, Thai, …;
 * Korean, whose particles cling) are runs, found by any part of them; other words are found by
 * their beginning; symbols and emoji, one by one.
 */

/** A word of a query, folded: how it is written, and what it must be in a text. */
export type Wanted = Readonly<{ kind: 'run' | 'beginning' | 'symbol'; text: string }>

/** What a text has, folded, in order; a pair of letters that make a flag is one symbol. */
type Piece = Readonly<{ kind: 'run' | 'word' | 'symbol'; text: string }>

const UNSPACED = [
  'Han',
  'Hiragana',
  'Katakana',
  'Hangul',
  'Bopomofo',
  'Yi',
  'Thai',
  'Lao',
  'Khmer',
  'Myanmar',
]
  .map((script) => `\\p{scx=${script}}`)
  .join('')

const PIECES = new RegExp(
  // ASCII's symbols are punctuation to people: the + of C++ would be in the way.
  `(?<run>[[${UNSPACED}]&&[\\p{L}\\p{M}\\p{N}]]+)|(?<word>[[\\p{L}\\p{M}\\p{N}]--[${UNSPACED}]]+)` +
    '|(?<symbol>\\p{RI}\\p{RI}|[\\p{S}--[\\p{ASCII}\\p{Emoji_Modifier}]])',
  'gv',
)
/** Accents, and what only chooses how a character looks; the marks of kana and of vowels stay. */
const MARKS =
  /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\p{Variation_Selector}]/gu

/** Differences that do not count: case, width and other forms of a letter, accents. */
export function fold(text: string): string {
  const lower = text.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase()
  return lower.replaceAll('ς', 'σ').normalize('NFD').replace(MARKS, '').normalize('NFC')
}

/**
 * The words of a text for the index, with blanks between. A run becomes all pairs of neighbours,
 * then its last character, so that a pair never stands beside one of another run.
 */
export function indexed(text: string): string {
  return piecesOf(text).flatMap(termsOf).join(' ')
}

/** The words that someone looks for, each once; none when there are only blanks and punctuation. */
export function wantedIn(query: string): readonly Wanted[] {
  const wanted = new Map<string, Wanted>()
  for (const { kind, text } of piecesOf(query)) {
    wanted.set(`${kind} ${text}`, { kind: kind === 'word' ? 'beginning' : kind, text })
  }
  return [...wanted.values()]
}

/** The same as an expression of FTS5, for what {@link indexed} wrote: all of them must be there. */
export function expressionOf(wanted: readonly Wanted[]): string {
  return wanted.map(termOf).join(' AND ')
}

/** Whether the text has all of them: what a hit is checked with. */
export function hasAll(wanted: readonly Wanted[], text: string): boolean {
  const pieces = piecesOf(text)
  return wanted.every((each) => pieces.some((piece) => isIn(each, piece)))
}

function piecesOf(text: string): readonly Piece[] {
  return [...fold(text).matchAll(PIECES)].map(({ groups = {} }) => {
    const { run, word, symbol } = groups
    if (run !== undefined) return { kind: 'run', text: run }
    if (word !== undefined) return { kind: 'word', text: word }
    return { kind: 'symbol', text: symbol ?? '' }
  })
}

function termsOf({ kind, text }: Piece): readonly string[] {
  if (kind !== 'run') return [text]
  const characters = [...text]
  return characters.map((character, at) => character + (characters[at + 1] ?? ''))
}

/** Quoted, so that nothing of it means anything to FTS5; pieces have no quotes. */
function termOf({ kind, text }: Wanted): string {
  if (kind === 'symbol') return `"${text}"`
  if (kind === 'beginning') return `"${text}" *`
  const pairs = termsOf({ kind, text }).slice(0, -1)
  return pairs.length === 0 ? `"${text}" *` : `"${pairs.join(' ')}"`
}

function isIn({ kind, text }: Wanted, piece: Piece): boolean {
  if (kind === 'run') return piece.kind === 'run' && piece.text.includes(text)
  if (kind === 'beginning') return piece.kind === 'word' && piece.text.startsWith(text)
  return piece.kind === 'symbol' && piece.text === text
}
