import { expect, test } from 'vitest'
import { jsonLog } from '../../src/server/log.ts'

test('a log line is one JSON object; what is less than asked for is left out', () => {
  const lines: string[] = []
  const log = jsonLog(
    (line) => lines.push(line),
    () => 0,
    'warn',
  )
  log.info('a connection came')
  log.warn('a list\nwas long', { length: 7, error: new TypeError('why') })
  expect(lines.length).toBe(1)
  expect(lines[0]?.endsWith('\n')).toBe(true)
  expect(lines[0]?.trimEnd()).not.toContain('\n')
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    time: '1970-01-01T00:00:00.000Z',
    level: 'warn',
    event: 'a list\nwas long',
    length: 7,
    error: expect.stringContaining('TypeError: why'),
  })
})
