import { expect, test } from 'vitest'
import { encode } from '../../src/protocol/codec.ts'
import { ChatError } from '../../src/protocol/errors.ts'
import { LocalBus } from '../../src/server/bus/local.ts'
import { PUSH_BYTES_MAX } from '../../src/server/limits.ts'
import { silentLog } from '../../src/server/log.ts'
import { Presence } from '../../src/server/presence/presence.ts'
import { Subscriber } from '../../src/server/subscriber.ts'
import type { RawClient } from '../support/raw-client.ts'
import { nonce, startServer, type TestServer } from '../support/server.ts'

test('contacts are seen to come and go, told once a second', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  const { contacts } = await ann.ask({ type: 'addContact', user: 'bob' })
  expect(contacts).toMatchObject([{ user: { name: 'bob' }, online: true, removed: false }])
  await known(server, ann)
  await server.leave(bob)
  server.sweep()
  await ann.barrier()
  expect(told(ann)).toEqual([{ user: bob.id, online: false }])
  const phone = await server.logIn('bob')
  const second = await server.logIn('bob')
  await known(server, ann)
  server.sweep()
  await server.leave(phone)
  server.sweep()
  await ann.barrier()
  expect(told(ann)).toEqual([{ user: bob.id, online: true }])
  await server.leave(second)
  await server.logIn('bob')
  server.sweep()
  await ann.barrier()
  expect(told(ann)).toEqual([{ user: bob.id, online: true }])
})

test('after a log-in one is told who of one’s contacts and partners is there', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  const carol = await server.register('carol')
  const dave = await server.register('dave')
  await ann.ask({ type: 'addContact', user: 'bob' })
  await ann.ask({ type: 'addContact', user: 'dave' })
  await carol.ask({ type: 'sendDirect', to: 'ann', nonce: nonce(), text: 'hi' })
  await server.leave(dave)
  const phone = await server.logIn('ann')
  const { users, request } = await phone.push('presences')
  expect(request).toBe(0)
  expect(new Set(users.map(({ user }) => user))).toEqual(new Set([bob.id, carol.id]))
  const { contacts } = await phone.ask({ type: 'listContacts' })
  expect(contacts.map((one) => [one.user?.name, one.online])).toEqual([
    ['bob', true],
    ['dave', false],
  ])
})

test('where the store could not say whom one knows, it is asked again', async () => {
  let away = false
  const server = await startServer({
    wrapStore: (store) => ({
      ...store,
      circle: (user) => (away ? Promise.reject(new ChatError('unavailable')) : store.circle(user)),
    }),
  })
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  await ann.ask({ type: 'addContact', user: 'bob' })
  away = true
  const phone = await server.logIn('ann')
  server.sweep()
  await phone.barrier()
  expect(told(phone)).toEqual([])
  away = false
  server.sweep()
  expect(await phone.push('presences')).toMatchObject({ users: [{ user: bob.id, online: true }] })
})

test('who begins to talk to someone sees that one’s presence from then on', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  await ann.ask({ type: 'sendDirect', to: 'bob', nonce: nonce(), text: 'hi' })
  server.sweep()
  await Promise.all([ann.barrier(), bob.barrier()])
  expect(told(ann)).toEqual([{ user: bob.id, online: true }])
  await server.leave(bob)
  server.sweep()
  await ann.barrier()
  expect(told(ann)).toEqual([{ user: bob.id, online: false }])
})

test('strangers are not told of, except members of the conversation that is open', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  server.sweep()
  await ann.barrier()
  expect(told(ann)).toEqual([])
  const { heads } = await ann.ask({ type: 'sync' })
  const lobby = heads[0]?.conversation ?? ''
  const open = await ann.ask({ type: 'watch', conversation: lobby })
  expect(open).toMatchObject({ conversation: lobby, online: 2 })
  expect(new Set(open.users.map(({ user }) => user))).toEqual(new Set([ann.id, bob.id]))
  await server.leave(bob)
  server.sweep()
  await ann.barrier()
  expect(told(ann)).toEqual([{ user: bob.id, online: false }])
  await ann.ask({ type: 'watch' })
  await server.logIn('bob')
  server.sweep()
  await ann.barrier()
  expect(told(ann)).toEqual([])
})

test('each change is told once', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const [bob, carol] = [await server.register('bob'), await server.register('carol')]
  await ann.ask({ type: 'addContact', user: 'bob' })
  await ann.ask({ type: 'addContact', user: 'carol' })
  await known(server, ann)
  for (const contact of [bob, carol]) {
    await server.leave(contact)
    server.sweep()
    server.sweep()
    await ann.barrier()
    expect(told(ann)).toEqual([{ user: contact.id, online: false }])
  }
})

test('two devices that come at the same time make their user online', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  await server.leave(await server.register('bob'))
  await ann.ask({ type: 'addContact', user: 'bob' })
  await known(server, ann)
  const devices = await Promise.all([server.logIn('bob'), server.logIn('bob')])
  await Promise.all(devices.map((device) => device.barrier()))
  server.sweep()
  await ann.barrier()
  expect(told(ann)).toMatchObject([{ online: true }])
})

test('a slow reader is told when it reads again, and then only how things are', async () => {
  const frames: Buffer[] = []
  const line = { outboxBytes: 0, send: (frame: Buffer) => frames.push(frame) }
  const ann = new Subscriber('1', { id: 'ann', name: 'ann' }, line, {
    tokenHash: Buffer.alloc(32),
    revoke: () => undefined,
  })
  const presence = new Presence({
    node: 'here',
    hub: { subscribersOf: () => new Set() },
    store: {
      circle: async () => ['bob', 'eve'],
      blockers: async () => [],
      statuses: async (users) => users.map(() => 'available' as const),
    },
    publish: () => undefined,
    log: silentLog,
  })
  await presence.attach(ann)
  line.outboxBytes = PUSH_BYTES_MAX + 1
  for (const online of [true, false, true]) {
    presence.onHint({ kind: 'presence', node: 'there', user: 'bob', online })
    presence.sweep()
  }
  expect(frames).toEqual([])
  line.outboxBytes = 0
  presence.sweep()
  presence.sweep()
  expect(frames).toEqual([encode({ type: 'presences', users: [{ user: 'bob', online: true }] })])
})

test('a contact that was removed is not told of any more; other devices learn it', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  const bob = await server.register('bob')
  await ann.ask({ type: 'addContact', user: 'bob' })
  expect((await phone.push('contacts')).contacts).toMatchObject([{ online: true, removed: false }])
  await ann.ask({ type: 'removeContact', user: 'bob' })
  const removed = await phone.push('contacts', ({ contacts }) => contacts[0]?.removed === true)
  expect(removed.contacts).toMatchObject([{ user: { id: bob.id }, removed: true }])
  expect(ann.pushes.some(({ type }) => type === 'contacts')).toBe(false)
  await known(server, ann)
  await server.leave(bob)
  server.sweep()
  await ann.barrier()
  expect(told(ann)).toEqual([])
  const carol = await server.register('carol')
  await ann.ask({ type: 'addContact', user: 'carol' })
  await known(server, ann)
  await server.leave(carol)
  await ann.ask({ type: 'removeContact', user: 'carol' })
  await known(server, ann)
  server.sweep()
  await ann.barrier()
  expect(told(ann)).toEqual([])
})

test('who is blocked sees the other go, and knows nothing of them until they are not any more', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  await ann.ask({ type: 'addContact', user: 'bob' })
  await bob.ask({ type: 'addContact', user: 'ann' })
  await known(server, bob)
  await ann.ask({ type: 'block', user: 'bob' })
  server.sweep()
  await bob.barrier()
  expect(told(bob)).toEqual([{ user: ann.id, online: false }])
  await server.leave(ann)
  const back = await server.logIn('ann')
  server.sweep()
  await bob.barrier()
  expect(told(bob)).toEqual([])
  const phone = await server.logIn('bob')
  const { heads } = await phone.ask({ type: 'sync' })
  const lobby = heads[0]?.conversation ?? ''
  for (const client of [bob, phone]) {
    const open = await client.ask({ type: 'watch', conversation: lobby })
    expect(open).toMatchObject({ online: 1, users: [{ user: bob.id }] })
    const { members } = await client.ask({ type: 'listMembers', group: lobby })
    expect(members.map(({ user, online }) => [user?.name, online])).toEqual([
      ['ann', false],
      ['bob', true],
    ])
    const { contacts } = await client.ask({ type: 'listContacts' })
    expect(contacts).toMatchObject([{ user: { name: 'ann' }, online: false }])
  }
  expect(told(phone)).toEqual([])
  const { members } = await back.ask({ type: 'listMembers', group: lobby })
  expect(members.map(({ online }) => online)).toEqual([true, true])
  await back.ask({ type: 'unblock', user: 'bob' })
  server.sweep()
  await bob.barrier()
  expect(told(bob)).toEqual([{ user: ann.id, online: true }])
})

test('also what is asked together with the log-in says nothing of who blocks one', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  const cleo = await server.register('cleo')
  for (const { name } of [ann, cleo]) await bob.ask({ type: 'addContact', user: name })
  await ann.ask({ type: 'block', user: 'bob' })
  const phone = server.guest()
  const [, { contacts }, { members }] = await Promise.all([
    phone.ask({ type: 'logIn', token: bob.token }),
    phone.ask({ type: 'listContacts' }),
    phone.ask({ type: 'listMembers', group: 'lobby' }),
  ])
  expect(contacts.map(({ online }) => online)).toEqual([false, true])
  expect(members.map(({ online }) => online)).toEqual([false, true, true])
})

test('a block that is heard of while the blocks are read is not forgotten', async () => {
  const line = { outboxBytes: 0, send: () => undefined }
  const bob = new Subscriber('1', { id: 'bob', name: 'bob' }, line, {
    tokenHash: Buffer.alloc(32),
    revoke: () => undefined,
  })
  const blockers: string[] = []
  const presence = new Presence({
    node: 'here',
    hub: { subscribersOf: () => new Set([bob]) },
    store: {
      circle: async () => ['ann'],
      blockers: async () => {
        const now = [...blockers]
        await new Promise(setImmediate)
        return now
      },
      statuses: async (users) => users.map(() => 'available' as const),
    },
    publish: () => undefined,
    log: silentLog,
  })
  presence.onHint({ kind: 'presence', node: 'there', user: 'ann', online: true })
  const attached = presence.attach(bob)
  blockers.push('ann')
  presence.onHint({ kind: 'block', user: 'ann', other: 'bob', blocked: true })
  await attached
  expect(presence.isOnlineFor(bob, 'ann')).toBe(false)
})

test('who was removed from the group that is open is told of its members no more', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  const cleo = await server.register('cleo')
  const members = ['bob', 'cleo']
  const made = await ann.ask({ type: 'createGroup', nonce: nonce(), name: 'ops', members })
  const conversation = made.group?.id ?? ''
  for (const client of [ann, bob]) await client.ask({ type: 'watch', conversation })
  await ann.ask({ type: 'removeMember', group: conversation, user: 'bob' })
  await server.leave(cleo)
  server.sweep()
  await Promise.all([ann.barrier(), bob.barrier()])
  expect(told(ann)).toEqual([{ user: cleo.id, online: false }])
  expect(told(bob)).toEqual([])
})

test('someone connected to another node is online, until the last connection there goes', async () => {
  const bus = new LocalBus()
  const connectBus = bus.connect.bind(bus)
  const [one, other] = [await startServer({ connectBus }), await startServer({ connectBus })]
  const ann = await one.register('ann')
  // Two stores stand in for a shared one: the ids are the same.
  await one.leave(await one.register('bob'))
  await other.leave(await other.register('ann'))
  const bob = await other.register('bob')
  const phone = await one.logIn('bob')
  const { contacts } = await ann.ask({ type: 'addContact', user: 'bob' })
  expect(contacts).toMatchObject([{ user: { id: bob.id }, online: true }])
  await known(one, ann)
  await one.leave(phone)
  one.sweep()
  await ann.barrier()
  expect(told(ann)).toEqual([])
  await other.leave(bob)
  one.sweep()
  await ann.barrier()
  expect(told(ann)).toEqual([{ user: bob.id, online: false }])
})

/** What the client was told of others since it was asked last. */
function told(client: RawClient) {
  const presences = client.pushes.filter((push) => push.type === 'presences')
  client.pushes.length = 0
  return presences.flatMap(({ users }) => users.map(({ user, online }) => ({ user, online })))
}

/** What the contact list changed was read: the store answers in the order of asking. */
async function known(server: TestServer, { id }: { id: string }): Promise<void> {
  await server.services.store.circle(id)
  await new Promise(setImmediate)
}
