import { expect, test } from 'vitest'
import { LATE_NOTICES_MAX, PUSH_BYTES_MAX } from '../../src/server/limits.ts'
import { silentLog } from '../../src/server/log.ts'
import { ReceiptRounds } from '../../src/server/presence/receipt-rounds.ts'
import { Watching } from '../../src/server/presence/watching.ts'
import type { Reach } from '../../src/server/store/store.ts'
import { Subscriber } from '../../src/server/subscriber.ts'
import { entryAt } from '../support/fake-server.ts'
import { type Client, nonce, startServer, type TestServer } from '../support/server.ts'

test('the author of a direct message is told on all connections that it came, and was read', async () => {
  const { server, ann, bob } = await people()
  const phone = await server.logIn('ann')
  const { conversation } = await ann.ask({
    type: 'sendDirect',
    to: 'bob',
    nonce: nonce(),
    text: '1',
  })
  await bob.ask({ type: 'mark', conversation, delivered: 1 })
  await bob.ask({ type: 'mark', conversation, read: 1 })
  await bob.barrier()
  expect(receiptsOf(ann)).toEqual([])
  server.sweep()
  for (const client of [ann, phone]) {
    const members = [{ user: bob.id, delivered: 1, read: 1 }]
    expect(await client.push('receipts')).toMatchObject({ request: 0, conversation, members })
  }
  server.sweep()
  await ann.barrier()
  expect(receiptsOf(ann)).toHaveLength(1)
  expect(receiptsOf(bob)).toEqual([])
})

test('in a group those are told who have it open and wrote what was reached', async () => {
  const { server, ann, bob, cleo } = await people()
  const group = await groupOf(ann, ['bob', 'cleo'])
  const { seq } = await say(ann, group)
  for (const client of [ann, cleo]) await client.ask({ type: 'watch', conversation: group })
  await bob.ask({ type: 'mark', conversation: group, read: seq })
  server.sweep()
  expect(await ann.push('receipts')).toMatchObject({
    members: [{ user: bob.id, read: seq }],
    seq,
    delivered: 1,
    read: 1,
    of: 2,
  })
  const later = await say(cleo, group)
  await ann.ask({ type: 'watch', conversation: '' })
  await bob.ask({ type: 'mark', conversation: group, read: later.seq })
  server.sweep()
  expect(await cleo.push('receipts')).toMatchObject({ seq: later.seq, read: 1, of: 2 })
  await ann.barrier()
  expect(receiptsOf(ann)).toHaveLength(1)
  expect(receiptsOf(cleo)).toHaveLength(1)
})

test('who left a group is told nothing of it any more', async () => {
  const { server, ann, bob } = await people()
  const group = await groupOf(ann, ['bob'])
  const { seq } = await say(ann, group)
  await ann.ask({ type: 'watch', conversation: group })
  await ann.ask({ type: 'quitGroup', group })
  await bob.ask({ type: 'mark', conversation: group, read: seq })
  server.sweep()
  await server.services.store.settings(ann.id)
  await ann.barrier()
  expect(receiptsOf(ann)).toEqual([])
})

test('who hides what they have read is seen to have got it', async () => {
  const { server, ann, bob } = await people()
  const phone = await server.logIn('bob')
  expect(await bob.ask({ type: 'getSettings' })).toMatchObject({ hideReceipts: false })
  await bob.ask({ type: 'changeSettings', hideReceipts: true })
  expect(await phone.push('settings')).toMatchObject({ hideReceipts: true })
  expect(await phone.ask({ type: 'getSettings' })).toMatchObject({ hideReceipts: true })
  expect(bob.pushes.filter(({ type }) => type === 'settings')).toEqual([])
  const { conversation } = await ann.ask({
    type: 'sendDirect',
    to: 'bob',
    nonce: nonce(),
    text: '1',
  })
  const marked = await bob.ask({ type: 'mark', conversation, read: 1 })
  expect(marked.read).toBe(1)
  server.sweep()
  const members = [{ user: bob.id, delivered: 1, read: 0 }]
  expect(await ann.push('receipts')).toMatchObject({ members })
  const asked = await ann.ask({ type: 'getReceipts', conversation })
  expect(asked).toMatchObject({ members, seq: 1, delivered: 1, read: 0, of: 1 })
})

test('those between whom there is a block are told nothing of each other', async () => {
  const { server, ann, bob } = await people()
  const { conversation } = await ann.ask({
    type: 'sendDirect',
    to: 'bob',
    nonce: nonce(),
    text: '1',
  })
  await bob.ask({ type: 'block', user: 'ann' })
  await bob.ask({ type: 'mark', conversation, read: 1 })
  server.sweep()
  await ann.barrier()
  expect(receiptsOf(ann)).toEqual([])
})

test('a large group where all read costs each author one notice a second, of one read of the store', async () => {
  const asked: number[] = []
  const { receipts, subscriber, watching } = serviceOf((authors) => {
    asked.push(authors.length)
    return authors.map((author) => ({ ...author, members: [], delivered: 999, read: 999, of: 999 }))
  })
  for (let index = 0; index < 20; index += 1)
    watching.open(subscriber(`a${index}`), '~g', 100 + index)
  watching.open(subscriber('lurker'), '~g', 0)
  for (let index = 0; index < 1_000; index += 1) moved(receipts, `m${index}`, 109, 130)
  receipts.sweep()
  await tick()
  expect(asked).toEqual([10])
  expect(subscriber('a9').frames).toHaveLength(0)
  expect(subscriber('a10').frames).toHaveLength(1)
  expect(subscriber('lurker').frames).toHaveLength(0)
  receipts.sweep()
  await tick()
  expect(asked).toEqual([10])
})

test('receipts wait for a slow author, and only so many of them', async () => {
  const { receipts, subscriber, watching } = serviceOf((authors) =>
    authors.map((author) => {
      const members = [{ user: `m${author.seq}`, delivered: 1, read: 1 }]
      return { ...author, members, delivered: 1, read: 1, of: 1 }
    }),
  )
  const slow = subscriber('slow')
  slow.line.outboxBytes = PUSH_BYTES_MAX + 1
  watching.open(slow, '~g', 5)
  for (let at = 0; at < LATE_NOTICES_MAX + 5; at += 1) {
    watching.wrote('~g', 'slow', 6 + at)
    moved(receipts, `m${6 + at}`, 1, 2)
    receipts.sweep()
    await tick()
  }
  expect(slow.frames).toHaveLength(0)
  expect(slow.late.size).toBe(LATE_NOTICES_MAX)
})

test('who answers in a direct conversation that is open there has read it, as the author is told', async () => {
  const { server, ann, bob } = await people()
  const first = await direct(ann, 'bob')
  const { conversation } = first
  await ann.ask({ type: 'watch', conversation })
  const { seq } = await direct(bob, 'ann')
  server.sweep()
  const members = [{ user: bob.id, delivered: seq, read: seq }]
  expect(await ann.push('receipts')).toMatchObject({ request: 0, conversation, members })
  server.sweep()
  await ann.barrier()
  expect(receiptsOf(ann)).toHaveLength(1)
  expect(receiptsOf(bob)).toEqual([])
})

test('who hides what they have read is seen to have got what they answer', async () => {
  const { server, ann, bob } = await people()
  await bob.ask({ type: 'changeSettings', hideReceipts: true })
  const { conversation } = await direct(ann, 'bob')
  await ann.ask({ type: 'watch', conversation })
  const { seq } = await direct(bob, 'ann')
  server.sweep()
  const members = [{ user: bob.id, delivered: seq, read: 0 }]
  expect(await ann.push('receipts')).toMatchObject({ conversation, members })
})

test('who writes and is blocked then shows nothing of what they have read', async () => {
  const { server, ann, bob } = await people()
  const { conversation } = await direct(ann, 'bob')
  await ann.ask({ type: 'watch', conversation })
  await direct(bob, 'ann')
  await ann.ask({ type: 'block', user: 'bob' })
  server.sweep()
  await server.services.store.settings(ann.id)
  await ann.barrier()
  expect(receiptsOf(ann)).toEqual([])
})

test('who writes in a group has read it, as authors are told who have it open', async () => {
  const { server, ann, bob, cleo } = await people()
  const group = await groupOf(ann, ['bob', 'cleo'])
  const first = await say(ann, group)
  for (const client of [ann, cleo]) await client.ask({ type: 'watch', conversation: group })
  await say(bob, group)
  server.sweep()
  expect(await ann.push('receipts')).toMatchObject({
    members: [{ user: bob.id, read: first.seq }],
    ...{ seq: first.seq, delivered: 1, read: 1, of: 2 },
  })
  await cleo.barrier()
  expect(receiptsOf(cleo)).toEqual([])
  expect(receiptsOf(bob)).toEqual([])
})

test('nothing is asked for one who goes on writing alone', async () => {
  const asked: number[] = []
  const { receipts, subscriber, watching } = serviceOf((authors) => {
    asked.push(authors.length)
    return []
  })
  for (const id of ['ann', 'bob']) watching.open(subscriber(id), '~g', id === 'bob' ? 5 : 0)
  wrote(receipts, 'ann', 6)
  receipts.sweep()
  wrote(receipts, 'ann', 7)
  wrote(receipts, 'ann', 8)
  receipts.sweep()
  expect(asked).toEqual([1])
})

function receiptsOf(client: Client) {
  return client.pushes.filter(({ type }) => type === 'receipts')
}

async function people() {
  const server: TestServer = await startServer()
  const [ann, bob, cleo] = [
    await server.register('ann'),
    await server.register('bob'),
    await server.register('cleo'),
  ]
  return { server, ann, bob, cleo }
}

async function groupOf(client: Client, members: readonly string[]): Promise<string> {
  const draft = { type: 'createGroup', nonce: nonce(), name: 'ops', members } as const
  return (await client.ask(draft)).group?.id ?? ''
}

function direct(client: Client, to: string) {
  return client.ask({ type: 'sendDirect', to, nonce: nonce(), text: 'hi' })
}

function say(client: Client, group: string) {
  return client.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'hi' })
}

type Author = Readonly<{ user: string; seq: number }>

/** The service with a store that answers so, and connections of users, made when they are named. */
function serviceOf(reach: (authors: readonly Author[]) => readonly Reach[]) {
  const watching = new Watching()
  const subscribers = new Map<string, Reader>()
  const subscriber = (id: string) => {
    const known = subscribers.get(id) ?? readerOf(id)
    subscribers.set(id, known)
    return known
  }
  const hub = { subscribersOf: () => new Set<Subscriber>() }
  const store = { receiptsOf: async (_: string, authors: readonly Author[]) => reach(authors) }
  const receipts = new ReceiptRounds({ hub, watching, store, log: silentLog })
  return { receipts, watching, subscriber }
}

type Reader = Subscriber & { frames: Buffer[]; line: { outboxBytes: number } }

function readerOf(id: string): Reader {
  const frames: Buffer[] = []
  const line = { outboxBytes: 0, send: (frame: Buffer) => frames.push(frame) }
  const session = { tokenHash: Buffer.alloc(32), revoke: () => undefined }
  return Object.assign(new Subscriber(id, { id, name: id }, line, session), { frames, line })
}

function moved(receipts: ReceiptRounds, user: string, after: number, read: number): void {
  const shown = { between: undefined, after, delivered: read, read }
  const cursors = { user, conversation: '~g', delivered: read, read, readN: 0, shown }
  receipts.onHint({ kind: 'cursors', except: '', cursors })
}

function wrote(receipts: ReceiptRounds, from: string, seq: number): void {
  const entry = entryAt(seq, { from })
  const appended = [{ conversation: '~g', between: undefined, entry }]
  receipts.onHint({ kind: 'appended', appended })
}

function tick(): Promise<unknown> {
  return new Promise(setImmediate)
}
