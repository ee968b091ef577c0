import { expect, test } from 'vitest'
import { NODE_GONE_MS } from '../../src/server/limits.ts'
import { startNodes } from '../support/nodes.ts'
import type { RawClient } from '../support/raw-client.ts'
import { nonce } from '../support/server.ts'

/** What other nodes obey although the hint was lost, and how soon: in seconds. */
const OBEYED_S = 5

test('a session that was ended is over on every node, though nothing of it was heard', async () => {
  const nodes = await startNodes(2)
  const [one, other] = await begin(nodes.servers)
  const ann = await one.register('ann')
  const same = other.guest()
  await same.ask({ type: 'logIn', token: ann.token })
  nodes.bus.loses = () => true
  await ann.ask({ type: 'logOut' })
  await nodes.pass(OBEYED_S)
  expect(await same.closed).toBe('revoked')
})

test('who was put out of a group is out of it on every node, though nothing of it was heard', async () => {
  const nodes = await startNodes(2)
  const [one, other] = await begin(nodes.servers)
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  const made = await ann.ask({ type: 'createGroup', nonce: nonce(), name: 'ops', members: ['bob'] })
  const group = made.group?.id ?? ''
  await bob.push('groupCreated')
  nodes.bus.loses = () => true
  await ann.ask({ type: 'removeMember', group, user: 'bob', ban: true })
  await nodes.pass(OBEYED_S)
  await bob.push('groupEntry', ({ entry }) => entry?.kind === 'banned')
  nodes.bus.loses = () => false
  await ann.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'he is gone' })
  await bob.barrier()
  expect(bob.entries(group).at(-1)?.kind).toBe('banned')
})

test('what was said last comes, though nothing was heard: in a group, and directly', async () => {
  const nodes = await startNodes(2)
  const [one, other] = await begin(nodes.servers)
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  await nodes.pass(1)
  await ann.ask({ type: 'sendDirect', to: 'bob', nonce: nonce(), text: 'first' })
  await bob.push('directEntry', ({ entry }) => entry?.text === 'first')
  nodes.bus.loses = () => true
  await ann.ask({ type: 'sendGroup', group: 'lobby', nonce: nonce(), text: 'to all' })
  await ann.ask({ type: 'sendDirect', to: 'bob', nonce: nonce(), text: 'to one' })
  await nodes.pass(OBEYED_S)
  await bob.push('groupEntry', ({ entry }) => entry?.text === 'to all')
  await bob.push('directEntry', ({ entry }) => entry?.text === 'to one')
})

test('a first direct message and a new group come a while after a sign that hints were lost', async () => {
  const nodes = await startNodes(2)
  const [one, other] = await begin(nodes.servers)
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  nodes.bus.loses = () => true
  await ann.ask({ type: 'sendDirect', to: 'bob', nonce: nonce(), text: 'hello' })
  await ann.ask({ type: 'createGroup', nonce: nonce(), name: 'ops', members: ['bob'] })
  other.services.logWatch?.trouble()
  await nodes.pass(OBEYED_S)
  await bob.push('directEntry', ({ entry }) => entry?.text === 'hello')
  await bob.push('groupEntry', ({ entry }) => entry?.kind === 'added')
})

test('what somebody did at another device, and what was read, is told after a sign that hints were lost', async () => {
  const nodes = await startNodes(2)
  const [one, other] = await begin(nodes.servers)
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  const phone = await one.logIn('bob')
  const say = { type: 'sendDirect', to: 'bob', nonce: nonce(), text: 'hello' } as const
  const { conversation, seq } = await ann.ask(say)
  await bob.push('directEntry')
  await ann.ask({ type: 'watch', conversation })
  await nodes.pass(1)
  nodes.bus.loses = () => true
  await bob.ask({ type: 'mark', conversation, delivered: seq, read: seq })
  await bob.ask({ type: 'changePreferences', conversation, pinned: 'on' })
  await bob.ask({ type: 'setStatus', status: 'busy' })
  nodes.bus.loses = () => false
  one.services.logWatch?.trouble()
  await nodes.pass(OBEYED_S)
  const isRead = { conversation, read: seq }
  expect(await phone.push('marked', ({ read }) => read === seq)).toMatchObject(isRead)
  const pinned = await phone.push('preferencesChanged', (one) => one.conversation === conversation)
  expect(pinned).toMatchObject({ preferences: { pinned: true } })
  expect(await phone.push('settings')).toMatchObject({ status: 'busy' })
  const seen = await ann.push('receipts', ({ members }) => members.some((one) => one.read === seq))
  expect(seen).toMatchObject({ conversation, members: [{ user: bob.id }] })
})

test('what a second program with the same session did is told after a sign that hints were lost', async () => {
  const nodes = await startNodes(2)
  const [one, other] = await begin(nodes.servers)
  const bob = await other.register('bob')
  const second = one.guest()
  await second.ask({ type: 'logIn', token: bob.token })
  await nodes.pass(2)
  nodes.bus.loses = ({ kind }) => kind === 'settings'
  await bob.ask({ type: 'setStatus', status: 'busy' })
  one.services.logWatch?.trouble()
  await nodes.pass(OBEYED_S)
  expect(await second.push('settings')).toMatchObject({ status: 'busy' })
})

test('who came to the lists of contacts and blocks, and who went, is told after a sign that hints were lost', async () => {
  const nodes = await startNodes(2)
  const [one, other] = await begin(nodes.servers)
  for (const name of ['ann', 'cleo', 'dan']) await one.register(name)
  const bob = await other.register('bob')
  await bob.ask({ type: 'addContact', user: 'cleo' })
  const phone = await one.logIn('bob')
  await nodes.pass(2)
  nodes.bus.loses = ({ kind }) => kind === 'contacts'
  await bob.ask({ type: 'removeContact', user: 'cleo' })
  nodes.bus.loses = () => false
  await bob.ask({ type: 'addContact', user: 'ann' })
  await phone.push('contacts')
  nodes.bus.loses = ({ kind }) => kind === 'contacts'
  await bob.ask({ type: 'block', user: 'dan' })
  one.services.logWatch?.trouble()
  await nodes.pass(OBEYED_S)
  const { contacts } = await phone.push('contacts', (told) => told.contacts.length > 1)
  expect(contacts.map(({ user, removed, blocked }) => [user?.name, removed, blocked])).toEqual([
    ['ann', false, false],
    ['dan', true, true],
    ['cleo', true, false],
  ])
  expect(contacts[0]).toMatchObject({ online: true })
})

test('who is blocked sees the other go after a sign that hints were lost', async () => {
  const nodes = await startNodes(2)
  const [one, other] = await begin(nodes.servers)
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  await bob.ask({ type: 'addContact', user: 'ann' })
  await nodes.pass(1)
  nodes.bus.loses = ({ kind }) => kind === 'block'
  await ann.ask({ type: 'block', user: 'bob' })
  other.services.logWatch?.trouble()
  await nodes.pass(OBEYED_S)
  const seen = await bob.push('presences', ({ users }) => users.some(({ online }) => !online))
  expect(seen).toMatchObject({ users: [{ user: ann.id, online: false }] })
})

test('who is where is known to a node that starts later', async () => {
  const nodes = await startNodes(1)
  const [one] = await begin(nodes.servers)
  const bob = await one.register('bob')
  await bob.ask({ type: 'setStatus', status: 'busy' })
  const late = await nodes.add()
  const ann = await late.register('ann')
  await ann.ask({ type: 'addContact', user: 'bob' })
  await nodes.pass(2)
  expect(await contactOf(ann)).toMatchObject({ online: true, status: 'busy' })
})

test('who came and went while nothing was heard is known again soon', async () => {
  const nodes = await startNodes(2)
  const [one, other] = await begin(nodes.servers)
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  const cleo = await other.register('cleo')
  await ann.ask({ type: 'addContact', user: 'bob' })
  await ann.ask({ type: 'addContact', user: 'cleo' })
  await other.leave(cleo)
  await nodes.pass(1)
  nodes.bus.loses = ({ kind }) => kind === 'presence'
  await other.leave(bob)
  const back = await other.logIn('cleo')
  await nodes.pass(1)
  const { contacts } = await ann.ask({ type: 'listContacts' })
  expect(contacts.map(({ user, online }) => [user?.name, online])).toEqual([
    ['bob', false],
    ['cleo', true],
  ])
  await other.leave(back)
})

test('of a node that died without goodbye nobody is there after some seconds, and all are when it is back', async () => {
  const nodes = await startNodes(2)
  const [one, other] = await begin(nodes.servers)
  const ann = await one.register('ann')
  await other.register('bob')
  await ann.ask({ type: 'addContact', user: 'bob' })
  await nodes.pass(1)
  const [, end] = nodes.ends
  if (end === undefined) throw new Error('there is no second node')
  end.cut = true
  await nodes.pass(NODE_GONE_MS / 1_000 - 2)
  expect(await contactOf(ann)).toMatchObject({ online: true })
  await nodes.pass(3)
  expect(await contactOf(ann)).toMatchObject({ online: false })
  end.cut = false
  await nodes.pass(2)
  expect(await contactOf(ann)).toMatchObject({ online: true })
})

test('thousands of users of another node become known in parts', async () => {
  const nodes = await startNodes(1)
  const [one] = await begin(nodes.servers)
  const ann = await one.register('ann')
  const users = Array.from({ length: 5_000 }, (_, at) => `~u${at + 100}`)
  const told: string[] = []
  const { Elsewhere } = await import('../../src/server/presence/elsewhere.ts')
  const { Roll } = await import('../../src/server/presence/roll.ts')
  const parts = {
    shared: true,
    monotonic: () => 0,
    changed: () => undefined,
    gone: () => undefined,
  }
  const end = nodes.bus.connect((hint) => {
    if (hint.kind === 'roll') told.push(hint.node)
    far.onHint(hint)
  })
  const publish = end.publish.bind(end)
  const far = new Elsewhere({ node: 'far', here: new Roll(users), publish, ...parts })
  far.sweep()
  await nodes.pass(1)
  const { presence } = one.services
  expect(told).toContain('far')
  expect(users.filter((user) => !presence.isOnline(user))).toEqual([])
  expect(presence.isOnline(ann.id)).toBe(true)
})

async function begin<T>(servers: readonly T[]): Promise<[T, T]> {
  const [one, other = one] = servers
  if (one === undefined || other === undefined) throw new Error('there is no node')
  return [one, other]
}

async function contactOf(client: RawClient) {
  return (await client.ask({ type: 'listContacts' })).contacts[0]
}
