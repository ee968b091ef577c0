import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import protobuf from 'protobufjs'
import { expect, test } from 'vitest'
import { typeName } from '../../scripts/docs/schema.ts'
import { decode, encode } from '../../src/protocol/codec.ts'
import type { Field, Fields } from '../../src/protocol/fields.ts'
import { FRAME_HEADER_BYTES } from '../../src/protocol/limits.ts'
import { type DraftMessage, type MessageType, messages } from '../../src/protocol/messages.ts'
import { arbitraryMessage, messageTypes } from '../support/arbitrary-message.ts'
import { wholeMessage } from '../support/whole-message.ts'

/** Our codec beside a protobuf library that reads docs/tchat.proto: they must agree on every byte. */

type Values = Readonly<Record<string, unknown>>

const schema = readFileSync(new URL('../../docs/tchat.proto', import.meta.url), 'utf8')
const { root } = protobuf.parse(schema)

test('the library reads what we write', () => {
  fc.assert(
    fc.property(arbitraryMessage(), (draft) => {
      expect(readByLibrary(draft.type, payloadOf(draft))).toEqual(libraryForm(draft))
    }),
    { numRuns: 500 },
  )
})

test('we read what the library writes, and both write the same bytes', () => {
  fc.assert(
    fc.property(arbitraryMessage(), (draft) => {
      const payload = writtenByLibrary(draft)
      expect(decode(messages[draft.type].command, payload)).toEqual(wholeMessage(draft))
      expect(payload.toString('hex')).toBe(payloadOf(draft).toString('hex'))
    }),
    { numRuns: 500 },
  )
})

test('payloads one after the other are merged by both alike', () => {
  const pair = fc
    .constantFrom(...messageTypes)
    .chain((type) => fc.tuple(arbitraryMessage([type]), unknownFields(), arbitraryMessage([type])))
  fc.assert(
    fc.property(pair, ([one, between, other]) => {
      const payload = Buffer.concat([payloadOf(one), between, payloadOf(other)])
      const merged = decode(messages[one.type].command, payload)
      expect(readByLibrary(one.type, payload)).toEqual(libraryForm(merged as DraftMessage))
    }),
    { numRuns: 500 },
  )
})

test('tchat.proto has every message', () => {
  for (const type of messageTypes) expect(() => typeOf(type)).not.toThrow()
})

/** Fields with numbers that no message has, of every wire type. */
function unknownFields(): fc.Arbitrary<Buffer> {
  const field = fc.constantFrom(
    'f80f01',
    'f80fffffffffffffffffff01',
    'f90f0102030405060708',
    'fa0f00',
    'fa0f03616263',
    'fd0f01020304',
  )
  return fc.array(field, { maxLength: 3 }).map((all) => Buffer.from(all.join(''), 'hex'))
}

function typeOf(type: MessageType): protobuf.Type {
  return root.lookupType(`tchat.v2.${typeName(type)}`)
}

function payloadOf(draft: DraftMessage): Buffer {
  return encode(draft).subarray(FRAME_HEADER_BYTES)
}

function readByLibrary(type: MessageType, payload: Buffer): Values {
  const message = typeOf(type).decode(payload)
  return typeOf(type).toObject(message, { defaults: true, arrays: true, longs: Number }) as Values
}

function writtenByLibrary(draft: DraftMessage): Buffer {
  const type = typeOf(draft.type)
  return Buffer.from(type.encode(type.fromObject(libraryForm(draft))).finish())
}

/** The message as the library has it: choices as numbers, no record as null. */
function libraryForm(draft: DraftMessage): Values {
  return libraryValues(messages[draft.type].fields, wholeMessage(draft) as unknown as Values)
}

function libraryValues(fields: Fields, values: Values): Values {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, libraryValue(field, values[name])]),
  )
}

function libraryValue(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'choice':
      return field.of.values[value as string]
    case 'record':
      return value === undefined ? null : libraryValues(field.of.fields, value as Values)
    case 'recordList':
      return (value as readonly Values[]).map((item) => libraryValues(field.of.fields, item))
    default:
      return value
  }
}
