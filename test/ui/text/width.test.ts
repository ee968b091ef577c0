import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { graphemes } from '../../../src/ui/text/graphemes.ts'
import { isPlain, PLAIN_CELLS, UNSURE } from '../../../src/ui/text/plain.ts'
import { cellsOf, indexAtCell, textWidth } from '../../../src/ui/text/width.ts'
import { anyText, plainText } from './texts.ts'

describe('textWidth', () => {
  it.each([
    ['', 0],
    ['hello', 5],
    ['Grüße, мир', 10],
    ['日本語', 6],
    ['한국어', 6],
    ['ﾊﾝｶｸ', 4],
    ['ａｂ', 4],
    ['👍', 2],
    ['👍🏽', 2],
    ['👨‍👩‍👧‍👦', 2],
    ['🇩🇪', 2],
    ['❤️', 2],
    ['❤', 1],
    ['1️⃣', 2],
    ['e\u0301', 1],
    ['Z̷̢̈́a̶͇̓l̸̰͊g̷̗̈́o̴̘͐', 5],
    ['a\u200bb', 2],
    ['각', 2],
    ['─│…“”', 5],
  ])('measures %j as %i cells', (text, cells) => {
    expect(textWidth(text)).toBe(cells)
  })

  it('agrees with string-width on every code unit of the fast path', () => {
    const wrong: number[] = []
    for (let unit = 0x20; unit < 0x10000; unit++) {
      const cells = PLAIN_CELLS[unit]
      if (cells !== UNSURE && stringWidth(String.fromCharCode(unit)) !== cells) wrong.push(unit)
    }
    expect(wrong.map((unit) => unit.toString(16))).toEqual([])
  })

  it('agrees with string-width on any text of the common scripts', () => {
    fc.assert(fc.property(plainText(), (text) => textWidth(text) === stringWidth(text)))
  })

  it('agrees with string-width on any text', () => {
    fc.assert(fc.property(anyText(), (text) => textWidth(text) === stringWidth(text)))
  })
})

describe('graphemes', () => {
  it('loses nothing', () => {
    fc.assert(fc.property(anyText(), (text) => graphemes(text).join('') === text))
  })

  it('segments the fast path as Intl.Segmenter does', () => {
    const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
    fc.assert(
      fc.property(plainText(), (text) => {
        expect(isPlain(text)).toBe(true)
        expect(graphemes(text)).toEqual(Array.from(segmenter.segment(text), (s) => s.segment))
      }),
    )
  })

  it.each([
    ['👨‍👩‍👧‍👦a', 2],
    ['🇩🇪🇫🇷', 2],
    ['e\u0301\u0302x', 2],
    ['\r\n', 1],
    ['नि', 1],
  ])('counts %j as %i', (text, count) => {
    expect(graphemes(text)).toHaveLength(count)
  })
})

describe('cells', () => {
  it('finds the cluster under a column', () => {
    const clusters = graphemes('a日本b')
    expect([0, 1, 2, 3, 4, 5, 6, 99].map((column) => indexAtCell(clusters, column))).toEqual([
      0, 1, 1, 2, 2, 3, 4, 4,
    ])
  })

  it('is the inverse of the cursor column', () => {
    fc.assert(
      fc.property(anyText(), fc.nat(), (text, pick) => {
        const clusters = graphemes(text).filter((cluster) => textWidth(cluster) > 0)
        const index = pick % (clusters.length + 1)
        expect(indexAtCell(clusters, cellsOf(clusters, 0, index))).toBe(index)
      }),
    )
  })
})
