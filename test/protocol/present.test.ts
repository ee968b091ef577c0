import { expect, test } from 'vitest'
import type { Entry, EntryKind } from '../../src/protocol/messages.ts'
import { applyChange, isChange, isDeleted } from '../../src/protocol/present.ts'
import { PLAIN_ENTRY } from '../support/plain.ts'

const ME = '~me'

test('an edit puts its text and mentions in the place of the first ones', () => {
  const edited = applyChange(text(), change('edited', 'after', { mentions: ['~bob'] }), ME)
  expect(edited).toEqual({ ...text(), text: 'after', mentions: ['~bob'], edited: true, changed: 7 })
})

test('a deletion leaves nothing but the place', () => {
  const reactions = [{ text: '👍', count: 2, mine: true }]
  const full = { ...text(), mentions: ['~bob'], edited: true, changed: 5, reactions }
  const deleted = applyChange(full, change('deleted', ''), ME)
  expect(deleted).toEqual({ ...text(), text: '', changed: 7 })
  expect([isDeleted(deleted), isDeleted(full)]).toEqual([true, false])
})

test('reactions are counted, one’s own are known, and the most frequent comes first', () => {
  const steps: [EntryKind, string, string][] = [
    ['reacted', '👍', '~ann'],
    ['reacted', '❤', ME],
    ['reacted', '❤', '~ann'],
    ['reacted', '👍', ME],
    ['unreacted', '❤', ME],
    ['reacted', 'ok', '~bob'],
    ['unreacted', 'ok', '~bob'],
  ]
  let now = text()
  for (const [at, [kind, reaction, from]] of steps.entries()) {
    now = applyChange(now, change(kind, reaction, { seq: 10 + at, from }), ME)
  }
  expect(now.changed).toBe(16)
  expect(now.reactions).toEqual([
    { text: '👍', count: 2, mine: true },
    { text: '❤', count: 1, mine: false },
  ])
})

test.each<[string, Partial<Entry>]>([
  ['that the text has seen already', { seq: 5 }],
  ['of another text', { target: 4 }],
  ['that is an answer', { kind: 'text' }],
])('an entry %s changes nothing', (_, difference) => {
  const before = { ...text(), changed: 5 }
  expect(applyChange(before, change('edited', 'after', difference), ME)).toBe(before)
})

test('only four kinds are changes', () => {
  const kinds: EntryKind[] = ['text', 'joined', 'edited', 'deleted', 'reacted', 'unreacted', 'role']
  expect(kinds.filter((kind) => isChange({ kind }))).toEqual(kinds.slice(2, 6))
})

function text(): Entry {
  const made = { seq: 3, time: 30, from: '~ann', name: 'ann', nonce: Buffer.alloc(0), n: 1 }
  return { ...made, kind: 'text', text: 'before', ...PLAIN_ENTRY }
}

function change(kind: EntryKind, words: string, more: Partial<Entry> = {}): Entry {
  return { ...text(), seq: 7, kind, text: words, target: 3, ...more }
}
