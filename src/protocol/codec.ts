import { isUtf8 } from 'node:buffer'
import { ProtocolError } from './errors.ts'
import type { Field, Fields } from './fields.ts'
import { frameHeader } from './frames.ts'
import { FRAME_BYTES_MAX, FRAME_HEADER_BYTES } from './limits.ts'
import { type DraftMessage, type Message, type MessageType, messages } from './messages.ts'
import {
  type Cursor,
  LENGTH_DELIMITED,
  readVarint,
  skipField,
  VARINT,
  varintBytes,
  writeVarint,
} from './wire.ts'

/**
 * Messages ⇄ frames of version 2, driven by the message table. The only code that knows how a
 * field lies in a payload.
 */

type Values = Record<string, unknown>
type Plan = Readonly<{
  fields: readonly (readonly [string, Field])[]
  byNumber: Slots
  blank: Values
}>
type Slots = readonly (readonly [string, Field] | undefined)[]

const EMPTY_BYTES = Buffer.alloc(0)
const NO_ITEMS: readonly never[] = Object.freeze([])

const planOf = memo(makePlan)
const types = Object.keys(messages) as MessageType[]
const typeByCommand: readonly (MessageType | undefined)[] = Array.from(
  { length: 256 },
  (_, command) => types.find((type) => messages[type].command === command),
)

/** One frame is written here before it is copied out: nothing asynchronous happens meanwhile. */
const scratch = Buffer.allocUnsafeSlow(FRAME_BYTES_MAX)

/**
 * A whole frame, header included, in memory of its own.
 * @throws RangeError when a value is beyond its field's maximum: a fault of the caller.
 */
export function encode(message: DraftMessage): Buffer {
  const { command, fields } = messages[message.type]
  const end = writeFields(planOf(fields), message as Values, FRAME_HEADER_BYTES)
  frameHeader(scratch, command, end - FRAME_HEADER_BYTES)
  return Buffer.from(scratch.subarray(0, end))
}

/** How a text that was read is handed on: clients clean it of control sequences here. */
export type ReadText = (text: string) => string

const asIs: ReadText = (text) => text

/**
 * The message in a payload, in memory of its own, or undefined for a command that is not in the
 * table.
 * @throws ProtocolError badPayload
 */
export function decode(command: number, payload: Buffer, readText = asIs): Message | undefined {
  const type = typeByCommand[command]
  if (type === undefined) return undefined
  const cursor: Cursor = { bytes: payload, at: 0, end: payload.length }
  const values = readFields(planOf(messages[type].fields), cursor, readText)
  values['type'] = type
  return values as Message
}

/** The request id of a command that is not known, so that its error can name it; 0 without one. */
export function requestOf(payload: Buffer): number {
  const cursor: Cursor = { bytes: payload, at: 0, end: payload.length }
  try {
    while (cursor.at < cursor.end) {
      const tag = readVarint(cursor)
      if (tag === ((1 << 3) | VARINT)) return readVarint(cursor)
      skipField(cursor, tag & 7)
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
  }
  return 0
}

function makePlan(fields: Fields): Plan {
  const rows = Object.entries(fields)
  const byNumber: (readonly [string, Field])[] = []
  const blank: Values = {}
  for (const row of rows) {
    byNumber[row[1].number] = row
    blank[row[0]] = defaultOf(row[1])
  }
  return { fields: rows, byNumber, blank }
}

function defaultOf(field: Field): unknown {
  switch (field.kind) {
    case 'uint':
      return 0
    case 'bool':
      return false
    case 'text':
      return ''
    case 'bytes':
      return EMPTY_BYTES
    case 'choice':
      return nameOfNumber(field.of.values)[0]
    case 'record':
      return undefined
    case 'textList':
    case 'recordList':
      return NO_ITEMS
  }
}

const nameOfNumber = memo((values: Readonly<Record<string, number>>): readonly string[] => {
  const names: string[] = []
  for (const [name, number] of Object.entries(values)) names[number] = name
  return names
})

// --- Writing ------------------------------------------------------------------------------------

function writeFields(plan: Plan, values: Values, at: number): number {
  let place = at
  for (const [name, field] of plan.fields) {
    const value = values[name]
    if (value !== undefined) place = writeField(name, field, value, place)
  }
  return place
}

function writeField(name: string, field: Field, value: unknown, at: number): number {
  switch (field.kind) {
    case 'uint':
      return writeUint(name, field, value as number, at)
    case 'bool':
      return value === true ? writeNumber(field.number, 1, at) : at
    case 'choice':
      return writeUint(name, { ...field, max: 255 }, field.of.values[value as string] ?? 0, at)
    case 'text':
      return value === '' ? at : writeText(name, field, value as string, at)
    case 'bytes':
      return (value as Uint8Array).length === 0
        ? at
        : writeBytes(name, field, value as Uint8Array, at)
    case 'record':
      return writeRecord(field.number, planOf(field.of.fields), value as Values, at)
    case 'textList':
      return writeTextList(name, field, value as readonly string[], at)
    case 'recordList':
      return writeRecordList(name, field, value as readonly Values[], at)
  }
}

type Bounded = Readonly<{ number: number; max: number }>

function writeUint(name: string, field: Bounded, value: number, at: number): number {
  if (value === 0) return at
  if (!(value > 0 && value <= field.max && Number.isInteger(value))) {
    throw new RangeError(`${name}: ${value} is not between 0 and ${field.max}`)
  }
  return writeNumber(field.number, value, at)
}

function writeNumber(number: number, value: number, at: number): number {
  room(at, 16)
  return writeVarint(scratch, writeVarint(scratch, at, (number << 3) | VARINT), value)
}

function writeText(name: string, field: Bounded, value: string, at: number): number {
  const length = Buffer.byteLength(value)
  const place = writeLength(name, field, length, at)
  scratch.write(value, place, length, 'utf8')
  return place + length
}

function writeBytes(name: string, field: Bounded, value: Uint8Array, at: number): number {
  const place = writeLength(name, field, value.length, at)
  scratch.set(value, place)
  return place + value.length
}

function writeLength(name: string, field: Bounded, length: number, at: number): number {
  if (length > field.max)
    throw new RangeError(`${name}: ${length} bytes are more than ${field.max}`)
  room(at, length + 8)
  const place = writeVarint(scratch, at, (field.number << 3) | LENGTH_DELIMITED)
  return writeVarint(scratch, place, length)
}

/** The length stands before the record but is known after it: one byte is left, more are made. */
function writeRecord(number: number, plan: Plan, values: Values, at: number): number {
  room(at, 8)
  const lengthAt = writeVarint(scratch, at, (number << 3) | LENGTH_DELIMITED)
  const start = lengthAt + 1
  const end = writeFields(plan, values, start)
  const length = end - start
  const extra = varintBytes(length) - 1
  if (extra > 0) {
    room(end, extra)
    scratch.copyWithin(start + extra, start, end)
  }
  writeVarint(scratch, lengthAt, length)
  return end + extra
}

function writeTextList(
  name: string,
  field: Bounded & { count: number },
  items: readonly string[],
  at: number,
): number {
  checkCount(name, field.count, items.length)
  let place = at
  for (const item of items) place = writeText(name, field, item, place)
  return place
}

function writeRecordList(
  name: string,
  field: Readonly<{ number: number; count: number; of: { fields: Fields } }>,
  items: readonly Values[],
  at: number,
): number {
  checkCount(name, field.count, items.length)
  const plan = planOf(field.of.fields)
  let place = at
  for (const item of items) place = writeRecord(field.number, plan, item, place)
  return place
}

function checkCount(name: string, max: number, count: number): void {
  if (count > max) throw new RangeError(`${name}: ${count} items are more than ${max}`)
}

function room(at: number, bytes: number): void {
  if (at + bytes > FRAME_BYTES_MAX) throw new RangeError('the message is longer than a frame')
}

// --- Reading ------------------------------------------------------------------------------------

function readFields(plan: Plan, cursor: Cursor, readText: ReadText): Values {
  const values = { ...plan.blank }
  while (cursor.at < cursor.end) {
    const tag = readVarint(cursor)
    const row = plan.byNumber[Math.floor(tag / 8)]
    if (row === undefined) skipField(cursor, tag % 8)
    else values[row[0]] = readField(row[0], row[1], tag % 8, cursor, values[row[0]], readText)
  }
  return values
}

function readField(
  name: string,
  field: Field,
  wireType: number,
  cursor: Cursor,
  earlier: unknown,
  readText: ReadText,
): unknown {
  if (wireType !== wireTypeOf(field)) {
    throw new ProtocolError('badPayload', `${name}: wire type ${wireType} is not the field’s`)
  }
  switch (field.kind) {
    case 'uint':
      return atMost(name, field.max, readVarint(cursor))
    case 'bool':
      return readVarint(cursor) !== 0
    case 'choice': {
      const names = nameOfNumber(field.of.values)
      return names[readVarint(cursor)] ?? names[0]
    }
    case 'text':
      return readText(readUtf8(name, cursor, readLength(name, field.max, cursor)))
    case 'bytes': {
      const length = readLength(name, field.max, cursor)
      cursor.at += length
      return Buffer.from(cursor.bytes.subarray(cursor.at - length, cursor.at))
    }
    case 'record':
      return readRecord(planOf(field.of.fields), cursor, readText)
    case 'textList': {
      const items = grown(name, field.count, earlier as readonly unknown[])
      items.push(readText(readUtf8(name, cursor, readLength(name, field.max, cursor))))
      return items
    }
    case 'recordList': {
      const items = grown(name, field.count, earlier as readonly unknown[])
      items.push(readRecord(planOf(field.of.fields), cursor, readText))
      return items
    }
  }
}

function wireTypeOf(field: Field): number {
  return field.kind === 'uint' || field.kind === 'bool' || field.kind === 'choice'
    ? VARINT
    : LENGTH_DELIMITED
}

function readRecord(plan: Plan, cursor: Cursor, readText: ReadText): Values {
  const length = readLength('record', Number.POSITIVE_INFINITY, cursor)
  const outerEnd = cursor.end
  cursor.end = cursor.at + length
  const values = readFields(plan, cursor, readText)
  cursor.end = outerEnd
  return values
}

function grown(name: string, max: number, items: readonly unknown[]): unknown[] {
  if (items.length >= max) {
    throw new ProtocolError('badPayload', `${name}: more than ${max} items`)
  }
  return items === NO_ITEMS ? [] : (items as unknown[])
}

function atMost(name: string, max: number, value: number): number {
  if (value > max) throw new ProtocolError('badPayload', `${name}: ${value} is above ${max}`)
  return value
}

function readLength(name: string, max: number, cursor: Cursor): number {
  const length = readVarint(cursor)
  if (length > cursor.end - cursor.at) {
    throw new ProtocolError('badPayload', `${name}: longer than the payload`)
  }
  if (length > max) throw new ProtocolError('badPayload', `${name}: more than ${max} bytes`)
  return length
}

function readUtf8(name: string, cursor: Cursor, length: number): string {
  const start = cursor.at
  cursor.at += length
  if (!isUtf8(cursor.bytes.subarray(start, cursor.at))) {
    throw new ProtocolError('badPayload', `${name}: not UTF-8`)
  }
  return cursor.bytes.toString('utf8', start, cursor.at)
}

function memo<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}
