import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RateLimit } from '../../src/server/rate-limit.ts'

test('a burst is granted at once; then it says when there is enough again', () => {
  const { limit, wait } = start({ perSecond: 2, burst: 3 })
  expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 0])
  expect(limit.take('a')).toBe(500)
  expect(limit.take('a', 2)).toBe(1_000)
  expect(limit.take('b')).toBe(0)
  wait(499)
  expect(limit.take('a')).toBe(1)
  wait(1)
  expect(limit.take('a')).toBe(0)
})

test('what is still to come can be reserved, in the order of asking, as far as patience goes', () => {
  const { limit, wait } = start({ perSecond: 2, burst: 1 })
  expect([1, 2, 3, 4].map(() => limit.reserve('a', 1, 1_000))).toEqual([0, 500, 1_000, 1_500])
  expect(limit.take('a')).toBe(1_500)
  limit.give('a')
  expect(limit.take('a')).toBe(1_000)
  wait(500)
  limit.sweep()
  expect(limit.take('a')).toBe(500)
})

test('what is given back can be taken again, but never more than the burst', () => {
  const { limit } = start({ perSecond: 1, burst: 2 })
  limit.take('a')
  limit.give('a')
  limit.give('a', 100)
  expect(limit.take('a', 2)).toBe(0)
  expect(limit.take('a')).toBeGreaterThan(0)
})

test('keys that were not used for long are forgotten; the memory is bounded', () => {
  const { limit, wait } = start({ perSecond: 1, burst: 10 }, 100)
  for (let key = 0; key < 1_000; key += 1) limit.take(`${key}`)
  expect(limit.size).toBe(100)
  limit.take('busy', 10)
  wait(9_999)
  limit.take('late')
  limit.sweep()
  expect(limit.take('busy', 10)).toBe(1)
  wait(1)
  limit.sweep()
  expect(limit.size).toBe(2)
})

test('however it is used, no more is granted than burst and rate allow', () => {
  const steps = fc.array(fc.record({ ms: fc.nat(2_000), cost: fc.integer({ min: 1, max: 5 }) }))
  fc.assert(
    fc.property(steps, (moves) => {
      const { limit, wait, elapsed } = start({ perSecond: 3, burst: 7 })
      let granted = 0
      for (const { ms, cost } of moves) {
        wait(ms)
        const retryMs = limit.take('a', cost)
        if (retryMs === 0) granted += cost
        else expect(Number.isInteger(retryMs)).toBe(true)
      }
      expect(granted).toBeLessThanOrEqual(7 + (elapsed() * 3) / 1_000 + 1e-6)
    }),
  )
})

test('waiting as long as it says is enough', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 50 }), (cost, rate) => {
      const { limit, wait } = start({ perSecond: rate / 10, burst: 7 })
      limit.take('a', 7)
      wait(limit.take('a', cost))
      expect(limit.take('a', cost)).toBe(0)
    }),
  )
})

function start(rate: { perSecond: number; burst: number }, keysMax?: number) {
  let now = 1_000_000
  const begin = now
  return {
    limit: new RateLimit(rate, () => now, keysMax),
    wait: (ms: number) => {
      now += ms
    },
    elapsed: () => now - begin,
  }
}
