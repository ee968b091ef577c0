import { expect, test } from 'vitest'
import { presentOwnerSecret } from '../../../src/server/admin/owner-secret.ts'
import { ClassicClient } from '../../support/classic-client.ts'
import { nonce, PASSWORD, temporaryFolder } from '../../support/server.ts'
import { plainClient, serveHere, tlsClient } from '../../support/sockets.ts'

test('people of both versions talk in one group and with each other', async () => {
  const { zhang, ann, port } = await both()
  zhang.send(7, { userIdList: ['ann'] })
  const groupId = String((await zhang.expect(8))['groupId'])
  await ann.push('groupCreated', ({ group, by }) => group?.id === groupId && by?.name === 'zhang')
  const text = 'from version 2'
  await ann.ask({ type: 'sendGroup', group: groupId, nonce: nonce(), text })
  const fromUser = { userId: ann.userId, userName: 'ann' }
  expect(await zhang.expect(16)).toEqual({ fromGroupId: groupId, fromUser, message: text })
  zhang.send(15, { toGroupId: groupId, message: 'from version 1' })
  await zhang.expect(16)
  await ann.push('groupEntry', ({ entry }) => entry?.text === 'from version 1')
  zhang.send(3, { toUserId: 'ann', message: 'to you alone' })
  await ann.push('directEntry', ({ entry }) => entry?.text === 'to you alone')
  await ann.ask({ type: 'sendDirect', to: 'zhang', nonce: nonce(), text: 'thanks' })
  expect(await zhang.expect(4)).toMatchObject({ fromUserName: 'ann', message: 'thanks' })
  const { members } = await ann.ask({ type: 'listMembers', group: groupId })
  expect(members.map(({ user, classic }) => [user?.name, classic])).toEqual([
    ['zhang', true],
    ['ann', false],
  ])
  expect((await (await plainClient(port)).refusal({ type: 'sync' })).code).toBe('notLoggedIn')
})

test('of a group of version 2 the other hears texts and nothing else', async () => {
  const { zhang, ann } = await both()
  const draft = { type: 'createGroup', name: 'ops', nonce: nonce(), members: [] } as const
  const group = (await ann.ask(draft)).group?.id ?? ''
  zhang.send(11, { groupId: 'ops' })
  expect(await zhang.expect(12)).toMatchObject({ groupId: group, success: true })
  const say = (text: string) => ann.ask({ type: 'sendGroup', group, nonce: nonce(), text })
  const { seq } = await say('one')
  await ann.ask({ type: 'edit', conversation: group, seq, text: 'changed' })
  await ann.ask({ type: 'react', conversation: group, seq, text: '👍' })
  await ann.ask({ type: 'setTopic', group, topic: 'tea' })
  await ann.ask({ type: 'renameGroup', group, name: 'tea' })
  await ann.ask({ type: 'deleteEntry', conversation: group, seq })
  await say('two')
  expect([await zhang.next(), await zhang.next()]).toMatchObject([
    { command: 16, fields: { message: 'one' } },
    { command: 16, fields: { message: 'two', fromGroupId: group } },
  ])
  await ann.ask({ type: 'removeMember', group, user: 'zhang' })
  await say('three')
  expect(await zhang.heartbeat()).toEqual([])
  zhang.send(15, { toGroupId: group, message: 'let me in' })
  expect(await zhang.heartbeat()).toEqual([])
})

test('a group by invitation tells who has no invite so, and takes who is added', async () => {
  const { zhang, ann } = await both()
  const draft = { type: 'createGroup', name: 'den', nonce: nonce(), members: [] } as const
  const group = (await ann.ask({ ...draft, access: 'invite' })).group?.id ?? ''
  zhang.send(11, { groupId: 'den' })
  const refused = { groupId: 'den', success: false, reason: '#den is entered by invitation only' }
  expect(await zhang.expect(12)).toEqual(refused)
  await ann.ask({ type: 'addMembers', group, users: ['zhang'] })
  await ann.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'welcome' })
  expect(await zhang.expect(16)).toMatchObject({ fromGroupId: group, message: 'welcome' })
})

test('text from others is shown on a terminal as it is, so it comes without escape sequences', async () => {
  const { zhang, ann } = await both()
  const text = 'red \u001b[31malert\u202e'
  await ann.ask({ type: 'sendDirect', to: 'zhang', nonce: nonce(), text })
  expect(await zhang.expect(4)).toMatchObject({ message: 'red alert' })
})

test('neither kind of account is entered by the other version, until an operator gives a password', async () => {
  const { zhang, ann, port, server } = await both()
  const native = await tlsClient(port)
  const account = { type: 'logIn', name: 'zhang' } as const
  expect((await native.refusal({ ...account, password: 'pwd' })).code).toBe('wrongLogin')
  const other = await ClassicClient.connect(port)
  other.send(1, { userName: 'ann', password: PASSWORD })
  expect(await other.expect(2)).toMatchObject({ success: false, userId: '' })
  expect((await ann.ask({ type: 'sync' })).heads).toMatchObject([{ name: 'lobby', members: 1 }])

  const operator = (target: string, value: string, verb: 'operator' | 'password') =>
    ann.ask({ type: 'administer', verb, target, value, secret: server.secret })
  await expect(operator('zhang', 'on', 'operator')).rejects.toThrow('notAllowed')
  await operator('zhang', 'a real password', 'password')
  await zhang.closed
  other.send(1, { userName: 'zhang', password: 'a real password' })
  expect(await other.expect(2)).toMatchObject({ success: false })
  await native.ask({ ...account, password: 'a real password' })
})

test('who came with version 1 is a member or the maker of a group, and inherits none', async () => {
  const { zhang, ann } = await both()
  const members = ['zhang']
  const draft = { type: 'createGroup', name: 'ops', nonce: nonce(), members } as const
  const group = (await ann.ask(draft)).group?.id ?? ''
  const refused = await ann.refusal({ type: 'setRole', group, user: 'zhang', role: 'admin' })
  expect(refused.code).toBe('notAllowed')
  await ann.ask({ type: 'quitGroup', group })
  await ann.ask({ type: 'joinGroup', group })
  const listed = await ann.ask({ type: 'listMembers', group })
  expect(listed.members.map(({ role }) => role)).toEqual(['member', 'member'])
  expect(await zhang.expect(8)).toMatchObject({ groupId: group })
  zhang.send(7, { userIdList: [] })
  const own = String((await zhang.expect(8))['groupId'])
  await ann.ask({ type: 'joinGroup', group: own })
  expect((await ann.ask({ type: 'listMembers', group: own })).members).toMatchObject([
    { role: 'owner', classic: true },
    { role: 'member', classic: false },
  ])
})

test.each(['invite', 'closed'] as const)(
  'with registration %s no account is made, and unknown names are told nothing',
  async (registration) => {
    const { port } = await serveHere({ classic: true, registration })
    const client = await ClassicClient.connect(port)
    client.send(1, { userName: 'ann', password: 'pwd' })
    const reason = 'the name belongs to somebody, or the password is wrong'
    expect(await client.expect(2)).toEqual({ success: false, reason, userId: '', userName: '' })
  },
)

test('who is banned is told so', async () => {
  const { zhang, ann, port, server } = await both()
  const asked = { type: 'administer', verb: 'ban', target: 'zhang', value: 'spam' } as const
  await ann.ask({ ...asked, secret: server.secret })
  await zhang.closed
  const again = await ClassicClient.connect(port)
  again.send(1, { userName: 'zhang', password: 'pwd' })
  expect(await again.expect(2)).toMatchObject({ reason: 'you are banned from this server: spam' })
})

test('without --classic version 1 is not spoken, and not answered', async () => {
  const { port } = await serveHere()
  const client = await ClassicClient.connect(port)
  client.send(17)
  await client.closed
  expect(client.received).toEqual([])
})

/** One of each, logged in; the secret is that of who owns the data folder. */
async function both() {
  const folder = await temporaryFolder()
  const running = await serveHere({ classic: true, folder })
  const { port } = running
  const zhang = await (await ClassicClient.connect(port)).logIn('zhang')
  const client = await plainClient(port)
  const { user } = await client.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const ann = Object.assign(client, { userId: user?.id ?? '' })
  return { zhang, ann, port, server: { secret: presentOwnerSecret(folder) } }
}
