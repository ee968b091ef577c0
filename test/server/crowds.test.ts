import { createHash, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { CROWD_GAP_MS } from '../../src/server/limits.ts'
import { silentLog } from '../../src/server/log.ts'
import { Crowds } from '../../src/server/presence/crowds.ts'
import type { Subscriber } from '../../src/server/subscriber.ts'
import type { RawClient } from '../support/raw-client.ts'
import type { Client, TestServer } from '../support/server.ts'
import { twoNodes } from '../support/two-nodes.ts'

/** Beyond those who are watched by name. */
const LAST = 249

test('of a group of 251 all who are online are counted, on both nodes, and told when they go', async () => {
  const { ann, group, server, other, come, later } = await crowd()
  const here = await come(server, LAST)
  const there = await come(other, LAST - 1)
  const both = [await come(server, LAST - 2), await come(other, LAST - 2)]
  const { online, users } = await ann.ask({ type: 'watch', conversation: group })
  expect(online).toBe(4)
  expect(users.map(({ user }) => user)).toEqual([ann.id])
  await server.leave(both[0] as RawClient)
  await later()
  expect(counts(ann)).toEqual([])
  await other.leave(there)
  await later()
  expect(counts(ann)).toEqual([[group, 3]])
  await server.leave(here)
  await other.leave(both[1] as RawClient)
  await later()
  expect(counts(ann)).toEqual([[group, 1]])
  await come(other, 5)
  await later()
  expect(counts(ann)).toEqual([[group, 2]])
})

test('who is put out of a large group is counted no more, nor told; who comes in is counted', async () => {
  const { ann, group, server, come, later } = await crowd()
  const last = await come(server, LAST)
  await last.ask({ type: 'watch', conversation: group })
  expect((await ann.ask({ type: 'watch', conversation: group })).online).toBe(2)
  await ann.ask({ type: 'removeMember', group, user: `m${LAST}` })
  await later()
  expect(counts(ann)).toEqual([[group, 1]])
  const dora = await server.register('dora')
  await dora.ask({ type: 'joinGroup', group })
  await later()
  expect(counts(ann)).toEqual([[group, 2]])
  await last.barrier()
  expect(counts(last)).toEqual([])
})

test('nobody is counted for whom they block, and a group that is shut is told of no more', async () => {
  const { ann, group, server, come, later } = await crowd()
  const last = await come(server, LAST)
  const other = await come(server, LAST - 1)
  await last.ask({ type: 'block', user: 'ann' })
  expect((await ann.ask({ type: 'watch', conversation: group })).online).toBe(2)
  expect((await other.ask({ type: 'watch', conversation: group })).online).toBe(3)
  await last.ask({ type: 'unblock', user: 'ann' })
  await later()
  expect(counts(ann)).toEqual([[group, 3]])
  await ann.ask({ type: 'watch', conversation: '' })
  await server.leave(last)
  await later()
  expect(counts(ann)).toEqual([])
  await other.barrier()
  expect(counts(other)).toEqual([[group, 2]])
})

test('however many have a large group open, each of its members is looked at once', async () => {
  const members = Array.from({ length: 300 }, (_, at) => `~u${at}`)
  let now = 0
  let looks = 0
  const isOnline = () => {
    looks += 1
    return true
  }
  const blockers = new Set(['~u7', '~u8', '~stranger'])
  const crowds = new Crowds({
    store: { firstMembers: async () => members },
    hub: { usersIn: () => new Set() },
    presence: { isOnline, hiddenFrom: () => blockers },
    monotonic: () => now,
    log: silentLog,
  })
  const told: Buffer[] = []
  const readers = members.map((id) => {
    const line = { send: (frame: Buffer) => told.push(frame) }
    return { user: { id }, closed: false, slow: false, line } as unknown as Subscriber
  })
  expect(await crowds.count(readers[0] as Subscriber, '~c1')).toBe(298)
  for (const reader of readers) crowds.watch(reader, '~c1', 0)
  looks = 0
  now += CROWD_GAP_MS
  crowds.sweep()
  expect(told).toHaveLength(members.length)
  expect(looks).toBe(members.length)
})

/** Ann and 250 others, of whom none is there yet, on two nodes of one store. */
async function crowd() {
  let now = 0
  const [server, other] = await twoNodes(
    () => false,
    () => now,
  )
  const ann = await server.register('ann')
  const { store } = server.services
  const made = { by: ann.id, nonce: randomBytes(16), name: 'ops', members: [], time: 1 }
  const { id: group } = (await store.createGroup(made)).group
  const ids = await Promise.all(
    Array.from({ length: 250 }, async (_, at) => {
      const account = { name: `m${at}`, passwordHash: '', time: 1, joins: undefined }
      return (await store.createAccount(account)).id
    }),
  )
  for (const id of ids) await store.join(id, group, 1)
  /** One of them logs in there. */
  const come = async (node: TestServer, at: number): Promise<RawClient> => {
    const token = randomBytes(32)
    const tokenHash = createHash('sha256').update(token).digest()
    const time = Date.now()
    const session = { tokenHash, user: ids[at] ?? '', device: '', time, expires: time + 1e9 }
    await store.createSession(session)
    const client = node.guest()
    await client.ask({ type: 'logIn', token })
    await client.barrier()
    return client
  }
  /** When the next count is due, and what was asked for it is answered. */
  const later = async () => {
    now += CROWD_GAP_MS
    for (const node of [server, other]) node.sweep()
    for (const _ of [1, 2, 3, 4]) {
      await store.lasts([])
      await new Promise(setImmediate)
    }
    await ann.barrier()
  }
  return { ann, group, server, other, come, later }
}

/** What the client was told of how many are there, since it was asked last. */
function counts(client: RawClient | Client) {
  const told = client.pushes.flatMap((push) =>
    push.type === 'presences' && push.conversation !== '' ? [[push.conversation, push.online]] : [],
  )
  client.pushes.length = 0
  return told
}
