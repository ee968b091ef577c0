import { expect, test } from 'vitest'
import { ClassicSessions } from '../../../src/server/classic/sessions.ts'
import { ClassicClient, packet } from '../../support/classic-client.ts'
import { startServer, type TestServer, type TestServerOptions } from '../../support/server.ts'

const MINUTE = 60_000

test('a guest who heartbeats may take five minutes to say who they are', async () => {
  const { client, pass } = await begin()
  for (let passed = 0; passed < 295_000; passed += 5_000) {
    await client.heartbeat()
    await pass(5_000)
  }
  await client.logIn('ann')
  await client.heartbeat()
  for (let passed = 0; passed < 10 * MINUTE; passed += 30_000) {
    await pass(30_000)
    expect(await client.heartbeat()).toEqual([])
  }
})

test('but no longer', async () => {
  const { client, pass } = await begin()
  for (let passed = 0; passed < 305_000; passed += 5_000) {
    client.send(17)
    await pass(5_000)
  }
  await client.closed
})

test('who is silent for a minute is closed, logged in or not', async () => {
  const { client, pass, connect } = await begin()
  const member = await connect().logIn('ann')
  await pass(59_000)
  await member.heartbeat()
  await pass(2_000)
  await client.closed
  await member.heartbeat()
  await pass(61_000)
  await member.closed
})

test('who asks much and takes no answers for a minute is closed', async () => {
  const { client, pass } = await begin({ rates: { messagesPerSecond: 1e6, messagesBurst: 1e6 } })
  client.stream.pause()
  client.raw(Buffer.concat(Array.from({ length: 60_000 }, () => packet(17))))
  await pass(70_000)
  client.stream.resume()
  await client.closed
})

test('over its rate a client is not read for a while, and nothing is lost', async () => {
  const rates = { messagesPerSecond: 2_000, messagesBurst: 5 }
  const { client, connect } = await begin({ rates, realTime: true })
  await client.logIn('ann')
  const bob = await connect().logIn('bob')
  for (let at = 0; at < 100; at += 1) client.send(3, { toUserId: 'bob', message: `${at}` })
  for (let at = 0; at < 100; at += 1)
    expect(await bob.expect(4)).toMatchObject({ message: `${at}` })
})

test('a server that stops has kept what it read, and closes', async () => {
  const { client, connect, sessions, server } = await begin()
  await client.logIn('ann')
  const bob = await connect().logIn('bob')
  const said = Array.from({ length: 20 }, (_, at) => `${at}, just in time`)
  client.raw(Buffer.concat(said.map((message) => packet(3, { toUserId: 'bob', message }))))
  expect(await bob.expect(4)).toMatchObject({ message: said[0] })
  await sessions.stop()
  const kept = await bobs(server)
  expect(kept).toEqual(said)
  await server.peers.stop()
  await Promise.all([client.closed, bob.closed])
})

/** What is in the log between the two. */
async function bobs({ services: { store } }: TestServer): Promise<readonly string[]> {
  const { id = '' } = (await store.findUser('bob')) ?? {}
  const { items } = await store.heads({ user: id, after: '', limit: 1, conversations: [] })
  const entries = await store.read(items[0]?.conversation ?? '', 0, 100)
  return entries.map(({ text }) => text)
}

type Options = Pick<TestServerOptions, 'rates'> & Readonly<{ realTime?: boolean }>

/** A client without a network, and time that passes when it is told to. */
async function begin({ realTime = false, ...options }: Options = {}) {
  let time = 1_000_000
  const fake = realTime ? {} : { monotonic: () => time }
  const server = await startServer({ ...options, ...fake })
  const sessions = new ClassicSessions(server.services, server.peers)
  const connect = () => {
    const { client, far } = ClassicClient.pair()
    sessions.accept(far, '192.0.2.1')
    return client
  }
  const client = connect()
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      time += Math.min(left, 1_000)
      server.peers.sweep()
      sessions.sweep()
      for (let round = 0; round < 4; round += 1) await new Promise(setImmediate)
    }
  }
  return { client, connect, pass, sessions, server }
}
