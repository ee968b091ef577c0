import { expect, test } from 'vitest'
import { ClassicClient, packet } from '../../support/classic-client.ts'
import { plainClient, plainSocket, serveHere } from '../../support/sockets.ts'

const good = packet(17)
const withByte = (at: number, value: number) => {
  const bytes = Buffer.from(good)
  bytes[at] = value
  return bytes
}
const withLength = (length: number) => {
  const bytes = Buffer.from(good)
  bytes.writeUInt32BE(length, 7)
  return bytes
}

test.each([
  ['a wrong magic', withByte(3, 0x79)],
  ['a version that is none', withByte(4, 3)],
  ['a serializer of another version', withByte(5, 2)],
  ['a length beyond a frame', withLength(65_526)],
  ['the greatest length', withLength(2 ** 32 - 1)],
  ['an unknown command', packet(19)],
  ['command 0', packet(0)],
  ['a command that only servers send', packet(2, { success: true })],
  ['no JSON', packet(1, '{"userName": "ann", ')],
  ['nothing where something is asked', packet(1, Buffer.alloc(0))],
  ['JSON that is no object', packet(17, '[]')],
  ['null', packet(17, 'null')],
  ['brackets without end', packet(1, '['.repeat(60_000))],
  ['what is not UTF-8', packet(1, Buffer.from('7b22757365724e616d65223a22ff227d', 'hex'))],
  ['a field that is missing', packet(1, { userName: 'ann' })],
  ['a field of another type', packet(1, { userName: 7, password: 'pwd' })],
  [
    'a field that only a prototype has',
    packet(1, '{"__proto__": {"userName": "a", "password": "b"}}'),
  ],
  ['a password beyond its length', packet(1, { userName: 'ann', password: 'x'.repeat(1_025) })],
  ['a request by a guest', packet(3, { toUserId: 'ann', message: 'hello' })],
  ['a log-out by a guest', packet(5)],
])('%s closes the connection at once, without a byte', async (_, bytes) => {
  const { port } = await serveHere({ classic: true })
  const client = await ClassicClient.connect(port)
  client.raw(bytes)
  await client.closed
  expect(client.received).toEqual([])
  await (await ClassicClient.connect(port)).logIn('still')
})

test.each([
  ['a message beyond 8 KiB', packet(3, { toUserId: 'bob', message: 'x'.repeat(8_193) })],
  ['a list of something else', packet(7, { userIdList: [1, 2] })],
  ['no list', packet(7, { userIdList: 'bob' })],
  ['a second version', Buffer.from('12345678020211000000020801', 'hex')],
])('%s closes the connection of who is logged in', async (_, bytes) => {
  const { port } = await serveHere({ classic: true })
  const client = await (await ClassicClient.connect(port)).logIn('ann')
  client.raw(bytes)
  await client.closed
  expect(client.received).toEqual([])
})

test('packets may come byte by byte, or all at once', async () => {
  const { port } = await serveHere({ classic: true })
  const ann = await ClassicClient.connect(port)
  for (const byte of packet(1, { userName: 'ann', password: 'pwd' })) {
    ann.raw(Buffer.from([byte]))
    await new Promise(setImmediate)
  }
  expect(await ann.expect(2)).toMatchObject({ success: true })
  const many = Array.from({ length: 500 }, (_, at) =>
    packet(3, { toUserId: 'bob', message: `${at}` }),
  )
  const bob = await (await ClassicClient.connect(port)).logIn('bob')
  const glued = Buffer.concat([...many, good])
  const cut = 7_777
  ann.raw(glued.subarray(0, cut))
  await new Promise(setImmediate)
  ann.raw(glued.subarray(cut))
  for (let at = 0; at < 500; at += 1)
    expect(await bob.expect(4)).toMatchObject({ message: `${at}` })
  expect(await ann.next()).toMatchObject({ command: 18 })
})

test('the longest text comes and goes', async () => {
  const { port } = await serveHere({ classic: true })
  const ann = await (await ClassicClient.connect(port)).logIn('ann')
  const bob = await (await ClassicClient.connect(port)).logIn('bob')
  const message = '"\\'.repeat(4_096)
  ann.send(3, { toUserId: 'bob', message })
  expect((await bob.expect(4))['message']).toBe(message)
})

test('who ends in the middle of a packet leaves nothing behind', async () => {
  const server = await serveHere({ classic: true })
  const client = await (await ClassicClient.connect(server.port)).logIn('ann')
  client.raw(good.subarray(0, 9))
  await client.leave()
  const bob = await (await ClassicClient.connect(server.port)).logIn('bob')
  while (server.connected().connections > 1) await bob.heartbeat()
})

test('both versions are told apart by the fifth byte, however slowly it comes', async () => {
  const { port } = await serveHere({ classic: true })
  const classic = await plainSocket(port)
  const native = await plainSocket(port)
  const ask = Buffer.from('12345678020211000000020801', 'hex')
  for (let at = 0; at < good.length; at += 1) {
    classic.write(good.subarray(at, at + 1))
    native.write(ask.subarray(at, at + 1))
    await new Promise(setImmediate)
  }
  native.write(ask.subarray(good.length))
  const heard = (socket: typeof native) =>
    new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString('hex'))))
  const answers = await Promise.all([heard(classic), heard(native)])
  expect(answers).toEqual(['1234567801011200000002' + '7b7d', '1234567802021200000002' + '0801'])
})

test('over the number of connections a client of version 1 is closed without a byte', async () => {
  const { port } = await serveHere({ classic: true, rates: { openConnections: 1 } })
  await plainClient(port)
  const client = await ClassicClient.connect(port)
  client.send(17)
  await client.closed
  expect(client.received).toEqual([])
})
