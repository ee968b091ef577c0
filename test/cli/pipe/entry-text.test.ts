import { expect, test } from 'vitest'
import { entryLine } from '../../../src/cli/pipe/entry-text.ts'
import type { ChatEntry } from '../../../src/net/library/chat-entry.ts'

const said: ChatEntry = {
  conversation: '#ops',
  seq: 7,
  time: new Date(2026, 10, 21, 9, 30).getTime(),
  from: 'alice',
  kind: 'text',
  text: 'hello\nthere',
  deleted: false,
  target: 0,
  own: false,
  mentioned: false,
  conversationId: '~g',
  fromId: '~a',
}

test('what somebody says, with its further lines a little to the right', () => {
  const line = entryLine(said, false)
  expect(line).toBe('2026-11-21 09:30  #ops  alice: hello\n    there\n')
})

test('what somebody does is written as on the screen; programs get what was typed', () => {
  const deed = { ...said, text: '/me waves' }
  expect(entryLine(deed, false)).toBe('2026-11-21 09:30  #ops  * alice waves\n')
  expect(JSON.parse(entryLine(deed, true))).toMatchObject({ from: 'alice', text: '/me waves' })
})

test('of what was deleted it is said that it was', () => {
  const line = entryLine({ ...said, text: '', deleted: true }, false)
  expect(line).toBe('2026-11-21 09:30  #ops  alice: (deleted)\n')
})
