import { setImmediate as nextRound } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { SHARED_WATCH_MS, TROUBLE_MS, WATCH_SHARE } from '../../src/server/limits.ts'
import { silentLog } from '../../src/server/log.ts'
import { LogWatch } from '../../src/server/log-watch.ts'

/** A watch whose looks at users end when they are told to. */
function watch({ slow = true, reminding = async (): Promise<void> => undefined } = {}) {
  let now = 0
  const looks = { logs: 0, users: 0 }
  const reminded: string[] = []
  let away = false
  let end: () => void = () => undefined
  const logWatch = new LogWatch({
    hub: {
      followed: ['~c1'],
      compare: async () => {
        looks.logs += 1
      },
      reconcile: () => {
        looks.users += 1
        if (!slow) return Promise.resolve()
        return new Promise((resolve) => {
          end = resolve
        })
      },
      reconcileDirects: async () => undefined,
    },
    reminders: {
      remind: async (user) => {
        if (away) throw new Error('the store is away')
        reminded.push(user)
        await reminding()
      },
      remindAuthors: async () => {
        reminded.push('authors')
      },
    },
    users: () => ['~u1'],
    now: () => now,
    monotonic: () => now,
    log: silentLog,
  })
  const pass = async (ms: number) => {
    now += ms
    await nextRound()
    logWatch.sweep()
    await nextRound()
  }
  const goAway = (gone: boolean) => {
    away = gone
  }
  return { logWatch, looks, reminded, pass, goAway, end: () => end() }
}

test('logs are compared in time, however long it takes to look at all users', async () => {
  const { logWatch, looks, pass } = watch()
  logWatch.trouble()
  for (let round = 0; round < 4; round += 1) await pass(SHARED_WATCH_MS)
  expect(looks).toEqual({ logs: 4, users: 1 })
})

test('looking at all users takes its share of the time only, whatever hints are lost', async () => {
  const { logWatch, looks, pass, end } = watch()
  logWatch.trouble()
  await pass(SHARED_WATCH_MS)
  await pass(2 * SHARED_WATCH_MS)
  end()
  await pass(0)
  logWatch.trouble()
  await pass((2 * SHARED_WATCH_MS) / WATCH_SHARE - 1)
  expect(looks.users).toBe(1)
  await pass(1)
  expect(looks.users).toBe(2)
})

test('people are looked at in time, however long it takes to tell what hints did not', async () => {
  const { logWatch, looks, reminded, pass } = watch({
    slow: false,
    reminding: () => new Promise(() => undefined),
  })
  logWatch.trouble()
  for (let round = 0; round < 4; round += 1) await pass(SHARED_WATCH_MS)
  expect([looks.users, reminded]).toEqual([4, ['~u1']])
})

test('of what hints may have told people are reminded once after a sign that some were lost, and when its time is over', async () => {
  const { logWatch, looks, reminded, pass, goAway } = watch({ slow: false })
  await pass(SHARED_WATCH_MS)
  expect([looks.users, reminded]).toEqual([1, []])
  logWatch.trouble()
  goAway(true)
  await pass(SHARED_WATCH_MS)
  expect(reminded).toEqual([])
  goAway(false)
  await pass(SHARED_WATCH_MS)
  expect(reminded).toEqual(['~u1', 'authors'])
  await pass(SHARED_WATCH_MS)
  expect(reminded).toHaveLength(2)
  await pass(TROUBLE_MS)
  expect(reminded).toHaveLength(4)
  await pass(TROUBLE_MS)
  await pass(TROUBLE_MS)
  expect(reminded).toHaveLength(4)
})
