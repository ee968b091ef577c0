import { afterEach, expect, test, vi } from 'vitest'
import { decode } from '../../src/protocol/codec.ts'
import { FrameSplitter } from '../../src/protocol/frames.ts'
import type { Hint } from '../../src/server/bus/bus.ts'
import { Cursors } from '../../src/server/cursors.ts'
import type { CursorMove, Store, Cursors as Written } from '../../src/server/store/store.ts'
import type { RawClient } from '../support/raw-client.ts'
import { nonce, startServer } from '../support/server.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('the first move is written in the same tick; further ones together, half a second later', async () => {
  const { cursors, writes, wait } = start()
  await cursors.move('c1', move('ann', 1))
  expect(writes).toEqual([[move('ann', 1)]])
  const later = [2, 4, 3].map((seq) => cursors.move('c1', move('ann', seq)))
  wait(499)
  expect(writes.length).toBe(1)
  wait(101)
  expect(await Promise.all(later)).toEqual([4, 4, 4].map((seq) => written('ann', seq)))
  expect(writes[1]).toEqual([move('ann', 4)])
  expect(writes.length).toBe(2)
})

test('members are written together, and do not hold each other up', async () => {
  const { cursors, writes } = start()
  await Promise.all([cursors.move('c1', move('ann', 1)), cursors.move('c2', move('bob', 1))])
  await cursors.move('c3', move('eve', 1))
  expect(writes).toEqual([[move('ann', 1), move('bob', 1)], [move('eve', 1)]])
})

test('at disconnect what was gathered of that user is written at once', async () => {
  const { cursors, writes } = start()
  await Promise.all([cursors.move('c1', move('ann', 1)), cursors.move('c2', move('bob', 1))])
  const [ann, bob] = [cursors.move('c1', move('ann', 2)), cursors.move('c2', move('bob', 2))]
  cursors.flush('ann')
  expect(await ann).toEqual(written('ann', 2))
  expect(writes[1]).toEqual([move('ann', 2)])
  cursors.close()
  expect(await bob).toEqual(written('bob', 2))
})

test('of one member one write runs at a time: what is flushed meanwhile follows it', async () => {
  const { cursors, store, writes } = start()
  const write = store.moveCursors
  const first = Promise.withResolvers<void>()
  store.moveCursors = async (moves) => {
    const now = await write(moves)
    if (writes.length === 1) await first.promise
    return now
  }
  const desk = cursors.move('c1', move('ann', 1))
  await new Promise(setImmediate)
  const phone = cursors.move('c2', move('ann', 2))
  const bob = cursors.move('c3', move('bob', 1))
  cursors.flush()
  expect(await bob).toEqual(written('bob', 1))
  expect(writes).toEqual([[move('ann', 1)], [move('bob', 1)]])
  first.resolve()
  expect(await desk).toEqual(written('ann', 1))
  expect(await phone).toEqual(written('ann', 2))
  expect(writes[2]).toEqual([move('ann', 2)])
})

test('at the end all is written, also behind a write that runs', async () => {
  const { cursors, store, writes } = start()
  const write = store.moveCursors
  const all = Promise.withResolvers<void>()
  store.moveCursors = async (moves) => {
    const now = await write(moves)
    await all.promise
    return now
  }
  const desk = cursors.move('c1', move('ann', 1))
  await new Promise(setImmediate)
  const phone = cursors.move('c2', move('ann', 2))
  cursors.close()
  all.resolve()
  expect(await Promise.all([desk, phone])).toEqual([written('ann', 1), written('ann', 2)])
  expect(writes.length).toBe(2)
})

test('the other connections are told, unless nothing moved', async () => {
  const { cursors, hints, wait } = start()
  await cursors.move('c1', move('ann', 5))
  expect(hints).toEqual([{ kind: 'cursors', except: 'c1', cursors: written('ann', 5) }])
  const both = [cursors.move('c1', move('ann', 6)), cursors.move('c2', move('ann', 7))]
  wait(600)
  await Promise.all(both)
  expect(hints[1]).toMatchObject({ except: '', cursors: { delivered: 7 } })
  const old = cursors.move('c1', move('ann', 2))
  wait(600)
  expect(await old).toEqual(written('ann', 7))
  expect(hints.length).toBe(2)
})

test('a store that refuses is told to who marked', async () => {
  const { cursors, store } = start()
  store.moveCursors = () => Promise.reject(new Error('disk full'))
  await expect(cursors.move('c1', move('ann', 1))).rejects.toThrow('disk full')
})

test('marking: the answer says where the cursors are, other devices hear of it', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  const bob = await server.register('bob')
  const said = ['1', '2', '3'].map((text) =>
    bob.ask({ type: 'sendDirect', to: 'ann', nonce: nonce(), text }),
  )
  const conversation = (await Promise.all(said))[0]?.conversation ?? ''
  const marked = await ann.ask({ type: 'mark', conversation, delivered: 3, read: 2 })
  expect(marked).toMatchObject({ conversation, delivered: 3, read: 2, readN: 2 })
  expect(await phone.push('marked')).toMatchObject({ request: 0, conversation, read: 2, readN: 2 })
  const back = await phone.ask({ type: 'mark', conversation, delivered: 1, read: 99 })
  expect(back).toMatchObject({ delivered: 3, read: 3, readN: 3 })
  expect((await ann.push('marked')).read).toBe(3)
})

test('who is told how far another device has got is not answered with less after that', async () => {
  const open = Promise.withResolvers<void>()
  let waiting = 0
  const moveCursors = async (store: Store, moves: readonly CursorMove[]) => {
    waiting += 1
    await open.promise
    return store.moveCursors(moves)
  }
  const server = await startServer({
    wrapStore: (store) => ({ ...store, moveCursors: (moves) => moveCursors(store, moves) }),
  })
  const ann = await server.register('ann')
  const phone = await server.logIn('ann')
  const bob = await server.register('bob')
  const said = ['1', '2'].map((text) =>
    bob.ask({ type: 'sendDirect', to: 'ann', nonce: nonce(), text }),
  )
  const conversation = (await Promise.all(said))[0]?.conversation ?? ''
  const told = deliveredTo(ann)
  const answer = ann.ask({ type: 'mark', conversation, delivered: 1 })
  while (waiting === 0) await new Promise(setImmediate)
  phone.send({ type: 'mark', request: 9, conversation, delivered: 2 })
  await server.leave(phone)
  open.resolve()
  await Promise.all([answer, ann.push('marked')])
  expect(told).toEqual([1, 2])
})

test('what waits for a slow reader comes before an answer that is newer', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const [desk] = server.services.hub.subscribersOf(ann.id)
  if (desk === undefined) throw new Error('ann is not there')
  const phone = await server.logIn('ann')
  const bob = await server.register('bob')
  const group = (await ann.ask({ type: 'sync' })).heads[0]?.conversation ?? ''
  const told = deliveredTo(ann)
  ann.connection.pause()
  const text = 'x'.repeat(8_000)
  const say = () => bob.ask({ type: 'sendGroup', group, nonce: nonce(), text })
  while (!desk.slow) await Promise.all(Array.from({ length: 50 }, say))
  await phone.ask({ type: 'mark', conversation: group, delivered: 4 })
  expect([...desk.late.keys()]).toEqual([`cursors ${group}`])
  const before = desk.line.outboxBytes
  const answer = ann.ask({ type: 'mark', conversation: group, delivered: 5 })
  while (desk.line.outboxBytes === before) await new Promise(setImmediate)
  ann.connection.resume()
  await Promise.all([answer, ann.push('marked')])
  expect(told).toEqual([4, 5])
})

test('what was marked just before the connection ends is kept', async () => {
  const server = await startServer()
  const ann = await server.register('ann')
  const { conversation } = await ann.ask({
    type: 'sendDirect',
    to: 'ann',
    nonce: nonce(),
    text: '1',
  })
  const bob = await server.register('bob')
  const lobby = (await bob.ask({ type: 'sync' })).heads[0]
  const group = lobby?.conversation ?? ''
  await bob.ask({ type: 'sendGroup', group, nonce: nonce(), text: 'hi' })
  const last = (lobby?.last ?? 0) + 1
  await ann.ask({ type: 'mark', conversation: group, delivered: 1 })
  ann.send({ type: 'mark', request: 98, conversation: group, delivered: last, read: last })
  ann.send({ type: 'mark', request: 99, conversation, delivered: 1, read: 1 })
  await server.leave(ann)
  const query = { user: ann.id, after: '', limit: 9, conversations: [group] }
  expect((await server.services.store.heads(query)).items).toMatchObject([{ delivered: last }])
  await server.stop()
  const again = await startServer({ folder: server.folder })
  const { heads } = await (await again.logIn('ann')).ask({ type: 'sync', conversations: [group] })
  expect(heads).toMatchObject([{ delivered: last, read: last }])
})

/** Each `delivered` that the connection is told from now on, by answers and pushes, in order. */
function deliveredTo({ stream }: RawClient): readonly number[] {
  const told: number[] = []
  const splitter = new FrameSplitter((command, payload) => {
    const message = decode(command, payload)
    if (message?.type === 'marked') told.push(message.delivered)
  })
  stream.on('data', (chunk: Buffer) => splitter.push(chunk))
  return told
}

function start() {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  const writes: CursorMove[][] = []
  const hints: Hint[] = []
  const now = new Map<string, Written>()
  const store = {
    moveCursors: async (moves: readonly CursorMove[]): Promise<readonly Written[]> => {
      writes.push([...moves])
      return moves.map((one) => {
        const before = now.get(one.user) ?? written(one.user, 0)
        const after = written(one.user, Math.max(before.delivered, one.delivered))
        now.set(one.user, after)
        return after
      })
    },
  }
  const publish = (hint: Hint) => hints.push(hint)
  const cursors = new Cursors({ store, publish, monotonic: Date.now })
  const wait = (ms: number) => vi.advanceTimersByTime(ms)
  return { cursors, writes, hints, store, wait }
}

function move(user: string, delivered: number): CursorMove {
  return { user, conversation: '~c', delivered, read: 0 }
}

function written(user: string, delivered: number): Written {
  return { ...move(user, delivered), readN: 0 }
}
