import { expect, test } from 'vitest'
import { ClassicClient } from '../../support/classic-client.ts'
import { nonce, PASSWORD } from '../../support/server.ts'
import { plainClient, serveHere } from '../../support/sockets.ts'

const classic = { classic: true }

test('1 · 2: an unknown name makes an account, the same password enters it again', async () => {
  const { port } = await serveHere(classic)
  const zhang = await ClassicClient.connect(port)
  zhang.send(1, { userName: '张三', password: 'pwd', username: 'passed over' })
  expect(await zhang.expect(2)).toEqual({
    success: true,
    reason: '',
    userId: expect.stringMatching(/^~/),
    userName: '张三',
  })
  const again = await ClassicClient.connect(port)
  again.send(1, { userName: '张三', password: 'pwd' })
  expect(await again.expect(2)).toMatchObject({ success: true, userName: '张三' })
  again.send(1, { userName: 'else', password: 'pwd' })
  const twice = { success: false, reason: 'this connection is logged in', userId: '', userName: '' }
  expect(await again.expect(2)).toEqual(twice)
})

test.each([
  ['a wrong password', { userName: 'ann', password: 'other' }, 'the password is wrong'],
  ['no name', { userName: '', password: 'pwd' }, 'a name cannot be empty'],
  ['a name that is none', { userName: 'two words', password: 'pwd' }, 'begins with a letter'],
  ['a long name', { userName: 'x'.repeat(5_000), password: 'pwd' }, 'at most 32 characters'],
])('2 with a reason: %s; the connection stays', async (_, fields, reason) => {
  const { port } = await serveHere(classic)
  await (await ClassicClient.connect(port)).logIn('ann')
  const client = await ClassicClient.connect(port)
  client.send(1, fields)
  const { success, reason: told, userId } = await client.expect(2)
  expect({ success, userId }).toEqual({ success: false, userId: '' })
  expect(told).toContain(reason)
  await client.logIn('bob')
})

test('3 · 4: a message to an id or a name; 3 is not answered, and does not come back', async () => {
  const { ann, bob } = await two()
  ann.send(3, { toUserId: bob.userId, message: 'hello' })
  const from = { fromUserId: ann.userId, fromUserName: 'ann' }
  expect(await bob.expect(4)).toEqual({ ...from, message: 'hello' })
  ann.send(3, { toUserId: 'bob', message: '你好 👋' })
  expect(await bob.expect(4)).toEqual({ ...from, message: '你好 👋' })
  ann.send(3, { toUserId: ann.userId, message: 'a note' })
  expect(await ann.heartbeat()).toEqual([])
})

test.each([
  ['an unknown name', 3, { toUserId: 'nobody', message: 'hello' }],
  ['an unknown id', 3, { toUserId: '~u99', message: 'hello' }],
  ['a name that cannot be', 3, { toUserId: 'x'.repeat(500), message: 'hello' }],
  ['nobody', 3, { toUserId: '', message: 'hello' }],
  ['nothing', 3, { toUserId: 'bob', message: '' }],
  ['an unknown group', 15, { toGroupId: 'nothing', message: 'hello' }],
  ['a group that cannot be', 15, { toGroupId: 'x'.repeat(500), message: 'hello' }],
  ['a group of others', 15, { toGroupId: 'lobby', message: 'hello' }],
])('a message to %s is passed over', async (_, command, fields) => {
  const { ann, bob, port } = await two()
  const native = await plainClient(port)
  await native.ask({ type: 'register', name: 'cleo', password: PASSWORD })
  ann.send(command, fields)
  expect(await ann.heartbeat()).toEqual([])
  ann.send(3, { toUserId: 'bob', message: 'still here' })
  expect(await bob.expect(4)).toMatchObject({ message: 'still here' })
})

test('5 · 6: the connection is a guest again and may log in as another', async () => {
  const { ann, bob, port } = await two()
  ann.send(5)
  expect(await ann.expect(6)).toEqual({ success: true, reason: '' })
  bob.send(3, { toUserId: 'ann', message: 'are you there?' })
  await bob.heartbeat()
  expect(await ann.heartbeat()).toEqual([])
  await ann.logIn('cleo')
  bob.send(3, { toUserId: 'cleo', message: 'welcome' })
  expect(await ann.expect(4)).toMatchObject({ message: 'welcome' })
  const later = await (await ClassicClient.connect(port)).logIn('ann')
  expect(await later.expect(4)).toMatchObject({ message: 'are you there?' })
})

test('7 · 8: all first members are told; unknown users and who blocks the maker are left out', async () => {
  const { ann, bob, port } = await two()
  const native = await plainClient(port)
  await native.ask({ type: 'register', name: 'cleo', password: PASSWORD })
  await native.ask({ type: 'block', user: 'ann' })
  ann.send(7, { userIdList: [bob.userId, 'nobody', 'cleo', 'bob', '~u99', 'x'.repeat(500), ''] })
  const created = await ann.expect(8)
  expect(created).toEqual({
    success: true,
    groupId: expect.stringMatching(/^~/),
    userNameList: ['ann', 'bob'],
  })
  expect(await bob.expect(8)).toEqual(created)
  const { groups } = await native.ask({ type: 'find', text: 'g-' })
  expect(groups).toMatchObject([{ id: created['groupId'], access: 'public', members: 2 }])
  expect(groups[0]?.name).toMatch(/^g-[0-9a-z]{6}$/)
})

test('9 · 10: the members, for members; an empty list for others', async () => {
  const { ann, bob } = await two()
  ann.send(7, { userIdList: [] })
  const groupId = (await ann.expect(8))['groupId']
  ann.send(9, { groupId })
  const sessionList = [{ userId: ann.userId, userName: 'ann' }]
  expect(await ann.expect(10)).toEqual({ groupId, sessionList })
  for (const asked of [groupId, 'nothing', 'x'.repeat(500)]) {
    bob.send(9, { groupId: asked })
    expect(await bob.expect(10)).toEqual({ groupId: asked, sessionList: [] })
  }
})

test('10 has the first members that fit', async () => {
  const rates = { failedLogInsPerAddress: 1e9, newConnectionsPerSecond: 1e9 }
  const { port } = await serveHere({ ...classic, rates })
  const owner = await plainClient(port)
  await owner.ask({ type: 'register', name: 'owner', password: PASSWORD })
  const ann = await (await ClassicClient.connect(port)).logIn('ann')
  const made = await owner.ask({
    type: 'createGroup',
    nonce: nonce(),
    name: 'full',
    members: ['ann'],
  })
  const groupId = made.group?.id ?? ''
  expect(await ann.expect(8)).toMatchObject({ groupId })
  const names = Array.from({ length: 450 }, (_, at) => `${'𐐨'.repeat(28)}${at}`)
  for (const name of names) {
    const one = await plainClient(port)
    await one.ask({ type: 'register', name, password: PASSWORD })
    await one.ask({ type: 'joinGroup', group: groupId })
    one.end()
  }
  ann.send(9, { groupId })
  const { sessionList } = await ann.expect(10)
  const listed = sessionList as { userName: string }[]
  expect(listed.slice(0, 3).map(({ userName }) => userName)).toEqual(['owner', 'ann', names[0]])
  expect(listed.length).toBeGreaterThan(400)
  expect(listed.length).toBeLessThan(452)
})

test('11 · 12 and 13 · 14: by id or name, to the requester only', async () => {
  const { ann, bob } = await two()
  ann.send(7, { userIdList: [] })
  const groupId = (await ann.expect(8))['groupId']
  bob.send(11, { groupId })
  expect(await bob.expect(12)).toEqual({ groupId, success: true, reason: '' })
  bob.send(11, { groupId })
  expect(await bob.expect(12)).toEqual({ groupId, success: true, reason: '' })
  bob.send(13, { groupId })
  expect(await bob.expect(14)).toEqual({ groupId, success: true, reason: '' })
  bob.send(11, { groupId: 'nothing' })
  expect(await bob.expect(12)).toEqual({
    groupId: 'nothing',
    success: false,
    reason: expect.stringContaining('there is no group'),
  })
  bob.send(13, { groupId: 'x'.repeat(500) })
  expect(await bob.expect(14)).toMatchObject({ success: false, reason: expect.any(String) })
  expect(await ann.heartbeat()).toEqual([])
})

test('15 · 16: to everybody in the group, oneself too; by id or name', async () => {
  const { ann, bob } = await two()
  ann.send(7, { userIdList: ['bob'] })
  const groupId = (await ann.expect(8))['groupId']
  await bob.expect(8)
  ann.send(15, { toGroupId: groupId, message: 'hello' })
  const packet = {
    fromGroupId: groupId,
    fromUser: { userId: ann.userId, userName: 'ann' },
    message: 'hello',
  }
  expect(await ann.expect(16)).toEqual(packet)
  expect(await bob.expect(16)).toEqual(packet)
  bob.send(13, { groupId })
  await bob.expect(14)
  ann.send(15, { toGroupId: groupId, message: 'bob has gone' })
  await ann.expect(16)
  expect(await bob.heartbeat()).toEqual([])
})

test('17 · 18: for guests, too; after everything before it', async () => {
  const { port } = await serveHere(classic)
  const client = await ClassicClient.connect(port)
  client.send(17)
  expect(await client.expect(18)).toEqual({})
  client.send(17, Buffer.alloc(0))
  expect(await client.expect(18)).toEqual({})
  client.send(1, { userName: 'ann', password: '' })
  client.send(7, { userIdList: [] })
  client.send(17)
  const commands = [await client.next(), await client.next(), await client.next()]
  expect(commands.map(({ command }) => command)).toEqual([2, 8, 18])
})

/** Two of version 1, logged in. */
async function two() {
  const { port } = await serveHere(classic)
  const ann = await (await ClassicClient.connect(port)).logIn('ann')
  const bob = await (await ClassicClient.connect(port)).logIn('bob')
  return { ann, bob, port }
}
