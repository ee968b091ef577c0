import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cutText, fitText, sureText } from '../../../src/ui/text/fit.ts'
import { widestWidth } from '../../../src/ui/text/widest.ts'
import { textWidth } from '../../../src/ui/text/width.ts'
import { anyText } from './texts.ts'

describe('fitText', () => {
  it.each<[string, number, string]>([
    ['bob', 5, 'bob  '],
    ['bob', 3, 'bob'],
    ['robert', 4, 'rob…'],
    ['日本語', 6, '日本語'],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日… '],
    ['日', 1, '…'],
    ['bob', 0, ''],
    ['bob', -3, ''],
    ['two\nlines', 10, 'two lines '],
    ['❤️ me', 6, '❤ me  '],
    ['👨‍👩‍👧‍👦', 3, '👨 '],
    ['🇩🇪', 3, 'DE '],
  ])('fits %j in %i cells', (text, width, fitted) => {
    expect(fitText(text, width)).toBe(fitted)
  })

  it('takes exactly the cells it is given', () => {
    fc.assert(
      fc.property(anyText(), fc.nat(30), (text, width) => {
        expect(textWidth(fitText(text, width))).toBe(width)
        expect(widestWidth(fitText(text, width))).toBe(width)
      }),
      { numRuns: 500 },
    )
  })
})

describe('cutText', () => {
  it('leaves short text as it is', () => {
    expect(cutText('👨‍👩‍👧‍👦 hi', 11)).toBe('👨‍👩‍👧‍👦 hi')
    expect(cutText('👨‍👩‍👧‍👦 hi', 10)).toBe('👨‍👩‍👧‍👦 …')
  })

  it('never is wider than asked, on any terminal', () => {
    fc.assert(
      fc.property(anyText(), fc.nat(30), (text, width) => {
        expect(widestWidth(cutText(text, width))).toBeLessThanOrEqual(width)
      }),
    )
  })
})

describe('sureText', () => {
  it.each([
    ['plain', 'plain'],
    ['👍🏽', '👍'],
    ['1️⃣', '1'],
    ['🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}', '🏴'],
    ['🇩', 'D'],
    ['🏽', '◼'],
    ['a\u200db', 'ab'],
    ['🇩🇪\u200d', 'DE'],
    ['a🏽', 'a'],
  ])('makes %j sure', (text, sure) => {
    expect(sureText(text)).toBe(sure)
  })

  // A joiner or a tone can follow anything and belongs to its cluster then.
  it('leaves nothing behind that terminals measure differently', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(sureText(text)).not.toMatch(/[\u200d\ufe0e\ufe0f\u20e3]/)
        expect(sureText(text)).not.toMatch(/[\u{1f1e6}-\u{1f1ff}\u{1f3fb}-\u{1f3ff}]/u)
      }),
      { numRuns: 1000 },
    )
  })

  it('measures the same code point by code point, as terminals without clusters do', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('👨‍👩‍👧‍👦', '👍🏽', '❤️', '🇩🇪', '1️⃣', '🧑‍💻', '日本', 'abc'),
        (text) => {
          const sure = sureText(text)
          const points = Array.from(sure, (point) => textWidth(point))
          expect(points.reduce((a, b) => a + b, 0)).toBe(textWidth(sure))
        },
      ),
    )
  })
})
