import { ProtocolError } from './errors.ts'
import type { ChoiceField, Field, RecordType } from './fields.ts'
import { readUtf8 } from './utf8.ts'
import { type Cursor, LENGTH_DELIMITED, readLength, readVarint, tagOf, VARINT } from './wire.ts'

/** How each kind of field is read. Bytes that no writer of ours makes are a ProtocolError. */

/** How a text that was read is handed on: clients clean it of control sequences here. */
export type ReadText = (text: string) => string

/** Reads one field's value; `earlier` is what the same message already had for it. */
export type ReadField = (cursor: Cursor, earlier: unknown, readText: ReadText) => unknown
/** Reads fields to the cursor's end, into `earlier` when the record came before (they merge). */
export type ReadFields = (cursor: Cursor, earlier: object | undefined, readText: ReadText) => object

const NO_BYTES = Buffer.alloc(0)
const NO_ITEMS: readonly never[] = Object.freeze([])

/** The tag that a field's values have; with another wire type a field is one that is not known. */
export function fieldTag({ kind, number }: Field): number {
  const isNumber = kind === 'uint' || kind === 'bool' || kind === 'choice'
  return tagOf(number, isNumber ? VARINT : LENGTH_DELIMITED)
}

/** What an absent field reads as. */
export function defaultOf(field: Field): unknown {
  switch (field.kind) {
    case 'uint':
      return 0
    case 'bool':
      return false
    case 'text':
      return ''
    case 'bytes':
      return NO_BYTES
    case 'choice':
      return namesOf(field)[0]
    case 'record':
      return undefined
    case 'textList':
    case 'recordList':
      return NO_ITEMS
  }
}

/** The reader of a field; `fieldsOf` gives the one of a nested record. */
export function readerOf(
  name: string,
  field: Field,
  fieldsOf: (record: RecordType) => ReadFields,
): ReadField {
  switch (field.kind) {
    case 'uint':
      return uintReader(name, field.max)
    case 'bool':
      return (cursor) => readVarint(cursor) !== 0
    case 'choice':
      return choiceReader(namesOf(field))
    case 'text':
      return textReader(name, field.max)
    case 'bytes':
      return bytesReader(name, field.max)
    case 'record':
      return recordReader(fieldsOf(field.of))
    case 'textList':
      return listReader(name, field.count, textReader(name, field.max))
    case 'recordList':
      return listReader(name, field.count, recordReader(fieldsOf(field.of)))
  }
}

function uintReader(name: string, max: number): ReadField {
  return (cursor) => {
    const value = readVarint(cursor)
    if (value > max) throw new ProtocolError('badPayload', `${name}: ${value} is above ${max}`)
    return value
  }
}

function choiceReader(names: readonly string[]): ReadField {
  return (cursor) => names[readVarint(cursor)] ?? names[0]
}

function textReader(name: string, max: number): ReadField {
  return (cursor, _earlier, readText) => {
    const end = boundedLength(cursor, name, max) + cursor.at
    const text = readUtf8(cursor.bytes, cursor.at, end)
    cursor.at = end
    return readText(text)
  }
}

/** In memory of its own: the payload is only lent. */
function bytesReader(name: string, max: number): ReadField {
  return (cursor) => {
    const length = boundedLength(cursor, name, max)
    const { bytes, at } = cursor
    const copy = Buffer.allocUnsafe(length)
    for (let index = 0; index < length; index += 1) copy[index] = bytes[at + index] as number
    cursor.at = at + length
    return copy
  }
}

function recordReader(readFields: ReadFields): ReadField {
  return (cursor, earlier, readText) => {
    const length = readLength(cursor)
    const outerEnd = cursor.end
    cursor.end = cursor.at + length
    const values = readFields(cursor, earlier as object | undefined, readText)
    cursor.end = outerEnd
    return values
  }
}

function listReader(name: string, count: number, readItem: ReadField): ReadField {
  return (cursor, earlier, readText) => {
    const items = earlier === NO_ITEMS ? [] : (earlier as unknown[])
    if (items.length === count) {
      throw new ProtocolError('badPayload', `${name}: more than ${count} items`)
    }
    items.push(readItem(cursor, undefined, readText))
    return items
  }
}

function boundedLength(cursor: Cursor, name: string, max: number): number {
  const length = readLength(cursor)
  if (length > max) {
    throw new ProtocolError('badPayload', `${name}: ${length} bytes are more than ${max}`)
  }
  return length
}

function namesOf({ of }: ChoiceField): readonly string[] {
  const names: string[] = []
  for (const [name, number] of Object.entries(of.values)) names[number] = name
  return names
}
