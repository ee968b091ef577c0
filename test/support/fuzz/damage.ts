import fc from 'fast-check'
import { encode } from '../../../src/protocol/codec.ts'
import { FRAME_HEADER_BYTES, PAYLOAD_BYTES_MAX } from '../../../src/protocol/limits.ts'
import { arbitraryMessage } from '../arbitrary-message.ts'
import type { SeededRandom } from '../seeded-random.ts'

const LENGTH_AT = 7
const COMMAND_AT = 6
/** Lengths at which readers go wrong. */
const LENGTHS = [0, 1, 127, 128, PAYLOAD_BYTES_MAX, PAYLOAD_BYTES_MAX + 1, 2 ** 31, 2 ** 32 - 1]
/** Too long, cut short, a surrogate, beyond Unicode, alone. */
const BAD_UTF8 = ['c080', 'e282', 'eda080', 'f4908080', 'ff'].map((hex) => Buffer.from(hex, 'hex'))

type Damage = (frame: Buffer, random: SeededRandom) => Buffer

/** Valid frames of every message, both directions. */
export function someFrames(seed: number, count: number): readonly Buffer[] {
  return fc.sample(arbitraryMessage(), { seed, numRuns: count }).map(encode)
}

/** The frame as a broken or hostile peer would send it, or, half the time, as it is. */
export function damaged(frame: Buffer, random: SeededRandom): Buffer {
  return random.chance(0.5) ? frame : random.pick(damages)(Buffer.from(frame), random)
}

const damages: readonly Damage[] = [
  bitsFlipped,
  (frame, random) => frame.subarray(0, random.below(frame.length)),
  (frame, random) => {
    frame.writeUInt32BE(random.pick(LENGTHS), LENGTH_AT)
    return frame
  },
  (frame, random) => {
    frame[random.below(COMMAND_AT)] = random.below(256)
    return frame
  },
  (frame, random) => {
    frame[COMMAND_AT] = random.below(256)
    return frame
  },
  (frame, random) => spliced(frame, random, random.pick(BAD_UTF8)),
  (frame, random) => spliced(frame, random, random.bytes(1 + random.below(40))),
  // A length within the payload that promises more than there is.
  (frame, random) => spliced(frame, random, Buffer.from([0x1a, 0xff, 0xff, 0xff, 0xff, 0x07])),
  hugeCount,
  (_, random) => random.bytes(random.below(100)),
]

function bitsFlipped(frame: Buffer, random: SeededRandom): Buffer {
  for (let count = 1 + random.below(8); count > 0; count -= 1) {
    const at = random.below(frame.length)
    frame[at] = (frame[at] ?? 0) ^ (1 << random.below(8))
  }
  return frame
}

/** More bytes somewhere in the payload; the header says so. */
function spliced(frame: Buffer, random: SeededRandom, more: Buffer): Buffer {
  const at = FRAME_HEADER_BYTES + random.below(frame.length - FRAME_HEADER_BYTES + 1)
  return withLength(Buffer.concat([frame.subarray(0, at), more, frame.subarray(at)]))
}

/** The same field as often as it fits, empty: the smallest item of the longest list. */
function hugeCount(frame: Buffer, random: SeededRandom): Buffer {
  const tag = ((1 + random.below(15)) << 3) | 2
  const items = Buffer.alloc(2 * random.pick([10, 100, 1_000, PAYLOAD_BYTES_MAX >> 1]))
  for (let at = 0; at < items.length; at += 2) items[at] = tag
  return withLength(Buffer.concat([frame.subarray(0, FRAME_HEADER_BYTES), items]))
}

function withLength(frame: Buffer): Buffer {
  frame.writeUInt32BE(frame.length - FRAME_HEADER_BYTES, LENGTH_AT)
  return frame
}
