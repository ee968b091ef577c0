import { indexed, type Wanted } from '../search/words.ts'

/** Words as PostgreSQL's index keeps them: each once, without its place in the text. */

/** Before the number of a conversation: no word begins with it. */
export const SCOPE_MARK = '#'
/** UTF-16 units of a word that count, so that it has less than the 2 KiB that a lexeme may have. */
const LEXEME_MAX = 500

/** The words of a text, each once. */
export function lexemesOf(text: string): readonly string[] {
  const words = indexed(text)
  return words === '' ? [] : [...new Set(words.split(' ').map(cut))]
}

/** What a tsquery finds all of these by, and perhaps more: hits are checked. */
export function tsqueryOf(wanted: readonly Wanted[]): string {
  return wanted.map(termOf).join(' & ')
}

function termOf({ kind, text }: Wanted): string {
  if (kind === 'symbol') return quoted(text)
  if (kind === 'beginning') return `${quoted(cut(text))}:*`
  const pairs = indexed(text).split(' ').slice(0, -1)
  return pairs.length === 0 ? `${quoted(text)}:*` : `(${pairs.map(quoted).join(' & ')})`
}

function quoted(word: string): string {
  return `'${word}'`
}

function cut(word: string): string {
  return word.length <= LEXEME_MAX ? word : word.slice(0, LEXEME_MAX).toWellFormed()
}
