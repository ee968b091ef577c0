import { afterEach, expect, test, vi } from 'vitest'
import { RateLimit } from '../../src/server/rate-limit.ts'
import { Turn } from '../../src/server/turn.ts'

afterEach(() => {
  vi.useRealTimers()
})

test('what the rate allows begins at once; the next one waits for its turn, and only once', () => {
  const { turn, come, wait } = start()
  expect([turn.ask('ann', 1), turn.ask('ann', 1), turn.ask('ann', 1)]).toEqual([
    0,
    undefined,
    undefined,
  ])
  wait(499)
  expect(come()).toBe(0)
  wait(1)
  expect(come()).toBe(1)
  expect([turn.ask('ann', 1), turn.ask('ann', 1)]).toEqual([0, undefined])
  expect(vi.getTimerCount()).toBe(1)
})

test('two connections of an account take turns', () => {
  const { turn, other, come, wait } = start()
  expect([turn.ask('ann', 1), other.ask('ann', 1), turn.ask('ann', 1)]).toEqual([
    0,
    undefined,
    undefined,
  ])
  wait(500)
  expect([come(), other.ask('ann', 1), other.ask('ann', 1)]).toEqual([1, 0, undefined])
  wait(500)
  expect([come(), turn.ask('ann', 1)]).toEqual([2, 0])
})

test('what would wait longer than two seconds is refused and takes nothing', () => {
  const { turn, other } = start()
  expect(turn.ask('ann', 6)).toBe(2_500)
  expect(turn.ask('ann', 1)).toBe(0)
  expect(other.ask('ann', 1)).toBeUndefined()
})

test('what will not be begun gives back what it took, and leaves no timer', () => {
  const { turn, other, limit, come, wait } = start()
  other.ask('ann', 1)
  turn.ask('ann', 1)
  expect(limit.take('ann')).toBe(1_000)
  turn.cancel()
  turn.cancel()
  expect(limit.take('ann')).toBe(500)
  expect(vi.getTimerCount()).toBe(0)
  wait(5_000)
  expect(come()).toBe(0)
})

/** One message at once, two a second. */
function start() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  const limit = new RateLimit({ perSecond: 2, burst: 1 }, Date.now)
  let times = 0
  const onCome = () => {
    times += 1
  }
  return {
    limit,
    turn: new Turn(limit, onCome),
    other: new Turn(limit, onCome),
    come: () => times,
    wait: (ms: number) => vi.advanceTimersByTime(ms),
  }
}
