import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fromGolden, goldenFile, parseGolden } from '../../scripts/docs/golden.ts'
import { decode, encode } from '../../src/protocol/codec.ts'
import { FrameSplitter } from '../../src/protocol/frames.ts'
import type { Message } from '../../src/protocol/messages.ts'
import { messageTypes } from '../support/arbitrary-message.ts'
import { wholeMessage } from '../support/whole-message.ts'

const file = readFileSync(new URL('../golden/frames.txt', import.meta.url), 'utf8')
const frames = parseGolden(file).map((frame) => {
  const draft = fromGolden(frame.message)
  return { ...frame, draft, message: wholeMessage(draft) }
})

describe.each(frames)('$caption', ({ bytes, draft, message }) => {
  test('is written as it always was', () => {
    expect(encode(draft).toString('hex')).toBe(bytes.toString('hex'))
  })

  test('is read as it always was', () => {
    expect(messagesIn([bytes])).toStrictEqual([message])
  })

  test('is read from any two pieces', () => {
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(messagesIn([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual([message])
    }
  })

  test('is read byte by byte', () => {
    expect(messagesIn(singleBytes(bytes))).toEqual([message])
  })
})

test('two frames in a row are read whatever two pieces they come in', () => {
  for (const [at, one] of frames.entries()) {
    const other = frames[(at + 1) % frames.length] ?? one
    const joined = Buffer.concat([one.bytes, other.bytes])
    const expected = [one.message, other.message]
    for (let cut = 0; cut <= joined.length; cut += 1) {
      expect(messagesIn([joined.subarray(0, cut), joined.subarray(cut)])).toEqual(expected)
    }
    expect(messagesIn(singleBytes(joined))).toEqual(expected)
  }
})

test('every message has a golden frame', () => {
  expect(frames.map(({ draft }) => draft.type).toSorted()).toEqual(messageTypes.toSorted())
})

test('the file is what its script writes', () => {
  expect(file).toBe(goldenFile())
})

function messagesIn(chunks: readonly Buffer[]): readonly (Message | undefined)[] {
  const read: (Message | undefined)[] = []
  const splitter = new FrameSplitter((command, payload) => read.push(decode(command, payload)))
  for (const chunk of chunks) splitter.push(chunk)
  return read
}

function singleBytes(bytes: Buffer): readonly Buffer[] {
  return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1))
}
