import { setImmediate as nextRound } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { SHARED_WATCH_MS, WATCH_SHARE } from '../../src/server/limits.ts'
import { silentLog } from '../../src/server/log.ts'
import { LogWatch } from '../../src/server/log-watch.ts'

/** A watch whose looks at users end when they are told to. */
function watch() {
  let now = 0
  const looks = { logs: 0, users: 0 }
  let end: () => void = () => undefined
  const logWatch = new LogWatch({
    hub: {
      followed: ['~c1'],
      compare: async () => {
        looks.logs += 1
      },
      reconcile: () => {
        looks.users += 1
        return new Promise((resolve) => {
          end = resolve
        })
      },
      reconcileDirects: async () => undefined,
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
  return { logWatch, looks, pass, end: () => end() }
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
