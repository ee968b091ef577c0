import { NAME_CHARS_MAX } from './limits.ts'

/** Rule 12's letters after an @ that does not stand in a word, as it does in an address of e-mail. */
const AFTER_AT = /(?<![A-Za-z0-9])@([\p{L}\p{Nd}][\p{L}\p{Nd}._-]*)/gu
/** Scripts that put no blanks between words: there a name may end anywhere. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u
const PUNCTUATION = new Set(['.', '_', '-'])

/**
 * For each @ of a text, the names that it may stand before, the longest first: a mention is of the
 * first of them that is a member's. A '.', '_' or '-' may end the name; so may any letter of a
 * script without blanks between words (`@张三你好`), but not the middle of an English word.
 */
export function* namesAfterAt(text: string): Generator<readonly string[]> {
  for (const [, run = ''] of text.normalize('NFKC').matchAll(AFTER_AT)) yield namesIn([...run])
}

function namesIn(run: readonly string[]): readonly string[] {
  const names: string[] = []
  for (let length = Math.min(run.length, NAME_CHARS_MAX); length > 0; length -= 1) {
    if (mayEnd(run[length - 1], run[length])) names.push(run.slice(0, length).join(''))
  }
  return names
}

/** Whether a name may end between two characters. */
function mayEnd(last = '', next = ''): boolean {
  return next === '' || PUNCTUATION.has(next) || UNSPACED.test(last) || UNSPACED.test(next)
}
