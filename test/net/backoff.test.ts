import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BACKOFF_MS_MAX, BACKOFF_MS_MIN, backoffMs } from '../../src/net/backoff.ts'

test('every wait lies between the bounds, however often it failed', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), random, (attempt, value) => {
      const ms = backoffMs(attempt, () => value)
      return Number.isInteger(ms) && ms >= BACKOFF_MS_MIN && ms <= BACKOFF_MS_MAX
    }),
  )
})

test('for some two minutes it is tried every few seconds, then the bound doubles', () => {
  const most = (attempt: number) => backoffMs(attempt, () => 1 - 1e-9)
  expect([1, 2, 3, 49, 50].map(most)).toEqual([2_000, 4_000, 4_000, 4_000, 4_000])
  expect([51, 52, 53, 54].map(most)).toEqual([8_000, 16_000, 30_000, 30_000])
  const mean = Array.from({ length: 50 }, (_, at) => backoffMs(at + 1, () => 0.5))
  expect(mean.reduce((sum, ms) => sum + ms)).toBeGreaterThan(100_000)
  expect(backoffMs(6, () => 0)).toBe(BACKOFF_MS_MIN)
})
