import { expect, test } from 'vitest'
import { SESSION_WATCH_MS } from '../../src/server/limits.ts'
import { nonce } from '../support/server.ts'
import { twoNodes } from '../support/two-nodes.ts'

test('people on two nodes of one store talk, in groups and directly', async () => {
  const [one, other] = await twoNodes(() => false)
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  const made = await ann.ask({
    type: 'createGroup',
    nonce: nonce(),
    name: 'ops',
    members: ['bob'],
  })
  expect((await bob.push('groupCreated')).group?.id).toBe(made.group?.id)
  await bob.ask({ type: 'sendGroup', group: 'ops', nonce: nonce(), text: 'from two' })
  await ann.push('groupEntry', ({ entry }) => entry?.text === 'from two')
  await ann.ask({ type: 'sendDirect', to: 'bob', nonce: nonce(), text: 'from one' })
  await bob.push('directEntry', ({ entry }) => entry?.text === 'from one')
  const { members } = await ann.ask({ type: 'listMembers', group: 'ops' })
  expect(members.map(({ online }) => online)).toEqual([true, true])
})

test('a device on another node follows its user’s joins, quits, cursors and contacts', async () => {
  const [one, other] = await twoNodes(() => false)
  const ann = await one.register('ann')
  const phone = await other.logIn('ann')
  const bob = await one.register('bob')
  const made = await bob.ask({ type: 'createGroup', nonce: nonce(), name: 'ops' })
  const group = made.group?.id ?? ''
  await ann.ask({ type: 'joinGroup', group })
  await bob.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'seen' })
  await ann.ask({ type: 'mark', conversation: group, delivered: 3, read: 3 })
  await ann.ask({ type: 'addContact', user: 'bob' })
  await ann.ask({ type: 'quitGroup', group })
  await bob.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'not seen' })
  await phone.barrier()
  expect(phone.seqs(group)).toEqual([2, 3, 4])
  expect(await phone.push('marked')).toMatchObject({ conversation: group, read: 3 })
  expect(await phone.push('contacts')).toMatchObject({ contacts: [{ user: { name: 'bob' } }] })
})

test('changes, writing, receipts and settings are told on other nodes', async () => {
  const [one, other] = await twoNodes(() => false)
  const ann = await one.register('ann')
  const phone = await other.logIn('ann')
  const bob = await other.register('bob')
  const { conversation = '' } = (await ann.ask({ type: 'sync' })).heads[0] ?? {}
  const group = { type: 'sendGroup', group: conversation } as const
  const { seq } = await ann.ask({ ...group, nonce: nonce(), text: 'tea?' })
  await ann.ask({ type: 'watch', conversation })
  await bob.ask({ type: 'react', conversation, seq, text: '👍' })
  await bob.ask({ type: 'typing', conversation })
  await bob.ask({ type: 'mark', conversation, read: seq })
  await phone.ask({ type: 'changeSettings', hideReceipts: true })
  one.sweep()
  await ann.push('groupEntry', ({ entry }) => entry?.kind === 'reacted' && entry.target === seq)
  expect(await ann.push('typed')).toMatchObject({ conversation, user: { name: 'bob' } })
  expect(await ann.push('receipts')).toMatchObject({ members: [{ user: bob.id, read: seq }] })
  expect(await ann.push('settings')).toMatchObject({ hideReceipts: true })
})

test('who is put out of a group, and everybody when it ends, leaves it on every node', async () => {
  const [one, other] = await twoNodes(() => false)
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  const cleo = await other.register('cleo')
  const members = ['bob', 'cleo']
  const made = await ann.ask({ type: 'createGroup', nonce: nonce(), name: 'ops', members })
  const group = made.group?.id ?? ''
  await ann.ask({ type: 'removeMember', group, user: 'bob', ban: true })
  await cleo.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'he is gone' })
  await ann.ask({ type: 'deleteGroup', group })
  await Promise.all([ann.barrier(), bob.barrier(), cleo.barrier()])
  expect(bob.entries(group).at(-1)).toMatchObject({ kind: 'banned', subject: { id: bob.id } })
  expect(cleo.entries(group).at(-1)).toMatchObject({ kind: 'ended' })
  expect([bob.seqs(group), cleo.seqs(group)]).toEqual([
    [2, 3, 4],
    [3, 4, 5, 6],
  ])
})

test.each([
  ['at once', 'none', 1],
  ['when the hint was lost, as soon as somebody asks', 'block', 0],
])('a block hides one on other nodes, too: %s', async (_, lost, told) => {
  const [one, other] = await twoNodes((kind) => kind === lost)
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  const { contacts } = await bob.ask({ type: 'addContact', user: 'ann' })
  expect(contacts).toMatchObject([{ online: true }])
  // By then the store has said who bob's circle is.
  await bob.ask({ type: 'listContacts' })
  await ann.ask({ type: 'block', user: 'bob' })
  const gone = () => bob.pushes.filter(({ type }) => type === 'presences').length
  const before = gone()
  other.sweep()
  await bob.barrier()
  expect(gone() - before).toBe(told)
  const listed = await bob.ask({ type: 'listContacts' })
  expect(listed.contacts).toMatchObject([{ user: { id: ann.id }, online: false }])
  other.sweep()
  await bob.barrier()
  expect(gone() - before).toBe(1)
})

test('a log-out ends the session’s connections on every node, and no other of that user', async () => {
  const [one, other] = await twoNodes(() => false)
  const ann = await one.register('ann')
  const phone = await other.logIn('ann')
  const same = [one.guest(), other.guest()]
  for (const client of same) await client.ask({ type: 'logIn', token: ann.token })
  await ann.ask({ type: 'logOut' })
  for (const client of same) expect(await client.closed).toBe('revoked')
  await ann.barrier()
  await phone.ask({ type: 'sync' })
  expect(one.peers.size + other.peers.size).toBe(2)
})

test('the list of sessions says which are connected, to whichever node', async () => {
  let lost = false
  const [one, other] = await twoNodes(() => lost)
  const ann = await one.register('ann')
  const phone = await other.logIn('ann')
  const connected = async () => {
    const { sessions } = await ann.ask({ type: 'listSessions' })
    return sessions.filter(({ online }) => online).length
  }
  expect(await Promise.all([connected(), connected()])).toEqual([2, 2])
  // Who does not answer is not waited for.
  lost = true
  expect(await connected()).toBe(1)
  lost = false
  expect(await connected()).toBe(2)
  await other.leave(phone)
  expect(await connected()).toBe(1)
})

test('hints that a bus loses between nodes cost nothing but time', async () => {
  let hints = 0
  const [one, other] = await twoNodes((kind) => {
    hints += 1
    return kind === 'appended' && hints % 3 !== 0
  })
  const ann = await one.register('ann')
  const bob = await other.register('bob')
  const { heads } = await bob.ask({ type: 'sync' })
  const { conversation = '', last = 0 } = heads[0] ?? {}
  for (let index = 0; index < 100; index += 1) {
    await ann.ask({ type: 'sendGroup', group: 'lobby', nonce: nonce(), text: `${index}` })
  }
  const seqs = Array.from({ length: 100 }, (_, index) => last + 1 + index)
  expect(ann.seqs(conversation).slice(-100)).toEqual(seqs)
  // What was lost at the very end shows with the next entry that is heard of.
  await expect
    .poll(async () => {
      await ann.ask({ type: 'sendGroup', group: 'lobby', nonce: nonce(), text: 'more' })
      return bob.seqs(conversation).slice(0, 100)
    })
    .toEqual(seqs)
})

test('a group that one was put into is followed on another node, although the hint of it was lost', async () => {
  let now = 0
  let lost = true
  const [one, other] = await twoNodes(
    (kind) => kind === 'appended' && lost,
    () => now,
  )
  const ann = await one.register('ann')
  lost = false
  const bob = await other.register('bob')
  lost = true
  const draft = { type: 'createGroup', nonce: nonce(), name: 'ops', members: ['bob'] } as const
  const group = (await ann.ask(draft)).group?.id ?? ''
  lost = false
  await bob.barrier()
  expect(bob.seqs(group)).toEqual([])
  now += SESSION_WATCH_MS / 2
  await Promise.all([ann.barrier(), bob.barrier()])
  now += SESSION_WATCH_MS / 2
  other.sweep()
  await bob.push('groupEntry', ({ conversation, entry }) => {
    return conversation === group && entry?.kind === 'added'
  })
  await ann.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'hi' })
  await bob.push('groupEntry', ({ entry }) => entry?.text === 'hi')
  expect(bob.seqs(group)).toEqual([2, 3])
})
