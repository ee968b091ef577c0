import {
  type BytesField,
  type ChoiceField,
  EncodedRecords,
  type Field,
  type RecordField,
  type RecordListField,
  type RecordType,
  type TextField,
  type TextListField,
  type UintField,
} from './fields.ts'
import { FRAME_BYTES_MAX } from './limits.ts'
import { writeUtf8 } from './utf8.ts'
import { LENGTH_DELIMITED, tagOf, VARINT, varintBytes, writeVarint } from './wire.ts'

/** How each kind of field is written. A value beyond its maximum is a fault of the caller. */

/**
 * Everything is written here and then copied out: nothing asynchronous happens meanwhile. A field
 * begins within a frame and is at most a payload of three-byte characters, so that none can leave
 * this memory before its length is checked.
 */
export const scratch = Buffer.allocUnsafeSlow(4 * FRAME_BYTES_MAX)

/** Writes one field, or nothing for its default; returns the place behind it. */
export type WriteField = (value: unknown, at: number) => number
/** Writes all fields of a message or record. */
export type WriteFields = (values: object, at: number) => number

/** The writer of a field; `fieldsOf` gives the one of a nested record. */
export function writerOf(
  name: string,
  field: Field,
  fieldsOf: (record: RecordType) => WriteFields,
): WriteField {
  switch (field.kind) {
    case 'uint':
      return uintWriter(name, field)
    case 'bool':
      return boolWriter(tagOf(field.number, VARINT))
    case 'choice':
      return choiceWriter(name, field)
    case 'text':
      return textWriter(name, field)
    case 'bytes':
      return bytesWriter(name, field)
    case 'record':
      return recordWriter(field, fieldsOf(field.of))
    case 'textList':
      return listWriter(name, field, textItemWriter(name, field))
    case 'recordList':
      return recordListWriter(name, field, recordWriter(field, fieldsOf(field.of)))
  }
}

function uintWriter(name: string, { number, max }: UintField): WriteField {
  const tag = tagOf(number, VARINT)
  return (value, at) => {
    if (value === undefined || value === 0) return at
    const uint = value as number
    if (!(uint > 0 && uint <= max && Math.floor(uint) === uint)) {
      throw new RangeError(`${name}: ${uint} is not a whole number between 0 and ${max}`)
    }
    return writeVarint(scratch, writeVarint(scratch, at, tag), uint)
  }
}

function boolWriter(tag: number): WriteField {
  return (value, at) =>
    value === true ? writeVarint(scratch, writeVarint(scratch, at, tag), 1) : at
}

function choiceWriter(name: string, { number, of }: ChoiceField): WriteField {
  const tag = tagOf(number, VARINT)
  const numbers = new Map(Object.entries(of.values))
  return (value, at) => {
    if (value === undefined) return at
    const chosen = numbers.get(value as string)
    if (chosen === undefined) throw new RangeError(`${name}: ${value} is no ${of.name}`)
    return chosen === 0 ? at : writeVarint(scratch, writeVarint(scratch, at, tag), chosen)
  }
}

function textWriter(name: string, field: TextField): WriteField {
  const writeItem = textItemWriter(name, field)
  return (value, at) => (value === undefined || value === '' ? at : writeItem(value, at))
}

function textItemWriter(name: string, { number, max }: TextField | TextListField): WriteField {
  const tag = tagOf(number, LENGTH_DELIMITED)
  return (value, at) => {
    const text = value as string
    // Each UTF-16 unit takes a byte at least: what is too long even so is not written at all.
    checkLength(name, text.length, max)
    const lengthAt = writeVarint(scratch, at, tag)
    const start = lengthAt + varintBytes(text.length)
    const end = writeUtf8(scratch, start, text)
    checkLength(name, end - start, max)
    return setLength(lengthAt, start, end)
  }
}

function bytesWriter(name: string, { number, max }: BytesField): WriteField {
  const tag = tagOf(number, LENGTH_DELIMITED)
  return (value, at) => {
    if (value === undefined) return at
    const bytes = value as Uint8Array
    if (bytes.length === 0) return at
    checkLength(name, bytes.length, max)
    return writeDelimited(tag, bytes, at)
  }
}

function recordWriter(
  { number }: RecordField | RecordListField,
  writeFields: WriteFields,
): WriteField {
  const tag = tagOf(number, LENGTH_DELIMITED)
  return (value, at) => {
    if (value === undefined) return at
    const lengthAt = writeVarint(scratch, at, tag)
    const start = lengthAt + 1
    return setLength(lengthAt, start, writeFields(value as object, start))
  }
}

function recordListWriter(name: string, field: RecordListField, writeItem: WriteField): WriteField {
  const writeList = listWriter(name, field, writeItem)
  return (value, at) => {
    if (!(value instanceof EncodedRecords)) return writeList(value, at)
    if (value.field !== field) throw new RangeError(`${name}: these were encoded for another list`)
    checkCount(name, value.count, field.count)
    const end = checkedEnd(at + value.bytes.length)
    scratch.set(value.bytes, at)
    return end
  }
}

function listWriter(
  name: string,
  { count }: TextListField | RecordListField,
  writeItem: WriteField,
): WriteField {
  return (value, at) => {
    if (value === undefined) return at
    const items = value as readonly unknown[]
    checkCount(name, items.length, count)
    let place = at
    for (const item of items) place = writeItem(item, place)
    return place
  }
}

function writeDelimited(tag: number, bytes: Uint8Array, at: number): number {
  const start = writeVarint(scratch, writeVarint(scratch, at, tag), bytes.length)
  scratch.set(bytes, start)
  return checkedEnd(start + bytes.length)
}

/**
 * A length stands before its value but is known after it. The value was written where it begins
 * when the length was guessed right, and is moved when not.
 */
function setLength(lengthAt: number, start: number, end: number): number {
  const length = end - start
  const place = lengthAt + varintBytes(length)
  if (place !== start) scratch.copyWithin(place, start, end)
  writeVarint(scratch, lengthAt, length)
  return checkedEnd(place + length)
}

function checkCount(name: string, count: number, max: number): void {
  if (count > max) throw new RangeError(`${name}: ${count} items are more than ${max}`)
}

function checkLength(name: string, length: number, max: number): void {
  if (length > max) throw new RangeError(`${name}: ${length} bytes are more than ${max}`)
}

/** Every place behind a field is within a frame; numbers alone cannot leave the spare memory. */
export function checkedEnd(end: number): number {
  if (end > FRAME_BYTES_MAX) throw new RangeError('the message is longer than a frame')
  return end
}
