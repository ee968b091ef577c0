import { expect, test } from 'vitest'
import { terminalLog } from '../../src/cli/log.ts'
import { jsonLog, logLevels } from '../../src/server/log.ts'

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

test.each([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
] as const)('from %s on, the same is told on a terminal and elsewhere', (least, told) => {
  for (const make of [terminalLog, jsonLog]) {
    const lines: string[] = []
    const log = make(
      (line) => lines.push(line),
      () => 0,
      least,
    )
    for (const level of logLevels) log[level](`of ${level}`)
    expect(lines).toHaveLength(told.length)
    for (const [at, level] of told.entries()) expect(lines[at]).toContain(`of ${level}`)
  }
})

test('outside a terminal a line is a JSON object, errors with their stacks', () => {
  const lines: string[] = []
  const log = jsonLog(
    (line) => lines.push(line),
    () => 0,
  )
  log.error('a connection failed', { connection: 7, error: new Error('broken\npipe') })
  expect(lines).toHaveLength(1)
  expect(lines[0]?.endsWith('}\n')).toBe(true)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    time: '1970-01-01T00:00:00.000Z',
    level: 'error',
    event: 'a connection failed',
    connection: 7,
    error: expect.stringContaining('Error: broken\npipe\n    at '),
  })
})
