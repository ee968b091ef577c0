import type { Catalogue } from '../catalogue/en.ts'
import { everyText } from '../catalogue/live-keys.ts'

/**
 * Every sign of the interface and the ASCII character in its place, as wide as the sign: rows keep
 * their width, so nothing else has to know. The catalogue may use longer forms, see `asciiWords`.
 */
const TWINS: Readonly<Record<string, string>> = {
  '●': '*',
  '◐': '%',
  '○': 'o',
  '◌': ':',
  '◷': '~',
  '✓': 'v',
  '✗': 'x',
  '★': '#',
  '◆': '+',
  '✎': '&',
  '▸': '>',
  '▾': 'v',
  '▏': '|',
  '↑': '^',
  '↓': 'v',
  '←': '<',
  '→': '>',
  '│': '|',
  '─': '-',
  '┴': '+',
  '┬': '+',
  '├': '+',
  '┤': '+',
  '┼': '+',
  '╭': '/',
  '╰': '\\',
  '⋮': ':',
  '…': '~',
  '·': '-',
  '•': '*',
  '‹': '<',
  '›': '>',
  '«': '<',
  '»': '>',
  '−': '-',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '◼': '#',
}

const SIGN = new RegExp(`[${Object.keys(TWINS).join('')}]`, 'g')

/** Every sign as the ASCII character in its place; letters, of whatever script, stay what they are. */
export function inAsciiSigns(text: string): string {
  return text.replace(SIGN, (sign) => TWINS[sign] ?? sign)
}

/** Words may grow: three dots, not a wave. */
export function asciiWords(words: Catalogue): Catalogue {
  return everyText(words, (text) => inAsciiSigns(text.replaceAll('…', '...'))) as Catalogue
}

/** Whether the terminal is known to have no other signs: its locale is not UTF-8, or its font is small. */
export function needsAscii(
  wish: 'auto' | 'on' | 'off',
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (wish !== 'auto') return wish === 'on'
  if (env['TERM'] === 'linux') return true
  // As everywhere, an empty variable is one that is not set. Without any of them nothing is known.
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((it) => (it ?? '') !== '')
  return locale !== undefined && !/utf-?8/i.test(locale)
}
