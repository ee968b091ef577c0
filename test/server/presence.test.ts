import { expect, test } from 'vitest'
import { LocalBus } from '../../src/server/bus/local.ts'
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
  const { contacts } = await ann.ask({ type: 'addContact', user: 'bob' })
  expect(contacts).toMatchObject([{ user: { id: bob.id }, online: true }])
  await known(one, ann)
  await other.leave(bob)
  one.sweep()
  await ann.barrier()
  expect(told(ann)).toEqual([{ user: bob.id, online: false }])
})

/** What the client was told of others since it was asked last. */
function told(client: RawClient) {
  const presences = client.pushes.filter((push) => push.type === 'presences')
  client.pushes.length = 0
  return presences.flatMap(({ users }) => users)
}

/** What the contact list changed was read: the store answers in the order of asking. */
async function known(server: TestServer, { id }: { id: string }): Promise<void> {
  await server.services.store.circle(id)
  await new Promise(setImmediate)
}
