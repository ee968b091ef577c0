import { expect, test } from 'vitest'
import { type Cache, type CacheChange, noCache } from '../../src/net/cache.ts'
import { Keeper } from '../../src/ui/flow/keeper.ts'
import type { StateEvent } from '../../src/ui/state/events.ts'
import { initialState } from '../../src/ui/state/model.ts'
import { reduce } from '../../src/ui/state/reduce.ts'
import { Store } from '../../src/ui/state/store.ts'
import { FakeClock, settle } from '../support/fake-clock.ts'
import { entryAt, headAt } from '../support/fake-server.ts'

const OPS = '~ops'
const ME = { id: '~me', name: 'me' }

test('what comes while the disk is slow is written once, however long that takes', async () => {
  const clock = new FakeClock()
  const timed = { now: clock.now, after: clock.after.bind(clock) }
  const store = new Store(reduce, initialState({ columns: 80, rows: 24 }), timed, 0)
  const disk = slowDisk()
  const keeper = new Keeper({ store, clock: timed, onFault: (why) => expect.fail(why) })
  const happens = (event: StateEvent) => {
    store.dispatch(event)
    keeper.look(store.getSnapshot())
  }
  const say = async (seq: number) => {
    happens({ type: 'entry', conversation: OPS, entry: entryAt(seq, { name: 'bob' }) })
    await clock.advance(1_000)
  }
  happens({ type: 'loggedIn', user: ME })
  keeper.begin(disk.cache, ME)
  happens({ type: 'heads', heads: [headAt(OPS, 0)], complete: true })
  // The first is being written while two more are due.
  for (const seq of [1, 2, 3]) await say(seq)
  while (await disk.finishOne());
  expect(disk.seqs()).toEqual([1, 2, 3])
})

/** A cache that writes one change at a time, when it is told to. */
function slowDisk() {
  const changes: CacheChange[] = []
  const waiting: (() => void)[] = []
  const write = (change: CacheChange): Promise<boolean> => {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    changes.push(change)
    waiting.push(() => resolve(true))
    return promise
  }
  const cache: Cache = { ...noCache, write }
  return {
    cache,
    /** False: nothing is being written. */
    finishOne: async () => {
      const finish = waiting.shift()
      finish?.()
      await settle()
      return finish !== undefined
    },
    seqs: () => changes.flatMap(({ entries }) => (entries.get(OPS) ?? []).map(({ seq }) => seq)),
  }
}
