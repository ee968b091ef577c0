import { type Duplex, duplexPair } from 'node:stream'
import { expect, test } from 'vitest'
import { Connection, Flusher } from '../../src/net/connection.ts'
import { encode } from '../../src/protocol/codec.ts'
import type { ProtocolError } from '../../src/protocol/errors.ts'

const HEARTBEAT = encode({ type: 'heartbeat', request: 1 })

test('the frames of a tick are written at once, in order', async () => {
  const { connection, far } = open()
  const chunks: Buffer[] = []
  far.on('data', (chunk: Buffer) => chunks.push(chunk))
  const frames = [1, 2, 3].map((request) => encode({ type: 'heartbeat', request }))
  for (const frame of frames) connection.send(frame)
  expect(connection.outboxBytes).toBe(Buffer.concat(frames).length)
  await arrived(chunks)
  expect(chunks).toEqual([Buffer.concat(frames)])
  expect(connection.outboxBytes).toBe(0)
})

test('a shared flusher writes each connection of a tick once', async () => {
  const flusher = new Flusher()
  const pairs = [open({ flusher }), open({ flusher })]
  const seen = pairs.map(({ far }) => {
    const chunks: Buffer[] = []
    far.on('data', (chunk: Buffer) => chunks.push(chunk))
    return chunks
  })
  for (const { connection } of pairs) {
    connection.send(HEARTBEAT)
    connection.send(HEARTBEAT)
  }
  await Promise.all(seen.map(arrived))
  expect(seen.map((chunks) => chunks.length)).toEqual([1, 1])
})

test('with a shared flusher everyone gets their own frames, also when most are the same', async () => {
  const flusher = new Flusher()
  const frames = [1, 2, 3].map((request) => encode({ type: 'heartbeat', request }))
  const queues = [[0, 1], [0, 1], [0, 2], [0], [0, 1, 2], [0, 1], [1, 0], [0, 1]]
  const received = queues.map(async (queue) => {
    const { connection, far } = open({ flusher })
    const chunks: Buffer[] = []
    far.on('data', (chunk: Buffer) => chunks.push(chunk))
    for (const index of queue) connection.send(frames[index] ?? Buffer.alloc(0))
    await arrived(chunks)
    return Buffer.concat(chunks)
  })
  const wanted = queues.map((queue) =>
    Buffer.concat(queue.map((index) => frames[index] ?? Buffer.alloc(0))),
  )
  expect(await Promise.all(received)).toEqual(wanted)
})

test('nothing more is handed to a stream that asks to wait, and onDrain tells when it took all', async () => {
  const { connection, far, drained } = open()
  const big = Buffer.alloc(100_000, 1)
  connection.send(big)
  connection.flush()
  expect(connection.writing).toBe(true)
  connection.send(HEARTBEAT)
  connection.flush()
  expect(connection.outboxBytes).toBe(big.length + HEARTBEAT.length)
  let received = 0
  far.on('data', (chunk: Buffer) => {
    received += chunk.length
  })
  await drained
  expect(connection.outboxBytes).toBe(0)
  expect(received).toBe(big.length + HEARTBEAT.length)
})

test('frames are handed on until the owner closes, none after that', async () => {
  const seen: number[] = []
  const { connection, far, closed } = open({
    onFrame: (command) => {
      seen.push(command)
      if (seen.length === 2) connection.end()
    },
  })
  far.write(Buffer.concat([HEARTBEAT, HEARTBEAT, HEARTBEAT]))
  await closed
  expect(seen).toEqual([17, 17])
})

test('a broken frame is told to the owner, with what was wrong', async () => {
  const errors: ProtocolError[] = []
  const { connection, far } = open({ onProtocolError: (error) => errors.push(error) })
  far.write(HEARTBEAT)
  far.write(Buffer.from('GET / HTTP/1.1\r\n'))
  await until(() => errors.length > 0)
  expect(errors.map((error) => error.code)).toEqual(['badMagic'])
  expect(connection.native).toBe(true)
})

test('an error in the owner’s code is a fault, not the peer’s', async () => {
  const faults: unknown[] = []
  const { far } = open({
    onFrame: () => {
      throw new TypeError('our own')
    },
    onFault: (error) => faults.push(error),
  })
  far.write(HEARTBEAT)
  await until(() => faults.length > 0)
  expect(faults).toEqual([new TypeError('our own')])
})

test('the last frame reaches a peer that begins to read late', async () => {
  const { connection, far, closed } = open()
  for (let index = 0; index < 100; index += 1) connection.send(Buffer.alloc(10_000, index))
  connection.end(HEARTBEAT)
  await closed
  expect(connection.closed).toBe(true)
  const chunks: Buffer[] = []
  far.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve) => far.once('end', resolve))
  const bytes = Buffer.concat(chunks)
  expect(bytes.length).toBe(100 * 10_000 + HEARTBEAT.length)
  expect(bytes.subarray(-HEARTBEAT.length)).toEqual(HEARTBEAT)
})

test('a peer that says the end gets what was sent before, and onClose comes once', async () => {
  let closes = 0
  const { connection, far, closed } = open({ onClose: () => (closes += 1) })
  const chunks: Buffer[] = []
  far.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise((resolve) => far.once('end', resolve))
  far.end(HEARTBEAT)
  connection.send(HEARTBEAT)
  await closed
  await ended
  connection.end()
  connection.destroy()
  connection.send(HEARTBEAT)
  expect(chunks).toEqual([HEARTBEAT])
  expect(closes).toBe(1)
})

test('a stream that fails closes the connection with its error', async () => {
  const errors: (Error | undefined)[] = []
  const { near, closed } = open({ onClose: (error) => errors.push(error) })
  near.destroy(new Error('reset'))
  await closed
  expect(errors).toEqual([new Error('reset')])
})

test('a paused connection leaves the peer’s bytes in the stream', async () => {
  const seen: number[] = []
  const { connection, far } = open({ onFrame: (command) => seen.push(command) })
  connection.pause()
  far.write(HEARTBEAT)
  await new Promise(setImmediate)
  expect(seen).toEqual([])
  connection.resume()
  await until(() => seen.length > 0)
  expect(seen).toEqual([17])
})

test('any byte is a sign of life', async () => {
  let now = 1_000
  const { connection, far } = open({ now: () => now })
  expect(connection.heardAt).toBe(1_000)
  now = 2_000
  far.write(HEARTBEAT.subarray(0, 1))
  await until(() => connection.heardAt === 2_000)
})

type Setup = {
  onFrame?: (command: number) => void
  onProtocolError?: (error: ProtocolError) => void
  onFault?: (error: unknown) => void
  onClose?: (error: Error | undefined) => void
  now?: () => number
  flusher?: Flusher
}

function open(setup: Setup = {}) {
  const [near, far]: [Duplex, Duplex] = duplexPair()
  const end = Promise.withResolvers<void>()
  const drain = Promise.withResolvers<void>()
  const unexpected = (error: unknown) => end.reject(error)
  const connection = new Connection(
    near,
    {
      onFrame: setup.onFrame ?? (() => undefined),
      onProtocolError: setup.onProtocolError ?? unexpected,
      onFault: setup.onFault ?? unexpected,
      onDrain: drain.resolve,
      onClose: (error) => {
        setup.onClose?.(error)
        end.resolve()
      },
    },
    setup.now ?? Date.now,
    setup.flusher,
  )
  return { connection, near, far, closed: end.promise, drained: drain.promise }
}

function arrived(chunks: readonly Buffer[]): Promise<void> {
  return until(() => chunks.length > 0)
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate)
}
