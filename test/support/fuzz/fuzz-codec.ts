import { strict as assert } from 'node:assert'
import { decode } from '../../../src/protocol/codec.ts'
import { errorCodes, ProtocolError } from '../../../src/protocol/errors.ts'
import { FrameSplitter } from '../../../src/protocol/frames.ts'
import { FRAME_BYTES_MAX } from '../../../src/protocol/limits.ts'
import { SeededRandom } from '../seeded-random.ts'
import { damaged, someFrames } from './damage.ts'

const samples = someFrames(1, 1_000)
/** On one connection, until one of them breaks it. */
const FRAMES_MAX = 6

export type Outcome = { frames: number; decoded: number; refused: number }

/**
 * Frames, damaged or not, in random pieces through splitter and decoder: messages come out, or an
 * error with a name.
 * @throws what came out instead
 */
export function fuzzCodec(seed: number, frames: number): Outcome {
  const random = new SeededRandom(seed)
  const outcome = { frames: 0, decoded: 0, refused: 0 }
  while (outcome.frames < frames) {
    const parts = Array.from({ length: 1 + random.below(FRAMES_MAX) }, () =>
      damaged(random.pick(samples), random),
    )
    outcome.frames += parts.length
    connection(Buffer.concat(parts), random, outcome)
  }
  return outcome
}

function connection(bytes: Buffer, random: SeededRandom, outcome: Outcome): void {
  const splitter = new FrameSplitter((command, payload) => {
    if (decode(command, payload) !== undefined) outcome.decoded += 1
  })
  try {
    const drips = bytes.length < 500 && random.chance(0.05)
    for (let at = 0; at < bytes.length; ) {
      const size = drips ? 1 : 1 + random.below(bytes.length - at)
      splitter.push(bytes.subarray(at, at + size))
      assert.ok(splitter.heldBytes <= 2 * FRAME_BYTES_MAX, 'too much is held')
      at += size
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    assert.ok(Object.hasOwn(errorCodes, error.code), `${error.code} is no error code`)
    outcome.refused += 1
  }
}
