import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanText } from '../../src/protocol/clean.ts'

describe('what may not reach a terminal is taken away', () => {
  test.each([
    ['colours', 'a\x1b[31mred\x1b[0mb', 'aredb'],
    ['cursor movements', '\x1b[2J\x1b[1;1Hx', 'x'],
    ['private modes', '\x1b[?1049hx\x1b[>4;2mx', 'xx'],
    ['a title, ended by BEL', 'a\x1b]0;pwned\x07b', 'ab'],
    ['a title, ended by ST', 'a\x1b]0;pwned\x1b\\b', 'ab'],
    ['a link', '\x1b]8;;http://evil\x1b\\click\x1b]8;;\x1b\\', 'click'],
    ['the clipboard', '\x1b]52;c;AAAA\x07x', 'x'],
    ['device control', '\x1bP$qm\x1b\\x', 'x'],
    ['application commands', '\x1b_Gf=100;AAAA\x1b\\x', 'x'],
    ['character sets', '\x1b(0x\x1b(B', 'x'],
    ['a reset', 'x\x1bcy', 'xy'],
    ['sequences of 8-bit controls', 'a\x9b31mb\x9d0;t\x9cc\x90q\x9cd', 'abcd'],
    ['an unfinished sequence’s beginning', 'a\x1b[31', 'a31'],
    ['an unfinished title’s beginning', 'a\x1b]0;x\ny', 'a0;x\ny'],
    ['a single escape', 'a\x1b', 'a'],
    ['a sequence within a sequence', '\x1b[3\x1b[31m1mx', '31mx'],
    ['bells, backspaces, nulls, deletes', 'a\x07b\x08c\0d\x7fe', 'abcde'],
    ['8-bit controls', 'a\x85b\x9fc', 'abc'],
    ['turned directions', 'a\u202eb\u202dc\u2066d\u2069e\u202c', 'abcde'],
    ['halves of surrogate pairs', '\ud800a\udc00', 'a'],
    ['halves that a sequence keeps apart', '\ud83d\x1b[m\udc4b', ''],
    ['a carriage return', 'over\rwrite', 'overwrite'],
  ])('%s', (_what, text, cleaned) => {
    expect(cleanText(text)).toBe(cleaned)
  })
})

describe('what a text may have stays', () => {
  test.each([
    ['line feeds and tabs', 'a\n\tb'],
    ['every script', '张三 العربية हिन्दी עברית'],
    ['emoji', '👋🏽 👨‍👩‍👧 🇨🇳'],
    ['brackets without an escape', '[31m [0m'],
    ['marks of direction', 'a\u200fb\u200e'],
  ])('%s', (_what, text) => {
    expect(cleanText(text)).toBe(text)
  })

  test('a line’s end is one line feed', () => {
    expect(cleanText('a\r\nb\r\n\r\nc\r\r\nd')).toBe('a\nb\n\nc\nd')
  })
})

const nasty = fc.constantFrom(
  ...['\x1b', '\x1b[', '\x1b]', '\x1bP', '\x1b\\', '\x9b', '\x9d', '\x9c', '\x07', '\r', '\n'],
  ...['\t', '\0', '\x7f', '\u202e', '\u2069', '\ud83d', '\udc4b', '0', ';', 'm', ' ', 'q'],
)
const hostileText = fc
  .array(fc.oneof(nasty, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 30 })
  .map((parts) => parts.join(''))

test('no control character, turned direction or lone surrogate is left in any text', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const cleaned = cleanText(text)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(cleaned).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
      expect(cleaned.isWellFormed()).toBe(true)
      expect(cleanText(cleaned)).toBe(cleaned)
    }),
    { numRuns: 2_000 },
  )
})

test('a text without any of them is the same', () => {
  const printable = fc
    .string({ unit: 'grapheme' })
    .filter((text) => !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text))
  fc.assert(
    fc.property(printable, (text) => {
      expect(cleanText(text)).toBe(text)
    }),
  )
})
