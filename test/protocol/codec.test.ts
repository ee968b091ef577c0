import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decode,
  decodeRecords,
  encode,
  encodeRecords,
  requestOf,
} from '../../src/protocol/codec.ts'
import { ProtocolError } from '../../src/protocol/errors.ts'
import { EncodedRecords } from '../../src/protocol/fields.ts'
import {
  FRAME_BYTES_MAX,
  FRAME_HEADER_BYTES,
  PAGE_ENTRIES_MAX,
  PAYLOAD_BYTES_MAX,
  TEXT_BYTES_MAX,
} from '../../src/protocol/limits.ts'
import { type DraftMessage, type Message, messages } from '../../src/protocol/messages.ts'
import { arbitraryMessage, messageTypes } from '../support/arbitrary-message.ts'
import { wholeMessage } from '../support/whole-message.ts'

test('a message that was encoded is decoded as it was', () => {
  fc.assert(
    fc.property(arbitraryMessage(), (draft) => {
      expect(decoded(draft)).toStrictEqual(wholeMessage(draft))
    }),
    { numRuns: 500 },
  )
})

test('what is decoded is encoded and decoded as the same', () => {
  fc.assert(
    fc.property(hostileFrame(), ({ command, payload }) => {
      const message = decodedOrRefused(command, payload)
      if (message !== undefined) {
        expect(decoded(message)).toStrictEqual(message)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('a frame is in memory of its own', () => {
  const frame = encode({ type: 'heartbeat', request: 1 })
  const before = frame.toString('hex')
  encode({ type: 'sendGroup', request: 2, group: '#ops', text: 'x'.repeat(100) })
  expect(frame.toString('hex')).toBe(before)
})

test('a decoded message is in memory of its own', () => {
  const frame = encode({ type: 'loggedIn', token: Buffer.alloc(32, 1), user: { name: 'alice' } })
  const message = decode(2, frame.subarray(FRAME_HEADER_BYTES))
  frame.fill(0)
  expect(message).toMatchObject({ token: Buffer.alloc(32, 1), user: { name: 'alice' } })
})

describe('reading as proto3 says', () => {
  test.each([
    ['an absent field is its default', '', { request: 0, code: 'unknown', text: '', retryMs: 0 }],
    [
      'of a repeated scalar the last one counts',
      '0801 0802 1a0161 1a0162',
      { request: 2, text: 'b' },
    ],
    ['a field that is not known is passed over: varint', '0801 f80f01', { request: 1 }],
    ['… of ten bytes', '0801 f80f ffffffffffffffffff01', { request: 1 }],
    ['… fixed64', '0801 f90f 0102030405060708', { request: 1 }],
    ['… length-delimited', 'fa0f03616263 0801', { request: 1 }],
    ['… fixed32', '0801 fd0f 01020304', { request: 1 }],
    ['a known number with another wire type is not known', '0a0161 1801 0801', { request: 1 }],
    ['a number that is not of the choice is 0', '10bd01', { code: 'unknown' }],
    ['a negative number of a choice is 0', '10ffffffffffffffffff01', { code: 'unknown' }],
    ['a varint may be longer than it must', '0881808000', { request: 1 }],
    ['fields may come in any order', '1a0161 1021 0801', { request: 1, code: 'notLoggedIn' }],
  ])('%s', (_what, payload, expected) => {
    expect(decode(messages.error.command, hex(payload))).toMatchObject(expected)
  })

  test('a record that comes again is merged into the first', () => {
    const { command } = messages.groupEntry
    expect(decode(command, hex('1a04 082a 2801 1a05 1007 220161 1a00'))).toMatchObject({
      entry: { seq: 42, time: 7, name: 'a', kind: 'text' },
    })
    expect(decode(command, hex('1a05 4a03 0a0161 1a05 4a03 120162'))).toMatchObject({
      entry: { subject: { id: 'a', name: 'b' } },
    })
  })

  test('every value above 0 is true', () => {
    const { command } = messages.presences
    expect(decode(command, hex('2202 1002'))).toMatchObject({ users: [{ online: true }] })
    expect(decode(command, hex('220b 10ffffffffffffffffff01'))).toMatchObject({
      users: [{ online: true }],
    })
  })

  test('a list keeps its order, whatever stands between', () => {
    const { command } = messages.sync
    expect(decode(command, hex('1a0161 0801 1a0162 120178 1a0163'))).toMatchObject({
      conversations: ['a', 'b', 'c'],
    })
  })

  test('an absent record is undefined, an empty one has its defaults', () => {
    const { command } = messages.groupEntry
    expect(decode(command, hex(''))).toMatchObject({ entry: undefined })
    expect(decode(command, hex('1a00'))).toMatchObject({ entry: { seq: 0, subject: undefined } })
  })

  test('a byte order mark is a character as others', () => {
    expect(decode(messages.error.command, hex('1a04efbbbf61'))).toMatchObject({ text: '\ufeffa' })
  })
})

describe('a payload is broken', () => {
  test.each([
    ['by a varint without an end', '08'],
    ['by a varint of more than ten bytes', '0880808080808080808080 01'],
    ['by a number above 2^53 − 1', '2080808080808080 10'],
    ['by a number above its maximum', '08 8080808010'],
    ['by a length beyond its end', '1a05 6162'],
    ['by a length beyond the record that contains it', '1a03 220561 6263646566', 'groupEntry'],
    ['… even when what follows would do', '1a03 220361 6262', 'groupEntry'],
    ['by a varint that goes beyond the record that contains it', '1a01 08 05', 'groupEntry'],
    ['by a varint of eleven bytes that is not known', 'f80f ffffffffffffffffffff01'],
    ['by a length of 2^53 and more', '1a ffffffffffffffffff01'],
    ['by a text above its maximum', `1a8104 ${'61'.repeat(513)}`],
    ['by bytes above their maximum', `1a11 ${'00'.repeat(17)}`, 'sendGroup'],
    ['by a text that is not UTF-8', '1a02 c328'],
    ['by a text that ends within a character', '1a02 e5bc'],
    ['by a surrogate in UTF-8', '1a03 eda080'],
    ['by a long text that is not UTF-8', `1a1e ${'61'.repeat(29)}ff`],
    ['by field number 0', '0001'],
    ['by a tag of more than 32 bits', '80808080 80 01 00'],
    ['by a group', '0b 0c'],
    ['by a wire type that does not exist', '0f'],
    ['by fixed64 that is cut off', 'f90f 01020304050607'],
    ['by fixed32 that is cut off', 'fd0f 010203'],
    ['by a broken field that is not known', 'fa0f05 6162'],
    ['by more items than its list may have', '2200'.repeat(501), 'presences'],
    ['by more items than its list may have, of texts', '2200'.repeat(101), 'createGroup'],
  ] as const)('%s', (_what, payload, type: keyof typeof messages = 'error') => {
    expect(() => decode(messages[type].command, hex(payload))).toThrow(ProtocolError)
  })

  test('… but not by one that is as long as allowed', () => {
    const { command } = messages.error
    expect(decode(command, hex(`1a8004 ${'61'.repeat(512)}`))).toMatchObject({
      text: 'a'.repeat(512),
    })
    expect(decode(messages.presences.command, hex('2200'.repeat(500)))).toBeDefined()
    expect(decode(command, hex('1a03efbfbd'))).toMatchObject({ text: '\ufffd' })
    expect(decode(command, hex('20ffffffffffffff0f'))).toMatchObject({ retryMs: 2 ** 53 - 1 })
  })
})

describe('a caller that sends what may not be sent is told', () => {
  const tooMuch: readonly (readonly [string, DraftMessage])[] = [
    ['a negative number', { type: 'sent', seq: -1 }],
    ['half a number', { type: 'sent', seq: 0.5 }],
    ['no number', { type: 'sent', seq: Number.NaN }],
    ['a number above 2^53 − 1', { type: 'sent', seq: 2 ** 53 }],
    ['a number above its maximum', { type: 'heartbeat', request: 2 ** 32 }],
    [
      'a text with too many characters',
      { type: 'sendGroup', text: 'x'.repeat(TEXT_BYTES_MAX + 1) },
    ],
    ['a text with too many bytes', { type: 'sendGroup', text: '张'.repeat(TEXT_BYTES_MAX / 2) }],
    ['too many bytes', { type: 'sendGroup', nonce: Buffer.alloc(17) }],
    ['too many items', { type: 'createGroup', members: Array<string>(101).fill('x') }],
    ['too much for one frame', { type: 'page', entries: Array(9).fill({ text: longest() }) }],
    [
      'what was encoded for another list',
      { type: 'heads', heads: encodeRecords(messages.page.fields.entries, []) as never },
    ],
    ['a choice that does not exist', { type: 'error', code: 'nonsense' as never }],
  ]

  test.each(tooMuch)('%s', (_what, message) => {
    expect(() => encode(message)).toThrow(RangeError)
  })

  test('the largest message that fits is sent', () => {
    const entries = Array(8).fill({ text: longest() })
    entries[7] = { text: 'x'.repeat(FRAME_BYTES_MAX - FRAME_HEADER_BYTES - 7 * 8_198 - 6) }
    const frame = encode({ type: 'page', entries })
    expect(frame.length).toBe(FRAME_BYTES_MAX)
    expect(decode(messages.page.command, frame.subarray(FRAME_HEADER_BYTES))).toMatchObject({
      entries,
    })
  })

  test('… and one byte more is not', () => {
    const entries = Array(8).fill({ text: longest() })
    entries[7] = { text: 'x'.repeat(FRAME_BYTES_MAX - FRAME_HEADER_BYTES - 7 * 8_198 - 5) }
    expect(() => encode({ type: 'page', entries })).toThrow(RangeError)
  })

  function longest(): string {
    return 'x'.repeat(TEXT_BYTES_MAX)
  }
})

describe('records that are encoded before their message', () => {
  const field = messages.page.fields.entries
  const values = [
    { seq: 42, from: '~u1', name: '张三', text: 'x'.repeat(200) },
    {},
    { seq: 43, subject: { id: '~u2', name: 'bob' } },
  ]

  test('stand in it as if they were encoded there', () => {
    const encoded = encodeRecords(field, values)
    expect(encode({ type: 'page', request: 7, entries: encoded, last: 9 })).toEqual(
      encode({ type: 'page', request: 7, entries: values, last: 9 }),
    )
    expect(decodeRecords(encoded)).toMatchObject(values)
  })

  test('may be none', () => {
    expect(encode({ type: 'page', entries: encodeRecords(field, []) })).toEqual(
      encode({ type: 'page' }),
    )
  })

  test('are at most what the list and the frame can hold', () => {
    const many = new EncodedRecords(field, PAGE_ENTRIES_MAX + 1, new Uint8Array())
    expect(() => encode({ type: 'page', entries: many })).toThrow('501 items')
    const long = new EncodedRecords(field, 1, new Uint8Array(FRAME_BYTES_MAX))
    expect(() => encode({ type: 'page', entries: long })).toThrow('longer than a frame')
  })
})

test('texts are handed through what the reader asks for', () => {
  const frame = encode({ type: 'groupEntry', entry: { text: 'a', subject: { name: 'b' } } })
  const shouted = decode(16, frame.subarray(FRAME_HEADER_BYTES), (text) => text.toUpperCase())
  expect(shouted).toMatchObject({ entry: { text: 'A', subject: { name: 'B' } } })
})

test('a command that is not in the table is not decoded', () => {
  for (const command of [0, 19, 255]) expect(decode(command, hex('0801'))).toBeUndefined()
})

test.each([
  ['the request id of a message that is not known', '1a0161 0807', 7],
  ['0 without one', '1a0161', 0],
  ['0 when the payload is broken before it', '1a05', 0],
  ['the id when the payload is broken after it', '0807 1a05', 7],
  ['the largest id', '08ffffffff0f', 2 ** 32 - 1],
  ['0 when the id is above that: no error could name it', '088080808010', 0],
])('requestOf answers %s', (_what, payload, request) => {
  expect(requestOf(hex(payload))).toBe(request)
})

/** Bytes that get past the door: mostly pieces of valid payloads, cut, joined and changed. */
function hostileFrame(): fc.Arbitrary<Readonly<{ command: number; payload: Buffer }>> {
  return fc.constantFrom(...messageTypes).chain((type) => {
    const payload = arbitraryMessage([type]).map((draft) =>
      encode(draft).subarray(FRAME_HEADER_BYTES),
    )
    const piece = fc.tuple(payload, fc.nat(), fc.nat()).map(([bytes, start, length]) => {
      const from = start % (bytes.length + 1)
      return bytes.subarray(from, from + (length % 64))
    })
    const noise = fc.uint8Array({ maxLength: 16 })
    const parts = fc.array(fc.oneof(payload, piece, noise), { maxLength: 4 })
    const { command } = messages[type]
    return parts.map((all) => ({
      command,
      payload: Buffer.concat(all).subarray(0, PAYLOAD_BYTES_MAX),
    }))
  })
}

/** Undefined for a payload that is refused; any error but a ProtocolError fails the test. */
function decodedOrRefused(command: number, payload: Buffer): Message | undefined {
  try {
    return decode(command, payload)
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError)
    expect(error).toMatchObject({ code: 'badPayload' })
    return undefined
  }
}

function decoded(draft: DraftMessage): Message | undefined {
  const frame = encode(draft)
  return decode(frame[6] ?? 0, frame.subarray(FRAME_HEADER_BYTES))
}

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}
