import fc from 'fast-check'
import { PLAIN_CELLS, UNSURE } from '../../../src/ui/text/plain.ts'

const PLAIN = Array.from(PLAIN_CELLS.keys()).filter((unit) => PLAIN_CELLS[unit] !== UNSURE)

const AWKWARD = [
  '👍',
  '👍🏽',
  '👨‍👩‍👧‍👦',
  '🇩🇪',
  '🇩',
  '❤️',
  '1️⃣',
  'e\u0301',
  'Z̷̢̈́',
  '\u200d',
  '\u200b',
  '\ufe0f',
  '日',
  '。',
  '「',
  '　',
  '한',
  'ᄀ',
  'नि',
  'ไทย',
  'ع',
  ' ',
  '  ',
  '\t',
  '\n',
  'word',
  'https://example.org/a-very-long-path?with=questions',
  '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
]

/** Texts of the scripts that have a fast path, newlines and tabs among them. */
export function plainText(): fc.Arbitrary<string> {
  const unit = fc.constantFrom(...PLAIN).map((code) => String.fromCharCode(code))
  return fc.string({ unit, maxLength: 80 })
}

/** Any text at all: every grapheme that has ever broken a layout, mixed with random ones. */
export function anyText(): fc.Arbitrary<string> {
  const random = fc.string({ unit: 'grapheme', maxLength: 3 })
  const part = fc.oneof(fc.constantFrom(...AWKWARD), plainText(), random)
  return fc.array(part, { maxLength: 30 }).map((parts) => parts.join(''))
}
