import { expect, test } from 'vitest'
import type { DraftMessage } from '../../src/protocol/messages.ts'
import { LONG_REQUESTS_MAX } from '../../src/server/limits.ts'
import { Shares } from '../../src/server/shares.ts'
import type { Store } from '../../src/server/store/store.ts'
import { nonce, startServer } from '../support/server.ts'

test('so many of one account run at a time; who waits is told in the order of asking', () => {
  const shares = new Shares(2)
  const told: string[] = []
  const tell = (name: string) => () => {
    told.push(name)
    if (name !== 'gone') expect(shares.enter('ann', () => undefined)).toBe(true)
  }
  const [one, gone, two] = [tell('one'), tell('gone'), tell('two')]
  const enter = (onFree: () => void) => shares.enter('ann', onFree)
  expect([enter(one), enter(one), enter(one), enter(gone), enter(two), enter(one)]).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ])
  expect(shares.enter('bob', one)).toBe(true)
  shares.leave('ann')
  expect(told).toEqual(['one'])
  shares.leave('ann')
  expect(told).toEqual(['one', 'gone', 'two'])
  for (const account of ['ann', 'ann', 'bob']) shares.leave(account)
  expect(shares.size).toBe(0)
})

test('an account with many connections has no more pages under way than with one', async () => {
  const under = new Set<() => void>()
  let asked = 0
  const slow = (store: Store): Store => ({
    ...store,
    page: async (query) => {
      asked += 1
      await new Promise<void>((resolve) => under.add(resolve))
      return store.page(query)
    },
  })
  const server = await startServer({ wrapStore: slow })
  const [ann, bob] = [await server.register('ann'), await server.register('bob')]
  const devices = [ann, await server.logIn('ann'), await server.logIn('ann')]
  const { heads } = await ann.ask({ type: 'sync' })
  const page = { type: 'getPage', conversation: heads[0]?.conversation ?? '' } as const
  const pages = devices.flatMap((device) => Array.from({ length: 5 }, () => device.ask(page)))
  const sent: DraftMessage<'sendGroup'> = { type: 'sendGroup', group: 'lobby', text: 'a' }
  // What comes after them has been answered, what comes behind them on their connection not.
  await bob.ask({ ...sent, nonce: nonce() })
  await (await server.logIn('ann')).ask({ ...sent, nonce: nonce() })
  expect(under.size).toBe(LONG_REQUESTS_MAX)
  const bobs = bob.ask(page)
  while (under.size === LONG_REQUESTS_MAX) await new Promise(setImmediate)
  let most = 0
  while (asked < 16 || under.size > 0) {
    most = Math.max(most, under.size)
    for (const go of [...under].slice(0, 1)) {
      under.delete(go)
      go()
    }
    await new Promise(setImmediate)
  }
  expect(most).toBe(LONG_REQUESTS_MAX + 1)
  expect(await Promise.all([...pages, bobs])).toHaveLength(16)
  expect(server.services.shares.size).toBe(0)
})
