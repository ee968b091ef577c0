import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NAME_BYTES_MAX } from '../../src/protocol/limits.ts'
import { isId, nameFault, nameKey, nameOf } from '../../src/protocol/names.ts'

test.each([
  'a',
  '7',
  'alice',
  'Alice.B_c-d',
  '张三',
  'José',
  'Ωμέγα',
  '٣三3',
  'x'.repeat(32),
  '𠀀'.repeat(32),
])('%s is a name', (name) => {
  expect(nameFault(name)).toBeUndefined()
  expect(nameOf(name)).toBe(name)
})

test.each([
  ['', 'empty'],
  ['x'.repeat(33), '32 characters'],
  ['𠀀'.repeat(33), '32 characters'],
  ['.dot', 'begins with'],
  ['-dash', 'begins with'],
  ['_low', 'begins with'],
  ['~id', 'begins with'],
  ['two words', 'begins with'],
  ['a/b', 'begins with'],
  ['a\u0000', 'begins with'],
  ['a\u200d', 'begins with'],
  ['a\u202eb', 'begins with'],
  ['👋', 'begins with'],
  ['a\n', 'begins with'],
  ['\ud83d', 'begins with'],
])('%j is not a name', (name, words) => {
  expect(nameFault(name)).toContain(words)
})

describe('the form in which a name is kept', () => {
  test.each([
    ['#ops', 'ops'],
    [' alice ', 'alice'],
    [' #ops ', 'ops'],
    ['ａｌｉｃｅ', 'alice'],
    ['ﬁsh', 'fish'],
    ['Jose\u0301', 'José'],
    ['＃ops', 'ops'],
  ])('%s is kept as %s', (typed, kept) => {
    expect(nameOf(typed)).toBe(kept)
  })

  test('only one # is dropped, so that what it leaves is no name', () => {
    expect(nameFault(nameOf('##ops'))).toBeDefined()
  })
})

describe('two names are the same', () => {
  test.each([
    ['Alice', 'aLICE'],
    ['ÉCOLE', 'école'],
    ['straße', 'STRASSE'],
    ['straße', 'STRAẞE'],
    ['Σίσυφος', 'ΣΊΣΥΦΟΣ'],
    ['ſam', 'sam'],
    ['ﬁsh', 'FISH'],
    ['Jose\u0301', 'JOSÉ'],
    ['K', '\u212a'],
  ])('%s and %s', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other))
  })
})

test('the key of a name’s beginning is the beginning of its key', () => {
  for (const name of ['Σίσυφος', 'ΟΔΥΣΣΕΥΣ', 'Alice.B', '张三', 'STRAẞE']) {
    const chars = [...name]
    for (let length = 1; length <= chars.length; length += 1) {
      const beginning = chars.slice(0, length).join('')
      expect(nameKey(name).startsWith(nameKey(beginning)), beginning).toBe(true)
    }
  }
})

test('… and others are not', () => {
  const names = ['alice', 'alicе', 'a1ice', '张三', '張三', 'alice.', 'jose', 'josé']
  expect(new Set(names.map(nameKey)).size).toBe(names.length)
})

const arbitraryText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.stringMatching(/^[\p{L}\p{Nd}][\p{L}\p{Nd}._-]{0,31}$/u),
)

test('what is kept is kept as it is, and its key is the key of its key', () => {
  fc.assert(
    fc.property(arbitraryText, (typed) => {
      const name = nameOf(typed)
      fc.pre(nameFault(name) === undefined)
      expect(nameOf(name)).toBe(name)
      expect(nameKey(nameKey(name))).toBe(nameKey(name))
      expect(nameKey(name.toUpperCase())).toBe(nameKey(name))
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(NAME_BYTES_MAX)
      expect(isId(name)).toBe(false)
    }),
  )
})

test('an id begins with ~, which no name can', () => {
  expect(isId('~u1')).toBe(true)
  expect(nameFault('~u1')).toBeDefined()
})
