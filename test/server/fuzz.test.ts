import { expect, test } from 'vitest'
import { fuzzServer } from '../support/fuzz/fuzz-server.ts'

/** How long the attack goes on; what it must leave behind does not depend on it. */
const BOX_MS = 4_000
const GROWN_BYTES_MAX = 2 * 1_048_576

test('a server under hostile bytes answers with names or closes, keeps serving others and gives its memory back', async () => {
  const end = performance.now() + BOX_MS
  const { attacks, frames, grownBytes } = await fuzzServer({
    seed: Number(process.env['TCHAT_SEED'] ?? 1),
    goOn: (done) => done < 200 || performance.now() < end,
  })
  expect(attacks).toBeGreaterThan(500)
  expect(frames).toBeGreaterThan(1_000)
  expect(grownBytes).toBeLessThan(GROWN_BYTES_MAX)
})
