import { expect, test } from 'vitest'
import { fuzzServer } from '../support/fuzz/fuzz-server.ts'

/** The attack goes on for so long, and for so many connections that a leak of 2 KB each shows. */
const BOX_MS = 3_000
const ATTACKS_MIN = 1_500
const GROWN_BYTES_MAX = 1_500_000

test('a server under hostile bytes answers with names or closes, keeps serving others and gives its memory back', async () => {
  const end = performance.now() + BOX_MS
  const { attacks, frames, grownBytes } = await fuzzServer({
    seed: Number(process.env['TCHAT_SEED'] ?? 1),
    goOn: (done) => done < ATTACKS_MIN || performance.now() < end,
  })
  expect(attacks).toBeGreaterThan(ATTACKS_MIN)
  expect(frames).toBeGreaterThan(ATTACKS_MIN)
  expect(grownBytes).toBeLessThan(GROWN_BYTES_MAX)
})
