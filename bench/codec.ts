import { readFileSync } from 'node:fs'
import protobuf from 'protobufjs'
import { decode, encode } from '../src/protocol/codec.ts'
import { FRAME_HEADER_BYTES } from '../src/protocol/limits.ts'
import { type DraftMessage, messages } from '../src/protocol/messages.ts'
import type { Bench, Figure } from './figure.ts'
import { inTurns } from './measure.ts'
import { CHINESE, ENGLISH, groupEntry, sendGroup } from './samples.ts'

/**
 * Our codec beside protobufjs, with the code that its `pbjs -t static` writes: `Type.setup()`
 * compiles the very same functions from the schema. Ours makes or reads whole frames with their
 * header, copies what it hands out, and checks every maximum; theirs does payloads only.
 */
export const bench: Bench = {
  name: 'codec',
  unit: 'messages per second',
  run: () =>
    Promise.resolve([
      ...figuresFor('100 B of English', ENGLISH),
      ...figuresFor('99 B of Chinese', CHINESE),
    ]),
}

const MESSAGES = 10_000
const ROUNDS = 75
const BESIDE = 'protobufjs, static code'

// Numbers up to 2^53 as numbers: their faster way.
protobuf.util.Long = undefined as never
protobuf.configure()
const { root } = protobuf.parse(
  readFileSync(new URL('../docs/tchat.proto', import.meta.url), 'utf8'),
)

function figuresFor(what: string, text: string): readonly Figure[] {
  const entry = root.lookupType('tchat.v2.GroupEntry').setup()
  const send = root.lookupType('tchat.v2.SendGroup').setup()
  return [
    ...figuresOf(`groupEntry, ${what}`, groupEntry(text), entry),
    ...figuresOf(`sendGroup, ${what}`, sendGroup(text), send),
  ]
}

function figuresOf(what: string, draft: DraftMessage, type: protobuf.Type): readonly Figure[] {
  const payload = encode(draft).subarray(FRAME_HEADER_BYTES)
  const { command } = messages[draft.type]
  const theirs = type.decode(payload)
  const encoding = inTurns(
    MESSAGES,
    ROUNDS,
    () => repeat(() => encode(draft).length),
    () => repeat(() => type.encode(theirs).finish().length),
  )
  const decoding = inTurns(
    MESSAGES,
    ROUNDS,
    () => repeat(() => (decode(command, payload) === undefined ? 0 : 1)),
    () => repeat(() => (type.decode(payload) === undefined ? 0 : 1)),
  )
  return [
    { what: `${what}: encode`, ...encoding, beside: BESIDE },
    { what: `${what}: decode`, ...decoding, beside: BESIDE },
  ]
}

/** The sum keeps the engine from leaving out what is measured. */
function repeat(run: () => number): number {
  let sum = 0
  for (let count = 0; count < MESSAGES; count += 1) sum += run()
  return sum
}
