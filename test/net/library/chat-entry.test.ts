import { describe, expect, test } from 'vitest'
import { entryLine } from '../../../src/cli/pipe/entry-text.ts'
import { chatEntry, entryJson } from '../../../src/net/library/chat-entry.ts'
import { PLAIN_ENTRY } from '../../support/plain.ts'

const text = {
  ...PLAIN_ENTRY,
  ...{ seq: 7, time: 0, n: 1, nonce: Buffer.alloc(16) },
  ...({ from: '~bob', name: 'bob', kind: 'text' } as const),
}

describe('a message without words', () => {
  const deleted = chatEntry('#tea', '~c', { ...text, text: '', changed: 9 }, '~me')
  const blank = chatEntry('#tea', '~c', { ...text, text: '' }, '~me')

  test('was deleted, or never had any that can be shown', () => {
    expect([deleted.deleted, blank.deleted]).toEqual([true, false])
    expect(entryLine(deleted, false)).toMatch(/ {2}#tea {2}bob: \(deleted\)\n$/)
    expect(entryLine(blank, false)).toMatch(/ {2}#tea {2}bob: \n$/)
  })

  test('is one line of the same six fields', () => {
    for (const entry of [deleted, blank]) {
      const fields = { conversation: '#tea', seq: 7, time: 0, from: 'bob', kind: 'text', text: '' }
      expect(JSON.parse(entryJson(entry))).toEqual(fields)
    }
  })
})

test('a message that was edited is not gone', () => {
  const edited = { ...text, text: 'tea!', edited: true, changed: 9 }
  expect(chatEntry('#tea', '~c', edited, '~me')).toMatchObject({ text: 'tea!', deleted: false })
})
