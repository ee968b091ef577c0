import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitText } from '../../../src/ui/input/split-text.ts'
import { anyText } from '../text/texts.ts'

describe('splitText', () => {
  it.each<[string, number, readonly string[]]>([
    ['one\ntwo\nthree', 8, ['one\ntwo', 'three']],
    ['one\ntwo\nthree', 100, ['one\ntwo\nthree']],
    ['one\n\n\ntwo', 5, ['one', 'two']],
    ['  one\n  two', 6, ['  one', '  two']],
    ['abcdefgh', 3, ['abc', 'def', 'gh']],
    ['日本語', 6, ['日本', '語']],
    ['👨‍👩‍👧👨‍👩‍👧', 20, ['👨‍👩‍👧', '👨‍👩‍👧']],
    ['', 5, []],
    ['\n \n', 5, []],
  ])('makes of %j in %i bytes %j', (text, max, parts) => {
    expect(splitText(text, max)).toEqual(parts)
  })

  it('makes no part that is too long, and loses nothing but blanks', () => {
    fc.assert(
      fc.property(anyText(), fc.integer({ min: 4, max: 60 }), (text, max) => {
        const parts = splitText(text, max)
        for (const part of parts) {
          expect(Buffer.byteLength(part)).toBeLessThanOrEqual(max)
          expect(part.trim()).not.toBe('')
        }
        const bare = (some: string) => some.replace(/\s/gu, '')
        expect(bare(parts.join(''))).toBe(bare(text))
      }),
    )
  })
})
