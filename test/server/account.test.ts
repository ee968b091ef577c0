import { expect, test } from 'vitest'
import { ChatError } from '../../src/protocol/errors.ts'
import { ACCOUNT_CONNECTIONS_MAX } from '../../src/server/limits.ts'
import { jsonLog } from '../../src/server/log.ts'
import { openSqliteStore } from '../../src/server/store/sqlite.ts'
import type { Store } from '../../src/server/store/store.ts'
import { CHEAP, nonce, PASSWORD, startServer, temporaryFolder } from '../support/server.ts'

const DAY_MS = 24 * 60 * 60 * 1_000

test('an unknown name and a wrong password get the same answer', async () => {
  const server = await startServer()
  await server.register('ann')
  const guest = server.guest()
  const wrong = await guest.refusal({ type: 'logIn', name: 'ann', password: 'not the one' })
  const unknown = await guest.refusal({ type: 'logIn', name: 'nobody', password: 'not the one' })
  expect({ ...unknown, request: wrong.request }).toEqual(wrong)
  expect(wrong.code).toBe('wrongLogin')
})

test('failed log-ins to one account are limited, from whatever address; successes cost nothing', async () => {
  let now = 0
  const server = await startServer({ now: () => now, rates: { failedLogInsPerAccount: 10 } })
  await server.register('ann')
  await server.register('bob')
  for (let attempt = 0; attempt < 20; attempt += 1) await server.logIn('ann')
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const guest = server.guest({ address: `192.0.2.${attempt}` })
    const refused = await guest.refusal({ type: 'logIn', name: 'ANN', password: 'wrong one' })
    expect(refused.code).toBe('wrongLogin')
  }
  const right = { type: 'logIn', name: 'ann', password: PASSWORD } as const
  const refused = await server.guest({ address: '192.0.2.99' }).refusal(right)
  expect(refused).toMatchObject({ code: 'rateLimited', retryMs: 6_000 })
  await server.logIn('bob')
  now += 6_000
  await server.logIn('ann')
})

test('right passwords of one account are limited, too: others wait for their hashes', async () => {
  let now = 0
  const rates = { failedLogInsPerAccount: 3, passwordsPerAccount: 5 }
  const server = await startServer({ now: () => now, rates })
  const ann = await server.register('ann')
  await server.register('bob')
  for (let attempt = 0; attempt < 4; attempt += 1) await server.logIn('ann')
  await ann.ask({ type: 'changePassword', old: PASSWORD, password: PASSWORD })
  const refused = await server.guest().refusal({ type: 'logIn', name: 'ann', password: PASSWORD })
  expect(refused).toMatchObject({ code: 'rateLimited', retryMs: 12_000 })
  const old = await ann.refusal({ type: 'changePassword', old: PASSWORD, password: PASSWORD })
  expect(old.code).toBe('rateLimited')
  await server.logIn('bob')
  await server.guest().ask({ type: 'logIn', token: ann.token })
  now += 12_000
  await server.logIn('ann')
})

test('an account has so many connections and no more, until one of them ends', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const again = { type: 'logIn', token: ann.token } as const
  const guests = Array.from({ length: ACCOUNT_CONNECTIONS_MAX + 4 }, () => server.guest())
  const outcomes = await Promise.allSettled(guests.map((guest) => guest.ask(again)))
  const welcome = outcomes.filter(({ status }) => status === 'fulfilled')
  expect(welcome).toHaveLength(ACCOUNT_CONNECTIONS_MAX - 1)
  const one = server.guest()
  expect(await one.refusal(again)).toMatchObject({ code: 'tooManyConnections', retryMs: 10_000 })
  await ann.ask({ type: 'heartbeat' })
  await server.leave(ann)
  await one.ask(again)
  await server.register('bob')
})

test('failed log-ins from one address are limited, to whatever account', async () => {
  let now = 0
  const server = await startServer({ now: () => now, rates: { failedLogInsPerAddress: 60 } })
  await server.register('ann')
  const address = '198.51.100.7'
  const guest = server.guest({ address })
  const attempts = Array.from({ length: 80 }, (_, index) =>
    guest.refusal({ type: 'logIn', name: `user${index}`, password: 'wrong one' }),
  )
  const codes = (await Promise.all(attempts)).map(({ code }) => code)
  expect(codes.filter((code) => code === 'wrongLogin').length).toBe(60)
  expect(codes.filter((code) => code === 'rateLimited').length).toBe(20)
  await server.logIn('ann')
  const token = (await server.logIn('ann')).token
  await server.guest({ address }).ask({ type: 'logIn', token })
  now += 1_000
  await server.guest({ address }).ask({ type: 'logIn', name: 'ann', password: PASSWORD })
})

test('made-up tokens of one address are limited; who comes back with a good one costs nothing', async () => {
  let now = 0
  const server = await startServer({ now: () => now, rates: { failedLogInsPerAddress: 6 } })
  const { token } = await server.register('ann')
  const address = '198.51.100.7'
  const resume = () => server.guest({ address }).ask({ type: 'logIn', token })
  await Promise.all(Array.from({ length: 20 }, resume))
  const guest = server.guest({ address })
  const madeUp = { type: 'logIn', token: Buffer.alloc(32, 7) } as const
  for (let attempt = 0; attempt < 6; attempt += 1) {
    expect((await guest.refusal(madeUp)).code).toBe('badToken')
  }
  expect(await guest.refusal(madeUp)).toMatchObject({ code: 'rateLimited', retryMs: 10_000 })
  await server.logIn('ann')
  now += 10_000
  await resume()
})

test('registrations count as attempts of their address', async () => {
  const server = await startServer({ rates: { failedLogInsPerAddress: 3 }, now: () => 0 })
  const guest = server.guest()
  const answers = await Promise.allSettled(
    ['a1', 'a2', 'a3', 'a4'].map(async (name) => {
      const client = server.guest()
      await client.ask({ type: 'register', name, password: PASSWORD })
    }),
  )
  expect(answers.filter(({ status }) => status === 'fulfilled').length).toBe(3)
  const refused = await guest.refusal({ type: 'register', name: 'a5', password: PASSWORD })
  expect(refused).toMatchObject({ code: 'rateLimited', retryMs: 20_000 })
})

test('no log line has a secret or a message in it', async () => {
  const lines: string[] = []
  const log = jsonLog((line) => lines.push(line), Date.now, 'debug')
  const server = await startServer({ log })
  const ann = await server.register('ann')
  await server.guest().refusal({ type: 'logIn', name: 'ann', password: 'a wrong one' })
  await ann.ask({ type: 'sendDirect', to: 'ann', nonce: nonce(), text: 'for me alone' })
  ann.stream.write(Buffer.alloc(20))
  await ann.closed
  await server.stop()
  const all = lines.join('')
  expect(all).toContain('a log-in failed')
  expect(all).toContain('badMagic')
  const hex = Buffer.from(ann.token).toString('hex')
  for (const secret of [PASSWORD, 'a wrong one', 'for me alone', hex])
    expect(all).not.toContain(secret)
})

test('a session lives thirty days from its last use', async () => {
  let now = 1_700_000_000_000
  const server = await startServer({ now: () => now })
  const { token } = await server.register('ann')
  now += 29 * DAY_MS
  await server.guest().ask({ type: 'logIn', token })
  now += 29 * DAY_MS
  await server.guest().ask({ type: 'logIn', token })
  now += 31 * DAY_MS
  expect((await server.guest().refusal({ type: 'logIn', token })).code).toBe('badToken')
})

test('coming back by token writes once a day at most, and works while nothing can be written', async () => {
  let now = 1_700_000_000_000
  let [full, writes] = [false, 0]
  const wrapStore = (store: Store): Store => ({
    ...store,
    prolongSession: (...session) => {
      writes += 1
      return full ? Promise.reject(new ChatError('unavailable')) : store.prolongSession(...session)
    },
  })
  const server = await startServer({ now: () => now, wrapStore })
  const { token } = await server.register('ann')
  const resume = () => server.guest().ask({ type: 'logIn', token })
  now += DAY_MS - 1
  await resume()
  expect(writes).toBe(0)
  now += 1
  await resume()
  await resume()
  expect(writes).toBe(1)
  full = true
  now += 2 * DAY_MS
  expect((await resume()).user?.name).toBe('ann')
  expect(writes).toBe(2)
})

test('a log-out that the store cannot take changes nothing', async () => {
  let full = false
  const wrapStore = (store: Store): Store => ({
    ...store,
    deleteSession: (hash) =>
      full ? Promise.reject(new ChatError('unavailable')) : store.deleteSession(hash),
  })
  const server = await startServer({ wrapStore })
  const ann = await server.register('ann')
  full = true
  expect((await ann.refusal({ type: 'logOut' })).code).toBe('unavailable')
  await ann.ask({ type: 'sendDirect', to: 'ann', nonce: nonce(), text: 'still me' })
  await ann.push('directEntry')
  full = false
  await ann.ask({ type: 'logOut' })
  expect((await ann.refusal({ type: 'sync' })).code).toBe('notLoggedIn')
})

test('a made-up token is worth nothing; the store does not keep the real one', async () => {
  const server = await startServer()
  const { token } = await server.register('ann')
  const guest = server.guest()
  expect((await guest.refusal({ type: 'logIn', token: Buffer.alloc(32, 7) })).code).toBe('badToken')
  expect((await guest.refusal({ type: 'logIn', token: token.subarray(0, 31) })).code).toBe(
    'badToken',
  )
  await server.stop()
  const store = await openSqliteStore({ folder: server.folder, onAppended: () => undefined })
  expect(await store.findSession(Buffer.from(token), 0)).toBeUndefined()
  await store.close()
})

test('a hash of another cost is renewed at log-in', async () => {
  const folder = await temporaryFolder()
  const before = await startServer({ folder })
  await before.register('ann')
  await before.stop()
  const dearer = await startServer({ folder, passwordCost: { ...CHEAP, passes: 2 } })
  await dearer.logIn('ann')
  const account = await dearer.services.store.findAccount('ann')
  expect(account?.passwordHash).toContain('m=8,t=2,p=1')
  await dearer.logIn('ann')
})

test('two who register the same name at once: one gets it', async () => {
  const server = await startServer()
  const names = ['Zoë', 'zoë', 'ZOË', 'zoe\u0308']
  const asked = names.map((name) => server.register(name))
  const settled = await Promise.allSettled(asked)
  expect(settled.filter(({ status }) => status === 'fulfilled').length).toBe(1)
})

test('a client that is gone before its log-in is done leaves nothing behind', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  await ann.ask({ type: 'addContact', user: 'ann' })
  ann.end()
  await ann.closed
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const guest = server.guest()
    guest.send({ type: 'logIn', request: 1, name: 'ann', password: PASSWORD })
    for (let tick = 0; tick < attempt; tick += 1) await new Promise(setImmediate)
    guest.stream.destroy()
  }
  const bob = await server.register('bob')
  await expect
    .poll(async () => {
      const { contacts } = await bob.ask({ type: 'addContact', user: 'ann' })
      return [contacts[0]?.online, server.peers.size, server.peers.usersOnline]
    })
    .toEqual([false, 1, 1])
  expect(server.services.hub.subscribersOf(ann.id).size).toBe(0)
})
