import { expect, test } from 'vitest'
import type { Message, MessageOf } from '../../src/protocol/messages.ts'
import type { RawClient } from '../support/raw-client.ts'
import { nonce, startServer } from '../support/server.ts'
import { twoNodes } from '../support/two-nodes.ts'

test('what one client wants of a conversation the others of its user are told, nobody else', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  const bob = await server.register('bob')
  const conversation = await lobbyOf(ann)
  const changed = await ann.ask({
    type: 'changePreferences',
    conversation,
    pinned: 'on',
    notify: 'mentions',
  })
  const preferences = {
    pinned: true,
    muted: false,
    notify: 'mentions',
    unread: 0,
    unreadN: 0,
  }
  expect(changed).toMatchObject({ conversation, preferences })
  expect(await phone.push('preferencesChanged')).toMatchObject({
    request: 0,
    conversation,
    preferences,
  })
  await Promise.all([ann.barrier(), bob.barrier()])
  for (const other of [ann, bob]) expect(pushed(other, 'preferencesChanged')).toEqual([])
  const { heads } = await phone.ask({ type: 'sync' })
  expect(heads[0]).toMatchObject({ conversation, preferences })
  expect((await bob.ask({ type: 'sync' })).heads[0]?.preferences).toBeUndefined()
})

test('what is marked unread stays so while reading goes on, until a client says that it was seen', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  const conversation = await lobbyOf(ann)
  const said = { type: 'sendGroup', group: conversation, text: 'hi' } as const
  const { seq } = await bob.ask({ ...said, nonce: nonce() })
  await ann.ask({ type: 'mark', conversation, read: seq })
  await ann.ask({ type: 'changePreferences', conversation, unread: seq })
  const next = await bob.ask({ ...said, nonce: nonce() })
  await ann.ask({ type: 'mark', conversation, read: next.seq })
  const head = async () => (await ann.ask({ type: 'sync' })).heads[0]
  expect(await head()).toMatchObject({ n: 2, readN: 2, preferences: { unread: seq, unreadN: 0 } })
  await ann.ask({ type: 'changePreferences', conversation, seen: true })
  expect((await head())?.preferences).toBeUndefined()
})

test('away and busy are told to those who may know that one is online, on every node', async () => {
  const [one, other] = await twoNodes(() => false)
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  const stranger = await other.register('stranger')
  const { contacts } = await bob.ask({ type: 'addContact', user: 'ann' })
  expect(contacts).toMatchObject([{ online: true, status: 'available' }])
  await bob.ask({ type: 'listContacts' })
  expect(await ann.ask({ type: 'setStatus', status: 'away' })).toMatchObject({ status: 'away' })
  other.sweep()
  expect(await bob.push('presences', ofStatus('away'))).toMatchObject({
    users: [{ user: ann.id, online: true, status: 'away' }],
  })
  await stranger.barrier()
  expect(pushed(stranger, 'presences')).toEqual([])
  const { members } = await bob.ask({ type: 'listMembers', group: 'lobby' })
  expect(members[0]).toMatchObject({ user: { id: ann.id }, status: 'away' })
  const watched = await bob.ask({ type: 'watch', conversation: await lobbyOf(bob) })
  expect(watched.users.find(({ user }) => user === ann.id)).toMatchObject({ status: 'away' })
  await ann.ask({ type: 'setStatus', status: 'available' })
  other.sweep()
  expect(await bob.push('presences', ofStatus('available'))).toMatchObject({
    users: [{ user: ann.id, online: true }],
  })
})

test('who comes back says the same of themselves as before, on the other node, too', async () => {
  const [one, other] = await twoNodes(() => false)
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  await bob.ask({ type: 'addContact', user: 'ann' })
  await ann.ask({ type: 'setStatus', status: 'busy' })
  await one.leave(ann)
  const { contacts } = await bob.ask({ type: 'listContacts' })
  expect(contacts).toMatchObject([{ online: false, status: 'available' }])
  const phone = await one.logIn('ann')
  expect(await phone.ask({ type: 'getSettings' })).toMatchObject({ status: 'busy' })
  // Its circle is read by then.
  await phone.ask({ type: 'listContacts' })
  other.sweep()
  expect(await bob.push('presences', ofStatus('busy'))).toMatchObject({
    users: [{ user: ann.id, online: true, status: 'busy' }],
  })
})

test('a status of which the hint was lost is made good as soon as somebody asks', async () => {
  const [one, other] = await twoNodes((kind) => kind === 'settings')
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  await bob.ask({ type: 'addContact', user: 'ann' })
  await ann.ask({ type: 'setStatus', status: 'away' })
  other.sweep()
  await bob.barrier()
  expect(pushed(bob, 'presences').some(ofStatus('away'))).toBe(false)
  const { contacts } = await bob.ask({ type: 'listContacts' })
  expect(contacts).toMatchObject([{ status: 'away' }])
})

test('who is blocked is not told of a status', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  await bob.ask({ type: 'addContact', user: 'ann' })
  await ann.ask({ type: 'block', user: 'bob' })
  await ann.ask({ type: 'setStatus', status: 'away' })
  server.sweep()
  const { contacts } = await bob.ask({ type: 'listContacts' })
  expect(contacts).toMatchObject([{ online: false, status: 'available' }])
  const { members } = await bob.ask({ type: 'listMembers', group: 'lobby' })
  expect(members[0]).toMatchObject({ user: { id: ann.id }, online: false, status: 'available' })
  expect(pushed(bob, 'presences').some(ofStatus('away'))).toBe(false)
})

test('the other clients of the account learn its status, and it leaves the other settings alone', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  await phone.ask({ type: 'changeSettings', hideReceipts: true })
  await ann.ask({ type: 'setStatus', status: 'busy' })
  const told = await phone.push('settings', ({ status }) => status === 'busy')
  expect(told).toMatchObject({ request: 0, hideReceipts: true })
})

type Presences = Readonly<{ users: readonly Readonly<{ status: string }>[] }>

function ofStatus(status: string) {
  return ({ users }: Presences) => users.some((user) => user.status === status)
}

function pushed<T extends Message['type']>(client: RawClient, type: T): readonly MessageOf<T>[] {
  return client.pushes.filter((push): push is MessageOf<T> => push.type === type)
}

async function lobbyOf(client: RawClient): Promise<string> {
  return (await client.ask({ type: 'sync' })).heads[0]?.conversation ?? ''
}
