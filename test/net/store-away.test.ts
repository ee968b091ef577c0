import { afterEach, expect, test } from 'vitest'
import { Desk } from '../support/client.ts'
import { settle } from '../support/fake-clock.ts'
import { BOB } from '../support/fake-server.ts'

const desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.splice(0)) await desk.client.close()
})

const AWAY = {
  type: 'error',
  code: 'unavailable',
  text: 'the store is away',
  retryMs: 1_000,
} as const
const TO_BOB = { kind: 'direct', id: BOB.id } as const

/** Logged in; then the server loses its store. */
async function begin(): Promise<Desk> {
  const desk = new Desk({ random: () => 0.9 })
  desks.push(desk)
  await desk.client.logIn('alice', 'correct horse')
  await settle()
  desk.server.rules.sendDirect = () => AWAY
  return desk
}

test('a server that can keep nothing is said to be stuck until it takes what waits', async () => {
  const desk = await begin()
  expect(desk.client.link).not.toHaveProperty('stuck')
  await desk.client.say(TO_BOB, 'hello')
  await settle()
  expect(desk.client.link).toMatchObject({ state: 'online', stuck: true })
  expect(desk.client.outbox).toMatchObject([{ text: 'hello', refused: undefined }])
  // What the link says of it outlives a sign of life.
  await desk.clock.advance(16_000)
  expect(desk.client.link).toMatchObject({ state: 'online', stuck: true })
  desk.server.rules = {}
  await desk.clock.advance(1_000)
  expect(desk.client.outbox).toEqual([])
  expect(desk.client.link.state).toBe('online')
  expect(desk.client.link).not.toHaveProperty('stuck')
})

test('when nothing waits any more, nothing is stuck', async () => {
  const desk = await begin()
  const nonce = await desk.client.say(TO_BOB, 'hello')
  await settle()
  expect(desk.client.link).toHaveProperty('stuck')
  desk.client.discard(nonce)
  expect(desk.client.link).not.toHaveProperty('stuck')
})

test('who comes back to such a server is told so while it waits', async () => {
  const desk = await begin()
  desk.server.rules.logIn = () => AWAY
  await desk.server.drop()
  await desk.clock.advance(4_000)
  expect(desk.client.link).toMatchObject({ state: 'waiting', stuck: true })
  // However long that goes on, it is noticed soon that it is over.
  await desk.clock.advance(300_000)
  desk.server.rules = {}
  await desk.clock.advance(5_000)
  expect(desk.client.link.state).toBe('online')
  expect(desk.client.link).not.toHaveProperty('stuck')
})

test('who only reads is told by the server, and what is sent meanwhile changes nothing of it', async () => {
  const desk = await begin()
  await desk.server.say({ type: 'serverState', away: true })
  expect(desk.client.link).toMatchObject({ state: 'online', stuck: true })
  const nonce = await desk.client.say(TO_BOB, 'hello')
  await settle()
  desk.client.discard(nonce)
  await desk.clock.advance(16_000)
  expect(desk.client.link).toMatchObject({ state: 'online', stuck: true })
  await desk.server.say({ type: 'serverState', away: false })
  expect(desk.client.link.state).toBe('online')
  expect(desk.client.link).not.toHaveProperty('stuck')
})

test('a server that was away is not said to be so on the next connection', async () => {
  const desk = await begin()
  await desk.server.say({ type: 'serverState', away: true })
  await desk.server.drop()
  await desk.clock.advance(4_000)
  expect(desk.client.link.state).toBe('online')
  expect(desk.client.link).not.toHaveProperty('stuck')
})
