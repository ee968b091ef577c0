import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuzzyFilter, fuzzyScore } from '../../../src/ui/input/fuzzy.ts'

const NAMES = [
  'bob',
  'alice',
  'book-club',
  '#lobby',
  '#ops',
  '#dev-ops',
  '李雷',
  '韩梅梅',
  'Ｂｏｂｂｙ',
]

function found(query: string): readonly string[] {
  return fuzzyFilter(query, NAMES, (name) => name)
}

describe('fuzzyFilter', () => {
  it.each<[string, string[]]>([
    ['', NAMES],
    ['bob', ['bob', 'Ｂｏｂｂｙ', 'book-club']],
    ['BO', ['bob', 'book-club', 'Ｂｏｂｂｙ']],
    ['bc', ['book-club']],
    ['ops', ['#ops', '#dev-ops']],
    ['#o', ['#ops', '#dev-ops', '#lobby']],
    ['do', ['#dev-ops']],
    ['by', ['Ｂｏｂｂｙ', '#lobby']],
    ['梅', ['韩梅梅']],
    ['李雷', ['李雷']],
    ['l o b', ['#lobby']],
    ['zz', []],
  ])('%j finds %j', (query, names) => {
    expect(found(query)).toEqual(names)
  })

  it('keeps the order of what fits equally', () => {
    const rows = [1, 2, 3, 4].map((id) => ({ id, name: 'same' }))
    expect(fuzzyFilter('sa', rows, ({ name }) => name)).toEqual(rows)
  })
})

describe('fuzzyScore', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 8 })

  it('fits exactly what has the letters in order', () => {
    fc.assert(
      fc.property(letters, letters, (query, label) => {
        const pattern = new RegExp(Array.from(query).join('.*'))
        expect(fuzzyScore(query, label) !== undefined).toBe(pattern.test(label))
      }),
    )
  })

  it('puts the whole name first, then what begins with it', () => {
    const name = fc.stringMatching(/^[a-z]{2,6}$/)
    fc.assert(
      fc.property(name, name, (query, other) => {
        const whole = fuzzyScore(query, query) ?? -1
        const begins = fuzzyScore(query, query + other) ?? -1
        const inside = fuzzyScore(query, `00${other}0${query}`) ?? -1
        expect(whole).toBeGreaterThan(begins)
        expect(begins).toBeGreaterThan(inside)
      }),
    )
  })
})
