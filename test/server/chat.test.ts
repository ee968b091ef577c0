import { expect, test } from 'vitest'
import { nonce, PASSWORD, startServer } from '../support/server.ts'

test('a direct message reaches a partner who is online, and the sender’s other devices', async () => {
  const server = await startServer()
  const alice = await server.register('alice')
  const phone = await server.logIn('alice')
  const bob = await server.register('bob')
  const sent = await alice.ask({ type: 'sendDirect', to: 'bob', nonce: nonce(), text: '你好' })
  for (const client of [alice, phone, bob]) {
    const { conversation, entry } = await client.push('directEntry')
    expect(conversation).toBe(sent.conversation)
    expect(entry).toMatchObject({ seq: sent.seq, from: alice.id, name: 'alice', text: '你好' })
  }
})

test('what is said to someone offline waits for the next log-in, also over a restart', async () => {
  const server = await startServer()
  const alice = await server.register('alice')
  const bob = await server.register('bob')
  bob.end()
  await bob.closed
  for (const text of ['one', 'two', 'three']) {
    await alice.ask({ type: 'sendDirect', to: 'bob', nonce: nonce(), text })
  }
  await server.stop()
  const again = await startServer({ folder: server.folder })
  const back = await again.logIn('bob')
  const { heads } = await back.ask({ type: 'sync' })
  const head = heads.find((one) => one.kind === 'direct')
  expect(head).toMatchObject({ last: 3, n: 3, readN: 0, delivered: 0, peer: { name: 'alice' } })
  const { entries } = await back.ask({ type: 'getPage', conversation: head?.conversation ?? '' })
  expect(entries.map((entry) => entry.text)).toEqual(['one', 'two', 'three'])
})

test('who registers is in #lobby, and those who are there see it', async () => {
  const server = await startServer()
  const alice = await server.register('alice')
  const bob = await server.register('bob')
  const { heads } = await bob.ask({ type: 'sync' })
  expect(heads).toMatchObject([{ kind: 'group', name: 'lobby', members: 2, role: 'member' }])
  const joined = await alice.push('groupEntry', (push) => push.entry?.name === 'bob')
  expect(joined.entry?.kind).toBe('joined')
  await bob.ask({ type: 'sendGroup', group: '#lobby', nonce: nonce(), text: 'hello' })
  await alice.push('groupEntry', (push) => push.entry?.text === 'hello')
})

test('a group: created with first members, joined, talked in, quit', async () => {
  const server = await startServer()
  const alice = await server.register('alice')
  const bob = await server.register('bob')
  const carol = await server.register('carol')
  const made = await alice.ask({
    type: 'createGroup',
    nonce: nonce(),
    name: 'ops',
    members: ['bob'],
  })
  const group = made.group?.id ?? ''
  const notice = await bob.push('groupCreated')
  expect(notice).toMatchObject({
    request: 0,
    group: { id: group, name: 'ops' },
    by: { name: 'alice' },
  })
  expect((await carol.refusal(say('ops', 'let me in'))).code).toBe('notMember')
  await carol.ask({ type: 'joinGroup', group: '#ops' })
  await carol.ask(say('ops', 'hi'))
  const { members } = await carol.ask({ type: 'listMembers', group: 'ops' })
  expect(members.map(({ user, role, online }) => [user?.name, role, online])).toEqual([
    ['alice', 'owner', true],
    ['bob', 'member', true],
    ['carol', 'member', true],
  ])
  const quit = await carol.ask({ type: 'quitGroup', group: 'ops' })
  await alice.ask(say('ops', 'carol is gone'))
  await Promise.all([alice.barrier(), bob.barrier(), carol.barrier()])
  expect(alice.entries(group).map((entry) => entry.kind)).toEqual([
    'created',
    'added',
    'joined',
    'text',
    'quit',
    'text',
  ])
  expect(bob.seqs(group)).toEqual([2, 3, 4, 5, 6])
  expect(carol.seqs(group)).toEqual([3, 4, quit.seq])
})

test('requests of one connection reach the store in the order in which they were sent', async () => {
  const server = await startServer()
  const alice = await server.register('alice')
  const answers = [
    alice.ask({ type: 'createGroup', nonce: nonce(), name: 'ops' }),
    ...['1', '2', '3'].map((text) => alice.ask(say('ops', text))),
    alice.ask({ type: 'quitGroup', group: 'ops' }),
  ]
  expect((await Promise.all(answers)).slice(1)).toMatchObject([
    { seq: 2 },
    { seq: 3 },
    { seq: 4 },
    { seq: 5 },
  ])
})

test('a repeated nonce answers with the first one’s place and is told to nobody again', async () => {
  const server = await startServer()
  const alice = await server.register('alice')
  const bob = await server.register('bob')
  const once = { type: 'sendDirect', to: 'bob', nonce: nonce(), text: 'once' } as const
  const first = await alice.ask(once)
  expect(await alice.ask(once)).toEqual({ ...first, request: expect.any(Number) })
  expect((await alice.refusal({ ...once, text: 'other' })).code).toBe('nonceReused')
  await bob.barrier()
  expect(bob.seqs(first.conversation)).toEqual([1])
})

test('after log-out the token is worthless and the connection is a guest’s', async () => {
  const server = await startServer()
  const alice = await server.register('alice')
  await alice.ask({ type: 'logOut' })
  expect((await alice.refusal({ type: 'sync' })).code).toBe('notLoggedIn')
  expect((await alice.refusal({ type: 'logIn', token: alice.token })).code).toBe('badToken')
  const again = await alice.ask({ type: 'logIn', name: 'ALICE', password: PASSWORD })
  const other = server.guest()
  const resumed = await other.ask({ type: 'logIn', token: again.token })
  expect(resumed.user).toEqual(again.user)
  expect(resumed.token.length).toBe(0)
})

function say(group: string, text: string) {
  return { type: 'sendGroup', group, nonce: nonce(), text } as const
}
