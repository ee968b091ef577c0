import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encode } from '../../src/protocol/codec.ts'
import { ProtocolError } from '../../src/protocol/errors.ts'
import { FrameSplitter, frameHeader } from '../../src/protocol/frames.ts'
import {
  FRAME_BYTES_MAX,
  FRAME_HEADER_BYTES,
  PAYLOAD_BYTES_MAX,
} from '../../src/protocol/limits.ts'

type Seen = { command: number; payload: string }

/** What a connection that waits for its next frame may hold. */
const IDLE_BYTES_MAX = 1_024

const header = hex('12345678 02 02 11 00000000')

describe('a frame is handed on', () => {
  test('without copying it when a chunk holds it whole', () => {
    const chunk = Buffer.concat([frameOf(1, 10), frameOf(2, 20)])
    const views: Buffer[] = []
    new FrameSplitter((_command, payload) => views.push(payload)).push(chunk)
    expect(views.map(({ buffer }) => buffer)).toEqual([chunk.buffer, chunk.buffer])
    expect(views.map(({ length }) => length)).toEqual([10, 20])
  })

  test('however the network cuts it', () => {
    fc.assert(
      fc.property(arbitraryFrames(), arbitraryCuts(), (frames, cuts) => {
        const seen = split(pieces(Buffer.concat(frames.map(bytesOf)), cuts))
        expect(seen).toEqual(frames.map(seenOf))
      }),
    )
  })

  test('of the largest size, and no larger', () => {
    expect(split([frameOf(1, PAYLOAD_BYTES_MAX)])).toHaveLength(1)
    expect(split(pieces(frameOf(1, PAYLOAD_BYTES_MAX), [9, 1_000, 50_000]))).toHaveLength(1)
    expect(codeOf([headerWith(7, 0, 0, 0xff, 0xf6)])).toBe('frameTooLong')
  })
})

describe('a wrong byte ends it', () => {
  const wrong = [
    [0, 'badMagic'],
    [1, 'badMagic'],
    [2, 'badMagic'],
    [3, 'badMagic'],
    [4, 'badVersion'],
    [5, 'badSerializer'],
  ] as const

  test.each(wrong)('at offset %i: %s, as soon as it is there', (offset, code) => {
    const start = Buffer.from(header.subarray(0, offset + 1))
    start[offset] = 0xee
    expect(codeOf([start])).toBe(code)
    expect(codeOf(singleBytes(start))).toBe(code)
    expect(codeOf([encode({ type: 'heartbeat' }), start])).toBe(code)
    expect(codeOf([header.subarray(0, offset), start.subarray(offset)])).toBe(code)
  })

  test('… a version of another kind, too', () => {
    expect(codeOf([hex('12345678 01 01')])).toBe('badVersion')
    expect(codeOf([hex('12345678 02 01')])).toBe('badSerializer')
    expect(codeOf([Buffer.from('GET / HTTP/1.1\r\n')])).toBe('badMagic')
  })

  test.each([
    ['65,526', [0, 0, 0xff, 0xf6]],
    ['2^31', [0x80, 0, 0, 0]],
    ['2^32 − 1', [0xff, 0xff, 0xff, 0xff]],
  ] as const)('a length of %s', (_words, [a, b, c, d]) => {
    const start = headerWith(7, a, b, c, d)
    expect(codeOf([start])).toBe('frameTooLong')
    expect(codeOf(singleBytes(start))).toBe('frameTooLong')
  })

  test('after the frames before it were handed on', () => {
    const seen: number[] = []
    const splitter = new FrameSplitter((command) => seen.push(command))
    const chunk = Buffer.concat([frameOf(1, 5), frameOf(2, 0), Buffer.from([0x13])])
    expect(() => splitter.push(chunk)).toThrow(ProtocolError)
    expect(seen).toEqual([1, 2])
  })

  test('whatever the bytes are, it is a ProtocolError or none', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.concat([header.subarray(0, 7), bytes])),
    )
    const stream = fc.array(fc.oneof(noise, arbitraryFrame().map(bytesOf)), { maxLength: 5 })
    fc.assert(
      fc.property(stream, arbitraryCuts(), (parts, cuts) => {
        const whole = Buffer.concat(parts)
        expect(outcome(pieces(whole, cuts))).toEqual(outcome([whole]))
      }),
      { numRuns: 500 },
    )
  })
})

describe('a peer counts as one that speaks the protocol', () => {
  test('with its first whole frame, not before', () => {
    const splitter = new FrameSplitter(() => undefined)
    splitter.push(frameOf(1, 5).subarray(0, -1))
    expect(splitter.native).toBe(false)
    splitter.push(Buffer.alloc(1))
    expect(splitter.native).toBe(true)
  })

  test('already while that frame is handed on', () => {
    const seen: boolean[] = []
    const splitter: FrameSplitter = new FrameSplitter(() => seen.push(splitter.native))
    splitter.push(frameOf(1, 0))
    expect(seen).toEqual([true])
  })
})

describe('memory', () => {
  test('is not taken for a length that was only announced', () => {
    const splitter = new FrameSplitter(() => undefined)
    splitter.push(headerWith(7, 0, 0, 0xff, 0xf5))
    expect(splitter.heldBytes).toBeLessThanOrEqual(2 * FRAME_HEADER_BYTES)
  })

  test('grows with what came, and never beyond a frame', () => {
    const frame = frameOf(1, PAYLOAD_BYTES_MAX)
    const splitter = new FrameSplitter(() => undefined)
    for (let at = 0; at < frame.length - 100; at += 100) {
      splitter.push(frame.subarray(at, at + 100))
      expect(splitter.heldBytes).toBeLessThanOrEqual(Math.min(2 * (at + 100), FRAME_BYTES_MAX))
    }
  })

  test('is given back after a large frame', () => {
    const frame = frameOf(1, PAYLOAD_BYTES_MAX)
    const splitter = new FrameSplitter(() => undefined)
    for (let round = 0; round < 3; round += 1) {
      splitter.push(frame.subarray(0, 40_000))
      splitter.push(frame.subarray(40_000))
      expect(splitter.heldBytes).toBeLessThanOrEqual(IDLE_BYTES_MAX)
    }
  })

  test('is none while frames come whole', () => {
    const splitter = new FrameSplitter(() => undefined)
    splitter.push(Buffer.concat([frameOf(1, 500), frameOf(2, PAYLOAD_BYTES_MAX)]))
    expect(splitter.heldBytes).toBe(0)
  })

  test('of a frame in pieces is not written over while it is handed on', () => {
    const large = frameOf(1, 3_000)
    const next = frameOf(2, 4_000)
    const seen: string[] = []
    const splitter = new FrameSplitter((_command, payload) => seen.push(payload.toString('hex')))
    splitter.push(large.subarray(0, 2_000))
    splitter.push(Buffer.concat([large.subarray(2_000), next.subarray(0, 2_500)]))
    splitter.push(next.subarray(2_500))
    expect(seen).toEqual([large, next].map((bytes) => payloadOf(bytes).toString('hex')))
  })
})

type Frame = Readonly<{ command: number; payload: Buffer }>

function arbitraryFrame(): fc.Arbitrary<Frame> {
  const size = fc.oneof(
    { weight: 5, arbitrary: fc.nat(200) },
    { weight: 1, arbitrary: fc.nat(PAYLOAD_BYTES_MAX) },
  )
  return fc.record({ command: fc.nat(255), payload: size.map(patterned) })
}

function arbitraryFrames(): fc.Arbitrary<readonly Frame[]> {
  return fc.array(arbitraryFrame(), { maxLength: 6 })
}

/** Lengths of the chunks, used in turn. */
function arbitraryCuts(): fc.Arbitrary<readonly number[]> {
  const length = fc.oneof(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 5_000 }))
  return fc.array(length, { minLength: 1, maxLength: 8 })
}

function pieces(bytes: Buffer, lengths: readonly number[]): readonly Buffer[] {
  const chunks: Buffer[] = []
  let at = 0
  while (at < bytes.length) {
    const length = lengths[chunks.length % lengths.length] ?? 1
    chunks.push(bytes.subarray(at, at + length))
    at += length
  }
  return chunks
}

function singleBytes(bytes: Buffer): readonly Buffer[] {
  return pieces(bytes, [1])
}

function split(chunks: readonly Buffer[]): readonly Seen[] {
  const seen: Seen[] = []
  const splitter = new FrameSplitter((command, payload) => seen.push(seenOf({ command, payload })))
  for (const chunk of chunks) splitter.push(chunk)
  return seen
}

/** What was handed on, and the code of the error that ended it; any other error is thrown. */
function outcome(chunks: readonly Buffer[]): Readonly<{ seen: readonly Seen[]; code: string }> {
  const seen: Seen[] = []
  const splitter = new FrameSplitter((command, payload) => seen.push(seenOf({ command, payload })))
  try {
    for (const chunk of chunks) splitter.push(chunk)
    return { seen, code: '' }
  } catch (error) {
    if (error instanceof ProtocolError) return { seen, code: error.code }
    throw error
  }
}

function codeOf(chunks: readonly Buffer[]): string {
  return outcome(chunks).code
}

function seenOf({ command, payload }: Frame): Seen {
  return { command, payload: payload.toString('latin1') }
}

function bytesOf({ command, payload }: Frame): Buffer {
  const bytes = Buffer.alloc(FRAME_HEADER_BYTES + payload.length)
  frameHeader(bytes, command, payload.length)
  payload.copy(bytes, FRAME_HEADER_BYTES)
  return bytes
}

function frameOf(command: number, payloadBytes: number): Buffer {
  return bytesOf({ command, payload: patterned(payloadBytes) })
}

function payloadOf(bytes: Buffer): Buffer {
  return bytes.subarray(FRAME_HEADER_BYTES)
}

function patterned(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 7 + length) % 251))
}

function headerWith(offset: number, ...bytes: readonly number[]): Buffer {
  const changed = Buffer.from(header)
  changed.set(bytes, offset)
  return changed
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}
