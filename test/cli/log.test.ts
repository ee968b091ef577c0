import { expect, test } from 'vitest'
import { terminalLog } from '../../src/cli/log.ts'

function logged(fields: Record<string, unknown>): string {
  let text = ''
  const log = terminalLog(
    (line) => {
      text += line
    },
    () => new Date(2026, 0, 2, 3, 4, 5).getTime(),
  )
  log.debug('not for people')
  log.warn('connection closed', fields)
  return text
}

test('on a terminal an event is one line with the local time', () => {
  expect(logged({ connection: 7, address: '::1', user: undefined })).toBe(
    '03:04:05 warn  connection closed  connection=7  address=::1\n',
  )
})

test('what others sent cannot move the cursor or begin a line of its own', () => {
  expect(logged({ reason: 'a\x1b[2J\n\x9bb\u202e', error: new Error('broken pipe') })).toBe(
    '03:04:05 warn  connection closed  reason="a\\u001b[2J\\n\\u009bb\\u202e"  error="broken pipe"\n',
  )
})
