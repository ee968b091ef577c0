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

test('the bound doubles, and randomness uses all of it', () => {
  const most = [1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, () => 1 - 1e-9))
  expect(most).toEqual([2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  expect(backoffMs(6, () => 0)).toBe(BACKOFF_MS_MIN)
})
