import { expect, test } from 'vitest'
import { LINE_BYTES_MAX } from '../../../src/server/classic/line.ts'
import { CATCH_UP_ENTRIES } from '../../../src/server/limits.ts'
import { ClassicClient } from '../../support/classic-client.ts'
import { nonce, PASSWORD, temporaryFolder } from '../../support/server.ts'
import { plainClient, serveHere } from '../../support/sockets.ts'

/** What is handed to a socket, and a page read ahead. */
const OUTBOX_BYTES_MAX = LINE_BYTES_MAX + 2 * CATCH_UP_ENTRIES * 8_192
/** 64 MB: more than the buffers of a connection hold. */
const TEXTS_MAX = 8_000

test('what was said to who was away comes after 2, once, in order, from people and groups', async () => {
  const { port } = await serveHere({ classic: true })
  const { ann, zhang, groupId } = await acquainted(port)
  await zhang.leave()
  for (const text of ['one', 'two']) {
    await ann.ask({ type: 'sendDirect', to: 'zhang', nonce: nonce(), text })
    await ann.ask({ type: 'sendGroup', group: groupId, nonce: nonce(), text: `group ${text}` })
  }
  const back = await (await ClassicClient.connect(port)).logIn('zhang')
  const kept = await Promise.all([back.next(), back.next(), back.next(), back.next()])
  const texts = (command: number) =>
    kept.filter((one) => one.command === command).map(({ fields }) => fields['message'])
  expect(texts(4)).toEqual(['one', 'two'])
  expect(texts(16)).toEqual(['group one', 'group two'])
  await ann.ask({ type: 'sendDirect', to: 'zhang', nonce: nonce(), text: 'three' })
  expect(await back.expect(4)).toMatchObject({ message: 'three' })
  await back.leave()
  const again = await (await ClassicClient.connect(port)).logIn('zhang')
  expect(await again.heartbeat()).toEqual([])
})

test('much that was kept comes whole, and goes on with what is said meanwhile', async () => {
  const { port } = await serveHere({ classic: true })
  const { ann, zhang, groupId } = await acquainted(port)
  await zhang.leave()
  const say = (text: string) => ann.ask({ type: 'sendGroup', group: groupId, nonce: nonce(), text })
  const kept = Array.from({ length: 400 }, (_, at) => `kept ${at}`)
  await Promise.all(kept.map(say))
  const back = await (await ClassicClient.connect(port)).logIn('zhang')
  const live = Array.from({ length: 200 }, (_, at) => `live ${at}`)
  const said = Promise.all(live.map(say))
  const heard: unknown[] = []
  while (heard.length < 600) heard.push((await back.expect(16))['message'])
  await said
  expect(heard).toEqual([...kept, ...live])
})

test('what stands before one’s own message is kept too, when it was not handed over', async () => {
  const server = await serveHere({ classic: true })
  const { port } = server
  const { ann, zhang, groupId } = await acquainted(port)
  // Nothing is read from now on; what the server cannot hand over waits.
  zhang.stream.pause()
  const texts: string[] = []
  const sayMore = async () => {
    const batch = Array.from(
      { length: 100 },
      (_, at) => `${texts.length + at} ${'x'.repeat(8_000)}`,
    )
    texts.push(...batch)
    const group = groupId
    await Promise.all(
      batch.map((text) => ann.ask({ type: 'sendGroup', group, nonce: nonce(), text })),
    )
  }
  // How much a system takes of what nobody reads is its own affair. The server must be full for
  // longer than one turn of its loop.
  let full = 0
  while (full < 3 && texts.length < TEXTS_MAX) {
    await sayMore()
    full = server.outboxBytes() > 0 ? full + 1 : 0
  }
  expect(full).toBe(3)
  expect(server.outboxBytes()).toBeLessThan(OUTBOX_BYTES_MAX)
  zhang.send(15, { toGroupId: groupId, message: 'I have not read that' })
  await ann.push('groupEntry', ({ entry }) => entry?.text === 'I have not read that')
  zhang.stream.destroy()
  const back = await (await ClassicClient.connect(port)).logIn('zhang')
  const heard: string[] = []
  while (heard.at(-1) !== 'I have not read that') {
    heard.push(String((await back.expect(16))['message']))
  }
  // What its system took counts as delivered: it began there, and from there nothing is missing.
  const from = texts.indexOf(heard[0] ?? '')
  expect(from).toBeGreaterThan(0)
  expect(heard.slice(0, -1)).toEqual(texts.slice(from))
})

test('an acknowledged state outlives the server: nothing comes twice after a restart', async () => {
  const folder = await temporaryFolder()
  const first = await serveHere({ classic: true, folder })
  const { ann, zhang } = await acquainted(first.port)
  await ann.ask({ type: 'sendDirect', to: 'zhang', nonce: nonce(), text: 'before' })
  await zhang.expect(4)
  await first.close()
  await zhang.closed
  const second = await serveHere({ classic: true, folder })
  const back = await (await ClassicClient.connect(second.port)).logIn('zhang')
  expect(await back.heartbeat()).toEqual([])
})

test('who quits and joins again is sent nothing of what was said between', async () => {
  const { port } = await serveHere({ classic: true })
  const { ann, zhang, groupId } = await acquainted(port)
  const say = (text: string) => ann.ask({ type: 'sendGroup', group: groupId, nonce: nonce(), text })
  zhang.send(13, { groupId })
  await zhang.expect(14)
  await say('while they were away')
  zhang.send(11, { groupId })
  await zhang.expect(12)
  await say('and now')
  expect(await zhang.expect(16)).toMatchObject({ message: 'and now' })
  await zhang.leave()
  const back = await (await ClassicClient.connect(port)).logIn('zhang')
  expect(await back.heartbeat()).toEqual([])
})

test('two connections of one account hear the same; own direct messages come to neither', async () => {
  const { port } = await serveHere({ classic: true })
  const { ann, zhang, groupId } = await acquainted(port)
  const other = await (await ClassicClient.connect(port)).logIn('zhang')
  zhang.send(3, { toUserId: 'ann', message: 'hello' })
  zhang.send(15, { toGroupId: groupId, message: 'all' })
  for (const one of [zhang, other]) expect(await one.expect(16)).toMatchObject({ message: 'all' })
  await ann.ask({ type: 'sendDirect', to: 'zhang', nonce: nonce(), text: 'hello' })
  for (const one of [zhang, other]) expect(await one.expect(4)).toMatchObject({ message: 'hello' })
})

test('the sender in version 2 learns that it was delivered, and never that it was read', async () => {
  const { port } = await serveHere({ classic: true })
  const { ann, zhang } = await acquainted(port)
  const draft = { type: 'sendDirect', to: 'zhang', nonce: nonce(), text: 'hello' } as const
  const { conversation, seq } = await ann.ask(draft)
  await zhang.expect(4)
  let reached = { delivered: 0, read: 0 }
  while (reached.delivered === 0) {
    reached = await ann.ask({ type: 'getReceipts', conversation, seq })
  }
  expect(reached).toMatchObject({ delivered: 1, read: 0 })
})

/** Ann of version 2 and Zhang of version 1 in one group. */
async function acquainted(port: number) {
  const ann = await plainClient(port)
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const zhang = await (await ClassicClient.connect(port)).logIn('zhang')
  zhang.send(7, { userIdList: ['ann'] })
  const groupId = String((await zhang.expect(8))['groupId'])
  return { ann, zhang, groupId }
}
