import fc from 'fast-check'
import type { Field, Fields } from '../../src/protocol/fields.ts'
import { type DraftMessage, type MessageType, messages } from '../../src/protocol/messages.ts'

/**
 * Messages that may be encoded, made from the table: any field may be absent, at its default, at
 * its maximum or between.
 */

/** Few enough that a message of the longest texts fits a frame. */
const LIST_ITEMS_MAX = 4
const USUAL_TEXT_CHARS_MAX = 40

type Values = Record<string, unknown>

export const messageTypes = Object.keys(messages) as MessageType[]

export function arbitraryMessage(
  types: readonly MessageType[] = messageTypes,
): fc.Arbitrary<DraftMessage> {
  return fc.constantFrom(...types).chain(messageOf)
}

function messageOf(type: MessageType): fc.Arbitrary<DraftMessage> {
  return arbitraryFields(messages[type].fields).map(
    (values) => ({ type, ...values }) as DraftMessage,
  )
}

function arbitraryFields(fields: Fields): fc.Arbitrary<Values> {
  const byName = Object.entries(fields).map(([name, field]) => [name, arbitraryValue(field)])
  return fc.record(Object.fromEntries(byName), { requiredKeys: [] })
}

function arbitraryValue(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'uint':
      return arbitraryUint(field.max)
    case 'bool':
      return fc.boolean()
    case 'text':
      return arbitraryText(field.max)
    case 'bytes':
      return fc.uint8Array({ maxLength: field.max })
    case 'choice':
      return fc.constantFrom(...Object.keys(field.of.values))
    case 'record':
      return fc.option(arbitraryFields(field.of.fields), { nil: undefined })
    case 'textList':
      return fc.array(arbitraryText(field.max), {
        maxLength: Math.min(field.count, LIST_ITEMS_MAX),
      })
    case 'recordList':
      return fc.array(arbitraryFields(field.of.fields), {
        maxLength: Math.min(field.count, LIST_ITEMS_MAX),
      })
  }
}

/** Varints change their length at powers of 128, numbers their form in the engine at 2^31. */
function arbitraryUint(max: number): fc.Arbitrary<number> {
  const edges = [0, 1, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32, max]
  return fc.oneof(
    fc.constantFrom(...edges.filter((edge) => edge <= max)),
    fc.maxSafeNat().map((value) => value % (max + 1)),
  )
}

function arbitraryText(max: number): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 8, arbitrary: usualText('grapheme', max) },
    { weight: 4, arbitrary: usualText('binary', max) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('x', 'é', '张', '👋').map((unit) => filled(unit, max)),
    },
  )
}

function usualText(unit: 'grapheme' | 'binary', max: number): fc.Arbitrary<string> {
  return fc.string({ unit, maxLength: USUAL_TEXT_CHARS_MAX }).map((text) => cut(text, max))
}

/** As many of the unit as fit. */
function filled(unit: string, max: number): string {
  return unit.repeat(Math.floor(max / Buffer.byteLength(unit)))
}

function cut(text: string, maxBytes: number): string {
  let room = maxBytes
  return [...text]
    .filter((char) => {
      room -= Buffer.byteLength(char)
      return room >= 0
    })
    .join('')
}
