import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { asciiWords, inAsciiSigns, needsAscii } from '../../../src/ui/appearance/ascii.ts'
import { en } from '../../../src/ui/catalogue/en.ts'
import { textWidth } from '../../../src/ui/text/width.ts'

/** Punctuation, arrows, mathematics, lines, shapes, dingbats. */
const SIGNS = /[\u2010-\u2bff]/gu
/** They name emoji, or the punctuation of Chinese and Japanese: nothing of it is drawn as a sign. */
const NOT_DRAWN =
  /catalogue\/zh|input\/emoji\.ts|flow\/all-emoji\.ts|log\/reactions\.ts|text\/breaks\.ts/

test('every sign in the sources of the interface has an ASCII twin as wide as itself', () => {
  const used = new Set(sources().flatMap((text) => text.match(SIGNS) ?? []))
  expect(used.size).toBeGreaterThan(20)
  const without = [...used].filter((sign) => !/^[\x20-\x7e]$/.test(inAsciiSigns(sign)))
  expect(without).toEqual([])
  expect([...used].filter((sign) => textWidth(sign) !== 1)).toEqual([])
})

test('letters of any script stay', () => {
  expect(inAsciiSigns('日本語 é 👍 · ✓✓')).toBe('日本語 é 👍 - vv')
})

test('words may grow, whatever they are made with', () => {
  const words = asciiWords(en)
  expect(words.link.connecting).toBe('connecting...')
  expect(words.log.below(3, 1)).toBe('v 3 new (1 @)')
  expect(words.start.keys).toBe('^v choose - Enter go - q quit')
  expect(Object.keys(words)).toEqual(Object.keys(en))
})

test('the wish of the person comes before what the terminal is', () => {
  expect(needsAscii('off', { TERM: 'linux', LANG: 'C' })).toBe(false)
  expect(needsAscii('on', { LANG: 'C.UTF-8' })).toBe(true)
  expect(needsAscii('auto', { LANG: 'C' })).toBe(true)
  expect(needsAscii('auto', { LC_ALL: '', LC_CTYPE: 'en_GB.utf8', LANG: 'C' })).toBe(false)
  expect(needsAscii('auto', {})).toBe(false)
})

/** Without comments. */
function sources(): readonly string[] {
  const names = readdirSync('src/ui', { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => /\.tsx?$/.test(name) && !NOT_DRAWN.test(name))
    .map((name) =>
      readFileSync(join('src/ui', name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''),
    )
}
