import { expect, test } from 'vitest'
import { fuzzCodec } from '../support/fuzz/fuzz-codec.ts'
import { heldBytes } from '../support/memory.ts'

const BOX_MS = 1_000
const ROUND = 5_000
const GROWN_BYTES_MAX = 2 * 1_048_576

test('damaged frames in any pieces are messages or errors with a name, and nothing of them is kept', () => {
  const first = Number(process.env['TCHAT_SEED'] ?? 1)
  const total = { ...fuzzCodec(first, ROUND) }
  const before = heldBytes()
  const end = performance.now() + BOX_MS
  for (let seed = first + 1; seed < first + 4 || performance.now() < end; seed += 1) {
    const { frames, decoded, refused } = fuzzCodec(seed, ROUND)
    total.frames += frames
    total.decoded += decoded
    total.refused += refused
  }
  expect(total.decoded).toBeGreaterThan(ROUND / 2)
  expect(total.refused).toBeGreaterThan(ROUND / 2)
  expect(heldBytes() - before).toBeLessThan(GROWN_BYTES_MAX)
})
