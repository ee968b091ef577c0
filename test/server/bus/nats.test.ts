import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Bus, Hint } from '../../../src/server/bus/bus.ts'
import { connectNats } from '../../../src/server/bus/nats.ts'
import { type Log, silentLog } from '../../../src/server/log.ts'
import { examineBus } from '../../support/bus-contract.ts'
import { NATS_LACKS, NatsServer, natsIsHere, startNats } from '../../support/nats.ts'

let nodes = 0

describe.skipIf(!natsIsHere)('the contract, on NATS', () => {
  const server = new NatsServer()
  beforeAll(() => server.start())
  afterAll(() => server.kill())

  examineBus(() => {
    nodes += 1
    const space = `test${nodes}`
    return { connect: (onHint) => connectNats(optionsFor(`${server.url}/${space}`, { onHint })) }
  })
})

test('what cannot be reached is said in one line, without its password', async () => {
  const url = 'nats://ann:secret@127.0.0.1:1'
  await expect(connectNats(optionsFor(url))).rejects.toThrow(
    /^the bus at nats:\/\/127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED.*; is nats-server running/,
  )
})

test('who may not use it is told so', async ({ skip }) => {
  skip(!natsIsHere, NATS_LACKS)
  const server = await startNats(['--user', 'ann', '--pass', 'right'])
  const at = (who: string) => optionsFor(server.url.replace('//', `//${who}`))
  await expect(connectNats(at('ann:wrong@'))).rejects.toThrow(/Authorization Violation/)
  const bus = await connectNats(at('ann:right@'))
  await bus.close()
})

test('a node comes back to a server that was gone, is told that it missed something, and hears again', async ({
  skip,
}) => {
  skip(!natsIsHere, NATS_LACKS)
  const server = await startNats()
  const { log, lines } = warnings()
  let lost = 0
  const one = await join(server.url, { log, onLost: () => (lost += 1) })
  const other = await join(server.url)
  await server.kill()
  await expect.poll(() => lines.length).toBe(1)
  one.bus.publish(hint('meanwhile'))
  expect(one.heard).toEqual(['meanwhile'])
  await server.start()
  await expect.poll(() => lost).toBe(1)
  await expect
    .poll(() => {
      one.bus.publish(hint('again'))
      return other.heard.includes('again')
    })
    .toBe(true)
  expect(other.heard).not.toContain('meanwhile')
  expect(lines).toEqual(['the bus is gone: other nodes hear nothing'])
})

test('a node that misses what another has sent is told so', async ({ skip }) => {
  skip(!natsIsHere, NATS_LACKS)
  const server = await startNats()
  let lost = 0
  const one = await join(server.url)
  const other = await join(server.url, { onLost: () => (lost += 1) })
  one.bus.publish(hint('first'))
  await expect.poll(() => other.heard).toEqual(['first'])
  // Too large for any pack, and so never sent.
  const users = Array.from({ length: 20_000 }, (_, at) => `~u${at}`)
  one.bus.publish({ kind: 'present', node: 'n', first: true, last: true, users })
  expect(lost).toBe(0)
  one.bus.publish(hint('second'))
  await expect.poll(() => other.heard).toEqual(['first', 'second'])
  expect(lost).toBe(1)
})

test('a server that stands still is left after a while, and hints do not gather', async ({
  skip,
}) => {
  skip(!natsIsHere, NATS_LACKS)
  const server = await startNats()
  const { log, lines } = warnings()
  const { bus } = await join(server.url, { log })
  server.signal('SIGSTOP')
  onTestFinished(() => server.signal('SIGCONT'))
  bus.publish(hint('into the void'))
  await expect.poll(() => lines.length).toBe(1)
})

async function join(
  url: string,
  options: Partial<Parameters<typeof connectNats>[0]> = {},
): Promise<{ bus: Bus; heard: string[] }> {
  const heard: string[] = []
  const onHint = (told: Hint) => {
    if (told.kind === 'presence') heard.push(told.user)
  }
  const bus = await connectNats(optionsFor(url, { onHint, ...options }))
  onTestFinished(() => bus.close())
  return { bus, heard }
}

function optionsFor(
  url: string,
  options: Partial<Parameters<typeof connectNats>[0]> = {},
): Parameters<typeof connectNats>[0] {
  nodes += 1
  const quiet = { onHint: () => undefined, onLost: () => undefined, log: silentLog }
  return { url, node: `n${nodes}`, ...quiet, ...options }
}

function hint(user: string): Hint {
  return { kind: 'presence', node: 'n', user, online: true }
}

function warnings() {
  const lines: string[] = []
  const warn = (text: string) => void lines.push(text)
  const log: Log = { ...silentLog, warn }
  return { log, lines }
}
