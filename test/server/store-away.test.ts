import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { ChatClient } from '../../src/net/chat-client.ts'
import type { ClientEvent } from '../../src/net/events.ts'
import { memoryOutbox } from '../../src/net/outbox.ts'
import type { LogFields, LogLevel } from '../../src/server/log.ts'
import { postgresIsHere } from '../support/postgres.ts'
import { POSTGRES_LACKS } from '../support/postgres-server.ts'
import { RawClient } from '../support/raw-client.ts'
import { PASSWORD } from '../support/server.ts'
import { plainSocket, serveHere } from '../support/sockets.ts'
import { valvedSchema } from '../support/valved-schema.ts'

beforeEach(({ skip }) => skip(!postgresIsHere, POSTGRES_LACKS))

type Line = readonly [level: LogLevel, event: string, fields: LogFields]

test('while PostgreSQL is away the log says it once, and once how long it was', async () => {
  const { url, valve } = await valvedSchema()
  const lines: Line[] = []
  const write =
    (level: LogLevel) =>
    (event: string, fields: LogFields = {}) => {
      lines.push([level, event, fields])
    }
  const levels = { debug: write('debug'), info: write('info') }
  const log = { ...levels, warn: write('warn'), error: write('error') }
  const { port } = await serveHere({ store: url, log })
  const reader = new RawClient(await plainSocket(port))
  await reader.ask({ type: 'register', name: 'ann', password: PASSWORD, device: 'test' })
  const times = (event: string) => lines.filter((line) => line[1] === event).length
  lines.length = 0
  valve.shut()
  // Each of what goes on by itself has failed again and again.
  await expect.poll(() => times('sessions could not be read')).toBeGreaterThanOrEqual(2)
  await expect.poll(() => times('logs could not be compared with the store')).toBeGreaterThan(0)
  await expect.poll(() => times('the search index cannot be kept up')).toBeGreaterThan(0)
  valve.open()
  await expect.poll(() => times('the store is there again')).toBe(1)
  const told = lines.filter(([level]) => level !== 'debug')
  expect(told).toEqual([
    ['error', AWAY, { store: expect.any(String), reason: 'no answer came' }],
    [
      'info',
      'the store is there again',
      { store: expect.any(String), seconds: expect.any(Number) },
    ],
  ])
  expect(told[1]?.[2]['seconds']).toBeGreaterThan(0)
  expect(told.map((line) => JSON.stringify(line)).join()).not.toMatch(/\n/)
})

test('a client that only reads is told while PostgreSQL is away', async () => {
  const { url, valve } = await valvedSchema()
  const { port } = await serveHere({ store: url })
  const events: ClientEvent['type'][] = []
  const reader = new ChatClient({
    dial: async () => ({ stream: await plainSocket(port) }),
    outbox: memoryOutbox(),
    onEvent: ({ type }) => events.push(type),
    device: 'test',
  })
  onTestFinished(() => reader.close())
  await reader.register('ann', PASSWORD)
  const isStuck = () => 'stuck' in reader.link && reader.link.stuck
  const state = () => `${reader.link.state}${isStuck() === true ? ', stuck' : ''}`
  // It has asked for all that it wants to know.
  await expect.poll(() => events).toContain('contacts')
  expect(state()).toBe('online')
  for (let time = 0; time < 2; time += 1) {
    valve.shut()
    await expect.poll(state).toBe('online, stuck')
    valve.open()
    await expect.poll(state).toBe('online')
  }
})

const AWAY = 'the store is away: nothing can be read or written, it is tried until it is back'
