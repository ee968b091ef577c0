import { duplexPair } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encode } from '../../src/protocol/codec.ts'
import { FRAME_BYTES_MAX } from '../../src/protocol/limits.ts'
import { messages } from '../../src/protocol/messages.ts'
import { ANSWER_BYTES_MAX, RUNNING_REQUESTS_MAX } from '../../src/server/limits.ts'
import type { Log } from '../../src/server/log.ts'
import { Peer } from '../../src/server/peer.ts'
import type { Store } from '../../src/server/store/store.ts'
import { RawClient } from '../support/raw-client.ts'
import { nonce, PASSWORD, startServer } from '../support/server.ts'

const HEARTBEAT = encode({ type: 'heartbeat', request: 1 })

test('who never sent a valid frame is not sent a byte', async () => {
  const server = await startServer()
  for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\x12\x34\x56\x79', '\x12\x34\x56\x78\x01\x01']) {
    const guest = server.guest()
    const seen: Buffer[] = []
    guest.stream.on('data', (chunk: Buffer) => seen.push(chunk))
    guest.stream.write(Buffer.from(`${bytes}${'\0'.repeat(11)}`, 'latin1'))
    expect(await guest.closed).toBeUndefined()
    expect(seen).toEqual([])
  }
})

test.each([
  ['magic', 0, 0x13, 'badMagic'],
  ['version', 4, 3, 'badVersion'],
  ['serializer', 5, 1, 'badSerializer'],
  ['length', 7, 0xff, 'frameTooLong'],
])(
  'a wrong %s after a valid frame is told, then the connection closes',
  async (_, at, byte, code) => {
    const server = await startServer()
    const guest = server.guest()
    await guest.barrier()
    const broken = Buffer.from(HEARTBEAT)
    broken[at] = byte
    guest.stream.write(broken)
    expect(await guest.closed).toBe(code)
  },
)

test('a payload that is not its message’s form closes with badPayload, also the first one', async () => {
  const server = await startServer()
  const guest = server.guest()
  guest.stream.write(frame(messages.logIn.command, Buffer.from([0x12, 0xff])))
  expect(await guest.closed).toBe('badPayload')
})

test('an unknown command, or one of the server’s, is answered with its request id; one stays', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  for (const command of [0, 255, messages.loggedIn.command, messages.goodbye.command]) {
    ann.stream.write(frame(command, Buffer.from([0x08, 0x2a])))
    const answer = await ann.push('error', ({ text }) => text.includes(`${command}`))
    expect(answer).toMatchObject({ request: 42, code: 'unknownCommand' })
  }
  await ann.barrier()
})

test('random and damaged bytes close a connection or are answered, and others notice nothing', async () => {
  const faults: unknown[] = []
  const log = { ...quiet, error: (event: string, fields: unknown) => faults.push([event, fields]) }
  const server = await startServer({ log: log as Log })
  const ann = await server.register('ann')
  const header = fc.record({
    command: fc.integer({ min: 0, max: 255 }),
    payload: fc.uint8Array({ maxLength: 200 }),
  })
  const frames = header.map(({ command, payload }) => frame(command, Buffer.from(payload)))
  const junk = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes))
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(frames, frames, junk), { maxLength: 20 }), async (parts) => {
      const guest = server.guest()
      for (const part of parts) guest.stream.write(part)
      guest.end()
      await guest.closed
    }),
    { numRuns: 300 },
  )
  await ann.barrier()
  await settled(() => server.peers.size === 1)
  expect(faults).toEqual([])
})

test('who is not welcome is told why at the first request, and nothing is done for them', async () => {
  const server = await startServer()
  const guest = server.guest({ refusal: 'plaintextRefused' })
  guest.send({ type: 'register', request: 1, name: 'ann', password: PASSWORD })
  expect(await guest.closed).toBe('plaintextRefused')
  expect(await server.services.store.findAccount('ann')).toBeUndefined()
})

test('frames may come byte by byte, or all in one piece', async () => {
  const server = await startServer()
  const guest = server.guest()
  const register = { type: 'register', request: 1, name: 'ann', password: PASSWORD } as const
  const bytes = Buffer.concat([encode(register), encode({ type: 'sync', request: 2 })])
  for (const byte of bytes) guest.stream.write(Buffer.from([byte]))
  expect((await guest.push('loggedIn')).user?.name).toBe('ann')
  expect((await guest.push('heads')).heads.length).toBe(1)
})

test('a guest has ten seconds to the first request; silence of three intervals closes', async () => {
  let now = 0
  const server = await startServer({ now: () => now })
  const idle = server.guest()
  const guest = server.guest()
  await guest.barrier()
  const ann = await server.register('ann')
  now = 10_000
  server.sweep()
  expect(server.peers.size).toBe(3)
  now = 10_001
  server.sweep()
  expect(await idle.closed).toBeUndefined()
  now = 40_000
  await ann.barrier()
  now = 45_001
  server.sweep()
  expect(await guest.closed).toBe('timedOut')
  now = 85_000
  server.sweep()
  await ann.barrier()
  now = 130_001
  server.sweep()
  expect(await ann.closed).toBe('timedOut')
})

test.each([3_600_000, -3_600_000])(
  'a wall clock that is set by %i ms ends no connection and holds up nobody',
  async (leap) => {
    let [now, monotonic] = [1_700_000_000_000, 0]
    const server = await startServer({
      now: () => now,
      monotonic: () => monotonic,
      rates: { messagesPerSecond: 1, messagesBurst: 4 },
    })
    const ann = await server.register('ann')
    const { heads } = await ann.ask({ type: 'sync' })
    const mark = { type: 'mark', conversation: heads[0]?.conversation ?? '', delivered: 1 } as const
    await ann.ask(mark)
    const say = { type: 'sendGroup', group: 'lobby', text: 'a' } as const
    await ann.ask({ ...say, nonce: nonce() })
    now += leap
    monotonic += 1_000
    server.sweep()
    await ann.ask(mark)
    await ann.ask({ ...say, nonce: nonce() })
    await ann.barrier()
  },
)

test('when the server itself stood still, it reads before it calls anyone silent', async () => {
  let now = 0
  const server = await startServer({ now: () => now })
  const [ann, bob] = [await server.register('ann'), await server.register('bob')]
  now = 60_000
  server.peers.sweep()
  expect(server.peers.size).toBe(2)
  await ann.barrier()
  now += 1_000
  server.peers.sweep()
  expect(await bob.closed).toBe('timedOut')
  await ann.barrier()
})

test('a heartbeat is answered when everything earlier is done; what comes later waits for it', async () => {
  const gate = Promise.withResolvers<void>()
  const wrapStore = (store: Store): Store => ({
    ...store,
    append: async (text) => {
      await gate.promise
      return store.append(text)
    },
  })
  const server = await startServer({ wrapStore })
  const ann = await server.register('ann')
  const order: string[] = []
  const note = (name: string) => () => order.push(name)
  const text = { type: 'sendGroup', group: 'lobby', nonce: nonce(), text: 'a' } as const
  const all = [
    ann.ask(text).then(note('sent')),
    ann.ask({ type: 'listContacts' }).then(note('contacts')),
    ann.ask({ type: 'heartbeat' }).then(note('heartbeat')),
    ann.ask({ type: 'find', text: 'a' }).then(note('found')),
  ]
  await settled(() => order.length === 1)
  await new Promise(setImmediate)
  expect(order).toEqual(['contacts'])
  gate.resolve()
  await Promise.all(all)
  expect(order).toEqual(['contacts', 'sent', 'heartbeat', 'found'])
})

test('requests sent right after a log-in are done as who logs in; after a log-out as a guest', async () => {
  const server = await startServer()
  await server.register('ann')
  const client = server.guest()
  const answers = await Promise.allSettled([
    client.ask({ type: 'logIn', name: 'ann', password: PASSWORD }),
    client.ask({ type: 'listContacts' }),
    client.ask({ type: 'logOut' }),
    client.ask({ type: 'listContacts' }),
  ])
  expect(answers.map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
  ])
})

test('nothing is pushed to a connection before its log-in is answered', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const talking = Array.from({ length: 200 }, (_, index) =>
    ann.ask({ type: 'sendGroup', group: 'lobby', nonce: nonce(), text: `${index}` }),
  )
  const phone = server.guest()
  phone.send({ type: 'logIn', request: 7, name: 'ann', password: PASSWORD })
  await phone.push('loggedIn')
  await Promise.all(talking)
  expect(phone.pushes[0]?.type).toBe('loggedIn')
})

test('a fault of the server is logged, told as such, and ends only that connection', async () => {
  const faults: unknown[] = []
  const log = { ...quiet, error: (event: string) => faults.push(event) }
  const wrapStore = (store: Store): Store => ({
    ...store,
    find: () => Promise.reject(new TypeError('a bug')),
  })
  const server = await startServer({ wrapStore, log: log as Log })
  const [ann, bob] = [await server.register('ann'), await server.register('bob')]
  await expect(ann.ask({ type: 'find', text: 'a' })).rejects.toThrow('closed: failed')
  expect(faults).toEqual(['a connection failed'])
  await bob.barrier()
})

test('a request that fails is over: a server that stops does not wait for it', async () => {
  const find = Promise.withResolvers<never>()
  const wrapStore = (store: Store): Store => ({ ...store, find: () => find.promise })
  const server = await startServer({ wrapStore })
  const { token } = await server.register('ann')
  const [near, far] = duplexPair()
  const arrival = { address: '192.0.2.1', refusal: undefined }
  const peer = new Peer('p', server.services, far, arrival, () => undefined)
  const client = new RawClient(near)
  await client.ask({ type: 'logIn', token })
  client.send({ type: 'find', request: 9, text: 'a' })
  client.send({ type: 'sync', request: 10 })
  await client.push('heads')
  const stopped = peer.stop()
  find.reject(new TypeError('a bug'))
  await stopped
  expect(await client.closed).toBe('failed')
})

test('a client that asks for much and reads nothing costs bounded memory', async () => {
  let now = 0
  const server = await startServer({ now: () => now })
  const ann = await server.register('ann')
  const big = 'x'.repeat(8_000)
  for (let index = 0; index < 8; index += 1) {
    await ann.ask({ type: 'sendGroup', group: 'lobby', nonce: nonce(), text: big })
  }
  const { heads } = await ann.ask({ type: 'sync' })
  const conversation = heads[0]?.conversation ?? ''
  ann.connection.pause()
  const asked = 1_000
  for (let request = 1_001; request <= 1_000 + asked; request += 1) {
    ann.send({ type: 'getPage', request, conversation })
  }
  await settled(() => server.peers.outboxBytes > ANSWER_BYTES_MAX)
  // The store answers in the order of asking: what was begun is answered after a few rounds.
  for (let round = 0; round < 30; round += 1) await server.services.store.circle(ann.id)
  // What was begun before the bound was reached is answered, the rest is not begun.
  const most = ANSWER_BYTES_MAX + RUNNING_REQUESTS_MAX * FRAME_BYTES_MAX
  expect(server.peers.outboxBytes).toBeLessThan(most)
  // Nobody can be silent who is not read.
  now += 60 * 60 * 1_000
  server.sweep()
  expect(server.peers.size).toBe(1)
  ann.connection.resume()
  await ann.push('page', ({ request }) => request === 1_000 + asked)
  expect(ann.pushes.filter(({ type }) => type === 'page').length).toBe(asked)
  server.sweep()
  expect(server.peers.size).toBe(1)
})

test('commands that nobody knows cost bounded memory, too', async () => {
  const server = await startServer()
  const guest = server.guest()
  await guest.barrier()
  guest.connection.pause()
  const asked = 100_000
  const unknown = frame(200, Buffer.from([0x08, 0x01]))
  guest.stream.write(Buffer.concat(Array<Buffer>(asked).fill(unknown)))
  await settled(() => server.peers.outboxBytes > ANSWER_BYTES_MAX)
  for (let tick = 0; tick < 1_000; tick += 1) await new Promise(setImmediate)
  expect(server.peers.outboxBytes).toBeLessThan(ANSWER_BYTES_MAX + FRAME_BYTES_MAX)
  guest.connection.resume()
  await guest.barrier()
  expect(guest.pushes.length).toBe(asked)
})

test('messages beyond a rate that two seconds do not make good are refused with the time to wait', async () => {
  let now = 1_000_000
  const server = await startServer({
    now: () => now,
    rates: { messagesPerSecond: 0.4, messagesBurst: 3 },
  })
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  const say = { type: 'sendGroup', group: 'lobby', text: 'a' } as const
  for (const client of [ann, phone, ann]) await client.ask({ ...say, nonce: nonce() })
  for (const client of [ann, phone]) {
    const refused = await client.refusal({ ...say, nonce: nonce() })
    expect(refused).toMatchObject({ code: 'rateLimited', retryMs: 2_500 })
  }
  now += 2_500
  await phone.ask({ ...say, nonce: nonce() })
})

test('who sends faster than the rate waits, is not refused, and keeps the order', async () => {
  const server = await startServer({ rates: { messagesPerSecond: 10_000, messagesBurst: 10 } })
  const ann = await server.register('ann')
  const { heads } = await ann.ask({ type: 'sync' })
  const [group, last] = [heads[0]?.conversation ?? '', heads[0]?.last ?? 0]
  const count = 3_000
  let said = 0
  const sayOn = async (): Promise<void> => {
    while (said < count) {
      said += 1
      await ann.ask({ type: 'sendGroup', group, nonce: nonce(), text: `${said}` })
    }
  }
  await Promise.all(Array.from({ length: 64 }, sayOn))
  const texts: string[] = []
  while (texts.length < count) {
    const entries = await server.services.store.read(group, last + texts.length, 500)
    texts.push(...entries.map(({ text }) => text))
  }
  expect(texts).toEqual(Array.from({ length: count }, (_, index) => `${index + 1}`))
})

const quiet: Log = { debug: drop, info: drop, warn: drop, error: drop }

function drop(): void {}

function frame(command: number, payload: Buffer): Buffer {
  const header = Buffer.from(HEARTBEAT.subarray(0, 11))
  header[6] = command
  header.writeUInt32BE(payload.length, 7)
  return Buffer.concat([header, payload])
}

async function settled(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate)
}
