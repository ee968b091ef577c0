import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { SESSIONS_MAX } from '../../src/protocol/limits.ts'
import { SESSION_MS, SESSION_WATCH_MS } from '../../src/server/limits.ts'
import type { RawClient } from '../support/raw-client.ts'
import { nonce, PASSWORD, startServer } from '../support/server.ts'

const DAY_MS = 24 * 60 * 60 * 1_000

async function sessionsOf(client: RawClient) {
  const { sessions } = await client.ask({ type: 'listSessions' })
  return sessions
}

test('the list has each session once, with its device, the one used last first', async () => {
  let now = 1_000
  const server = await startServer({ now: () => now })
  const ann = await server.register('ann')
  now = 2_000
  const phone = server.guest()
  const { token } = await phone.ask({
    type: 'logIn',
    name: 'ann',
    password: PASSWORD,
    device: 'tchat on phone',
  })
  await server.register('bob')
  await server.leave(phone)
  const [second, first, ...more] = await sessionsOf(ann)
  expect(more).toEqual([])
  expect(first).toMatchObject({ device: 'test', created: 1_000, current: true, online: true })
  expect(second).toMatchObject({ device: 'tchat on phone', created: 2_000, used: 2_000 })
  expect(second).toMatchObject({ current: false, online: false })
  expect(second?.id).toMatch(/^[0-9a-f]{16}$/)
  const tokenHash = createHash('sha256').update(token).digest()
  expect(tokenHash.toString('hex')).not.toContain(second?.id ?? '')
})

test('a session that is ended is worth nothing, and its connections close; no other does', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  const tablet = await server.logIn('ann')
  const id = (await sessionsOf(phone)).find(({ current }) => current)?.id ?? ''
  await ann.ask({ type: 'endSession', session: id })
  expect(await phone.closed).toBe('revoked')
  expect((await sessionsOf(ann)).length).toBe(2)
  expect((await server.guest().refusal({ type: 'logIn', token: phone.token })).code).toBe(
    'badToken',
  )
  await ann.ask({ type: 'endSession', session: id })
  await tablet.barrier()
})

test('nobody ends a session of somebody else', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  const [session] = await sessionsOf(bob)
  await ann.ask({ type: 'endSession', session: session?.id ?? '' })
  await bob.barrier()
  expect((await sessionsOf(bob)).length).toBe(1)
})

test('all other sessions end at once; then a log-out is one from everywhere', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const others = await Promise.all([server.logIn('ann'), server.logIn('ann')])
  await ann.ask({ type: 'endSession' })
  for (const other of others) expect(await other.closed).toBe('revoked')
  expect(await sessionsOf(ann)).toMatchObject([{ current: true }])
  await ann.ask({ type: 'logOut' })
  for (const { token } of [ann, ...others]) {
    expect((await server.guest().refusal({ type: 'logIn', token })).code).toBe('badToken')
  }
})

test('who ends their own session is answered first', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const [session] = await sessionsOf(ann)
  await ann.ask({ type: 'endSession', session: session?.id ?? '' })
  expect(await ann.closed).toBe('revoked')
})

test('a session that ends while a connection comes in with it lets nobody in', async () => {
  const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  let holds = false
  const server = await startServer({
    wrapStore: (store) => ({
      ...store,
      findSession: async (tokenHash, time) => {
        const found = await store.findSession(tokenHash, time)
        if (holds) {
          reach()
          await ended
        }
        return found
      },
    }),
  })
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  holds = true
  const late = server.guest().refusal({ type: 'logIn', token: phone.token })
  await reached
  await ann.ask({ type: 'endSession' })
  end()
  expect((await late).code).toBe('badToken')
})

test('a connection whose session ended is closed, although the hint of it was lost', async () => {
  let now = 0
  const server = await startServer({ now: () => now })
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  await server.services.store.deleteSession(createHash('sha256').update(phone.token).digest())
  now += SESSION_WATCH_MS / 2
  await Promise.all([ann.barrier(), phone.barrier()])
  now += SESSION_WATCH_MS / 2
  server.sweep()
  expect(await phone.closed).toBe('revoked')
  await ann.barrier()
})

test('a session does not expire while somebody is connected with it', async () => {
  let now = 0
  const server = await startServer({ now: () => now })
  const ann = await server.register('ann')
  for (let day = 1; day <= (2 * SESSION_MS) / DAY_MS; day += 1) {
    now += DAY_MS
    ann.send({ type: 'heartbeat', request: day })
    await ann.push('heartbeatAnswer', ({ request }) => request === day)
    server.sweep()
    // The store answers in order: it was asked for the session, then told to prolong it.
    for (const _ of ['asked', 'told', 'done']) await server.services.store.sessionsAlive([], now)
  }
  await server.guest().ask({ type: 'logIn', token: ann.token })
})

test('an account has so many sessions; with one more the one that was not used for longest ends', async () => {
  let now = 0
  const server = await startServer({ now: () => now })
  const first = await server.register('ann')
  now = 1
  const second = await server.logIn('ann')
  now = 2
  const { store } = server.services
  const user = first.id
  const fill = Array.from({ length: SESSIONS_MAX - 2 }, (_, index) => {
    const tokenHash = createHash('sha256').update(`${index}`).digest()
    return store.createSession({ tokenHash, user, device: 'x', time: now, expires: DAY_MS })
  })
  await Promise.all(fill)
  await first.barrier()
  expect((await sessionsOf(second)).length).toBe(SESSIONS_MAX)
  await server.logIn('ann')
  expect(await first.closed).toBe('revoked')
  expect((await sessionsOf(second)).length).toBe(SESSIONS_MAX)
})

test('each connection of an account gets everything, and what one read is read on all', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  const bob = await server.register('bob')
  const to = { type: 'sendDirect', to: 'ann' } as const
  const { conversation } = await bob.ask({ ...to, nonce: nonce(), text: 'one' })
  await bob.ask({ ...to, nonce: nonce(), text: 'two' })
  await ann.ask({ type: 'sendDirect', to: 'bob', nonce: nonce(), text: 'three' })
  for (const client of [ann, phone, bob]) {
    await client.push('directEntry', ({ entry }) => entry?.text === 'three')
    expect(client.seqs(conversation)).toEqual([1, 2, 3])
  }
  await bob.ask({ ...to, nonce: nonce(), text: 'four' })
  await ann.ask({ type: 'mark', conversation, read: 4 })
  expect(await phone.push('marked', ({ read }) => read === 4)).toMatchObject({ readN: 4 })
  const { heads } = await phone.ask({ type: 'sync', conversations: [conversation] })
  expect(heads).toMatchObject([{ read: 4, readN: 4, n: 4 }])
})
