import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { widestWidth } from '../../../src/ui/text/widest.ts'
import { expandTabs, wrapText } from '../../../src/ui/text/wrap.ts'
import { anyText } from './texts.ts'

describe('wrapText', () => {
  it.each<[string, number, string[]]>([
    ['', 10, ['']],
    ['short', 10, ['short']],
    ['one two three', 8, ['one two', 'three']],
    ['one two  three', 7, ['one two', 'three']],
    ['exactly ten', 10, ['exactly', 'ten']],
    ['unbreakable', 4, ['unbr', 'eaka', 'ble']],
    ['see https://x.example/long', 10, ['see', 'https://x.', 'example/lo', 'ng']],
    ['a\nb\r\nc\rd', 10, ['a', 'b', 'c', 'd']],
    ['a\n\nb', 10, ['a', '', 'b']],
    ['  indented stays', 12, ['  indented', 'stays']],
    ['日本語日本語', 5, ['日本', '語日', '本語']],
    ['ok日本語', 4, ['ok日', '本語']],
    ['你好，世界', 4, ['你', '好，', '世界']],
    ['他说「你好」', 6, ['他说', '「你', '好」']],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 9, ['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦']],
    ['👨‍👩‍👧‍👦👍🏽', 2, ['👨', '👍']],
    ['🇩🇪🇫🇷', 7, ['🇩🇪', '🇫🇷']],
    ['日', 1, ['…']],
    ['a日b', 1, ['a', '…', 'b']],
    ['ab', 0, ['a', 'b']],
    ['a\tb', 10, ['a   b']],
  ])('wraps %j at %i', (text, width, rows) => {
    expect(wrapText(text, width)).toEqual(rows)
  })

  it('never makes a row wider than the column, on any terminal', () => {
    fc.assert(
      fc.property(anyText(), fc.integer({ min: 1, max: 40 }), (text, width) => {
        for (const row of wrapText(text, width)) expect(widestWidth(row)).toBeLessThanOrEqual(width)
      }),
      { numRuns: 500 },
    )
  })

  it('loses nothing but blanks', () => {
    fc.assert(
      fc.property(anyText(), fc.integer({ min: 8, max: 40 }), (text, width) => {
        expect(withoutBlanks(wrapText(text, width).join(''))).toBe(withoutBlanks(text))
      }),
      { numRuns: 500 },
    )
  })

  it('keeps a word whole when it fits a row', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { maxLength: 30 })
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 40 }), (list, width) => {
        expect(wrapText(list.join(' '), width).join(' ')).toBe(list.join(' '))
      }),
    )
  })

  it('fills each row as far as it can', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(words, fc.integer({ min: 12, max: 40 }), (list, width) => {
        const rows = wrapText(list.join(' '), width)
        for (const [index, row] of rows.slice(1).entries()) {
          const before = rows[index] ?? ''
          expect(`${before} ${row.split(' ')[0]}`.length).toBeGreaterThan(width)
        }
      }),
    )
  })
})

describe('expandTabs', () => {
  it('goes to the next multiple of four cells', () => {
    expect(expandTabs('\ta\tb')).toBe('    a   b')
    expect(expandTabs('日本\tb')).toBe('日本    b')
  })
})

function withoutBlanks(text: string): string {
  return text.replace(/[\s\u200b]+/g, '')
}
