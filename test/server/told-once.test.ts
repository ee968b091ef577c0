import { expect, test } from 'vitest'
import { ChatError } from '../../src/protocol/errors.ts'
import type { Log, LogFields } from '../../src/server/log.ts'
import { toldOnce } from '../../src/server/told-once.ts'

test('what fails because the store is away is for who looks closely; what else fails stays what it was', () => {
  const lines: string[] = []
  const write = (level: string) => (event: string, fields?: LogFields) => {
    lines.push(`${level} ${event}: ${String(fields?.['error'])}`)
  }
  const levels = ['debug', 'info', 'warn', 'error'].map((level) => [level, write(level)])
  const log = toldOnce(Object.fromEntries(levels) as Log)
  const away = new ChatError('unavailable')
  log.warn('it could not be read', { error: away })
  log.error('it cannot be kept up', { error: away })
  log.warn('it could not be read', { error: new ChatError('unknownUser') })
  log.error('a connection failed', { error: new TypeError('why') })
  log.info('it goes on')
  expect(lines).toEqual([
    `debug it could not be read: ${away.message}`,
    `debug it cannot be kept up: ${away.message}`,
    `warn it could not be read: ${new ChatError('unknownUser')}`,
    'error a connection failed: TypeError: why',
    'info it goes on: undefined',
  ])
})
