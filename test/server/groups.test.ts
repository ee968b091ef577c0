import { expect, test } from 'vitest'
import type { Access } from '../../src/protocol/messages.ts'
import { nonce, startServer } from '../support/server.ts'

test('who is removed sees that and nothing after it, on no connection', async () => {
  const { server, ann, bob, group } = await withGroup('invite')
  const phone = await server.logIn('bob')
  await ann.ask(say(group, 'before'))
  const { group: left } = await ann.ask({ type: 'removeMember', group, user: 'bob' })
  expect(left).toMatchObject({ id: group, members: 2, joined: true })
  await ann.ask(say(group, 'after'))
  await Promise.all([ann, bob, phone].map((one) => one.barrier()))
  expect(ann.seqs(group)).toEqual([1, 2, 3, 4, 5, 6])
  expect(bob.seqs(group)).toEqual([2, 3, 4, 5])
  expect(phone.seqs(group)).toEqual([4, 5])
  expect(phone.entries(group).at(-1)).toMatchObject({
    kind: 'removed',
    from: ann.id,
    subject: { id: bob.id, name: 'bob' },
  })
  expect((await bob.refusal(say('ops', 'me too'))).code).toBe('notMember')
  expect((await bob.refusal(say(group, 'me too'))).code).toBe('unknownGroup')
  expect((await phone.ask({ type: 'sync', conversations: [group] })).heads).toEqual([])
})

test('who is taken back begins anew: nothing of the time between is theirs', async () => {
  const { ann, bob, group } = await withGroup('invite')
  await ann.ask({ type: 'removeMember', group, user: 'bob', ban: true })
  await ann.ask(say(group, 'between'))
  const asked = { type: 'addMembers', group, users: ['bob'] } as const
  expect((await ann.refusal(asked)).code).toBe('banned')
  await ann.ask({ type: 'unban', group, user: 'bob' })
  await ann.ask(asked)
  await ann.ask(say(group, 'welcome back'))
  await bob.barrier()
  expect(bob.seqs(group)).toEqual([2, 3, 4, 6, 7])
  const { entries, first } = await bob.ask({ type: 'getPage', conversation: group, around: 1 })
  expect([first, ...entries.map(({ seq }) => seq)]).toEqual([6, 6, 7])
  expect(await bob.ask({ type: 'sync', conversations: [group] })).toMatchObject({
    heads: [{ from: 6, last: 7, n: 2, readN: 1, access: 'invite', role: 'member' }],
  })
})

test('an invite lets one in who has nothing else; the code is one that no shell touches', async () => {
  const { server, ann, group } = await withGroup('invite')
  const dan = await server.register('dan')
  expect((await dan.refusal({ type: 'joinGroup', group: 'ops' })).code).toBe('inviteNeeded')
  const { invites } = await ann.ask({ type: 'createInvite', group })
  const [invite] = invites
  expect(invite).toMatchObject({ group, by: { name: 'ann' }, uses: 1, used: 0 })
  expect(invite?.code).toMatch(/^[0-9a-z]{16}$/)
  await dan.ask({ type: 'joinGroup', group: 'ops', invite: invite?.code ?? '' })
  await dan.ask(say('ops', 'hello'))
  expect((await ann.ask({ type: 'listInvites', group })).invites).toMatchObject([{ used: 1 }])
})

test('an invite lasts for a week unless it is said otherwise', async () => {
  let now = 1_000
  const server = await startServer({ now: () => now })
  const ann = await server.register('ann')
  const week = await ann.ask({ type: 'createInvite' })
  const days = await ann.ask({ type: 'createInvite', days: 2, uses: 5 })
  const day = 24 * 60 * 60 * 1_000
  expect(week.invites).toMatchObject([{ group: '', uses: 1, expires: 1_000 + 7 * day }])
  expect(days.invites).toMatchObject([{ uses: 5, expires: 1_000 + 2 * day }])
  const codes = async () =>
    (await ann.ask({ type: 'listInvites' })).invites.map(({ expires }) => expires)
  expect(await codes()).toHaveLength(2)
  now += 2 * day
  expect(await codes()).toEqual([1_000 + 7 * day])
})

test('a deleted group ends for everybody, and another may have its name at once', async () => {
  const { ann, bob, cleo, group } = await withGroup('public')
  expect(await ann.ask({ type: 'deleteGroup', group: '#ops' })).toMatchObject({ type: 'done' })
  const again = await bob.ask({ type: 'createGroup', nonce: nonce(), name: 'ops' })
  await bob.ask(say('ops', 'mine'))
  await Promise.all([ann, bob, cleo].map((one) => one.barrier()))
  for (const client of [ann, bob, cleo]) {
    expect(client.entries(group).at(-1)).toMatchObject({ kind: 'ended', from: ann.id })
  }
  expect(cleo.entries(again.group?.id ?? '')).toEqual([])
  expect((await cleo.refusal(say(group, 'hello?'))).code).toBe('unknownGroup')
})

test('a new name, topic and role are seen by the members as they happen', async () => {
  const { ann, bob, group } = await withGroup('public')
  const changes = [
    await ann.ask({ type: 'renameGroup', group, name: '#night-ops' }),
    await ann.ask({ type: 'setTopic', group, topic: 'pagers' }),
    await ann.ask({ type: 'setAccess', group, access: 'invite', history: true }),
    await ann.ask({ type: 'setRole', group, user: 'bob', role: 'admin' }),
  ]
  expect(changes.map((change) => change.group)).toMatchObject([
    { name: 'night-ops', topic: '', access: 'public' },
    { name: 'night-ops', topic: 'pagers', access: 'public' },
    { name: 'night-ops', topic: 'pagers', access: 'invite', history: true },
    { id: group, members: 3 },
  ])
  await bob.barrier()
  expect(bob.entries(group).slice(2)).toMatchObject([
    { kind: 'renamed', text: 'night-ops' },
    { kind: 'topic', text: 'pagers' },
    { kind: 'access', text: 'invite' },
    { kind: 'role', subject: { id: bob.id }, role: 'admin', text: '' },
  ])
  const { heads } = await bob.ask({ type: 'sync', conversations: [group] })
  const rules = { topic: 'pagers', access: 'invite', role: 'admin', n: 0 }
  expect(heads).toMatchObject([{ name: 'night-ops', ...rules }])
})

test('who is blocked is told so when they write, and one’s other devices know of the block', async () => {
  const { server, ann, bob } = await withGroup('public')
  const phone = await server.logIn('ann')
  const { contacts } = await ann.ask({ type: 'block', user: 'bob' })
  const blocked = { user: { id: bob.id }, removed: true, blocked: true, online: false }
  expect(contacts).toMatchObject([blocked])
  expect((await phone.push('contacts')).contacts).toMatchObject([blocked])
  expect((await phone.ask({ type: 'listContacts' })).contacts).toMatchObject([blocked])
  const hello = { type: 'sendDirect', to: 'ann', nonce: nonce(), text: 'hello' } as const
  expect((await bob.refusal(hello)).code).toBe('blocked')
  expect((await ann.ask({ type: 'unblock', user: 'bob' })).contacts).toMatchObject([
    { ...blocked, blocked: false },
  ])
  expect(await bob.ask(hello)).toMatchObject({ seq: 1 })
})

/** Ann owns #ops; Bob and Cleo are members. */
async function withGroup(access: Access) {
  const server = await startServer()
  const ann = await server.register('ann')
  const bob = await server.register('bob')
  const cleo = await server.register('cleo')
  const draft = { nonce: nonce(), name: 'ops', members: ['bob', 'cleo'], access }
  const { group } = await ann.ask({ type: 'createGroup', ...draft })
  return { server, ann, bob, cleo, group: group?.id ?? '' }
}

function say(group: string, text: string) {
  return { type: 'sendGroup', group, nonce: nonce(), text } as const
}
