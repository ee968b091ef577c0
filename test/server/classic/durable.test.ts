import { expect, test } from 'vitest'
import { ChatError } from '../../../src/protocol/errors.ts'
import { patiently } from '../../../src/server/classic/patience.ts'
import { ClassicSessions } from '../../../src/server/classic/sessions.ts'
import type { Store } from '../../../src/server/store/store.ts'
import { ClassicClient, packet } from '../../support/classic-client.ts'
import { startServer } from '../../support/server.ts'

test('18 comes when everything before it is on disk, and not before', async () => {
  const disk = Promise.withResolvers<void>()
  const { connect } = await begin((store) => ({
    ...store,
    append: async (text) => {
      await disk.promise
      return store.append(text)
    },
  }))
  const ann = await connect().logIn('ann')
  const bob = await connect().logIn('bob')
  ann.send(3, { toUserId: 'bob', message: 'is it kept?' })
  ann.send(17)
  for (let round = 0; round < 5; round += 1) await bob.heartbeat()
  expect([...ann.received, ...bob.received]).toEqual([])
  disk.resolve()
  expect(await ann.expect(18)).toEqual({})
  expect(await bob.expect(4)).toMatchObject({ message: 'is it kept?' })
})

test.each(['storageFull', 'unavailable'] as const)(
  'a message that is refused with %s ends the connection: no 18 says that it was kept',
  async (code) => {
    const { connect } = await begin((store) => ({
      ...store,
      append: () => Promise.reject(new ChatError(code)),
    }))
    const ann = await connect().logIn('ann')
    ann.send(3, { toUserId: 'ann', message: 'a note' })
    ann.send(17)
    await ann.closed
    expect(ann.received).toEqual([])
  },
)

test('who says something and goes at once has said it', async () => {
  const { connect } = await begin()
  const bob = await connect().logIn('bob')
  const ann = connect()
  const say = (at: number) => packet(3, { toUserId: 'bob', message: `${at}` })
  const logIn = packet(1, { userName: 'ann', password: 'pwd' })
  ann.raw(Buffer.concat([logIn, ...Array.from({ length: 50 }, (_, at) => say(at))]))
  ann.stream.end()
  for (let at = 0; at < 50; at += 1) expect(await bob.expect(4)).toMatchObject({ message: `${at}` })
})

test('who is gone before they are in leaves a server that goes on', async () => {
  const gone = Promise.withResolvers<void>()
  const { connect, server } = await begin((store) => ({
    ...store,
    createAccount: async (account) => {
      if (account.name === 'ann') await gone.promise
      return store.createAccount(account)
    },
  }))
  const bob = await connect().logIn('bob')
  const ann = connect()
  const logIn = packet(1, { userName: 'ann', password: 'pwd' })
  const createGroup = packet(7, { userIdList: ['bob'] })
  ann.raw(Buffer.concat([logIn, createGroup, packet(3, { toUserId: 'bob', message: 'bye' })]))
  await bob.heartbeat()
  ann.reset()
  await bob.heartbeat()
  gone.resolve()
  expect([await bob.next(), await bob.next()]).toMatchObject([
    { command: 8, fields: { userNameList: ['ann', 'bob'] } },
    { command: 4, fields: { message: 'bye' } },
  ])
  await bob.heartbeat()
  while (server.peers.size > 1) await bob.heartbeat()
})

test('what is over a rate is done again when it may be, what is refused is not', async () => {
  let asked = 0
  const done = patiently(async () => {
    asked += 1
    if (asked < 3) throw new ChatError('rateLimited', undefined, 1)
    return 'done'
  })
  expect(await done).toBe('done')
  expect(asked).toBe(3)
  const refused = patiently(() => Promise.reject(new ChatError('unknownUser')))
  await expect(refused).rejects.toMatchObject({ code: 'unknownUser' })
})

async function begin(wrapStore: (store: Store) => Store = (store) => store) {
  const server = await startServer({ wrapStore })
  const sessions = new ClassicSessions(server.services, server.peers)
  const connect = () => {
    const { client, far } = ClassicClient.pair()
    sessions.accept(far, '192.0.2.1')
    // As a connection goes that is reset.
    return Object.assign(client, { reset: () => far.destroy() })
  }
  return { connect, server }
}
