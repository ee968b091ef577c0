import { ProtocolError } from './errors.ts'

/**
 * The proto3 wire format: tags, varints and lengths. Readers check every bound; writers are handed
 * a buffer that is large enough for the largest frame and more.
 */

export const VARINT = 0
export const LENGTH_DELIMITED = 2
const FIXED64 = 1
const FIXED32 = 5

/** Bytes of the longest varint: 64 bits, seven to a byte. */
const VARINT_BYTES_MAX = 10
/** Field numbers have 29 bits. */
const TAG_MAX = 0xffffffff

/** A place in a payload. Reading moves `at`; nothing is read at or beyond `end`. */
export type Cursor = { readonly bytes: Buffer; at: number; end: number }

/** What stands before a field: its number and how its value lies there. */
export function tagOf(number: number, wireType: number): number {
  return number * 8 + wireType
}

/**
 * An unsigned number of up to 64 bits. Above 2^53 only its magnitude is right: whoever needs it
 * exactly checks a maximum.
 */
export function readVarint(cursor: Cursor): number {
  // Nearly all are tags and lengths of one byte.
  const { at } = cursor
  if (at < cursor.end) {
    const byte = cursor.bytes[at] as number
    if (byte < 0x80) {
      cursor.at = at + 1
      return byte
    }
  }
  return readLongVarint(cursor)
}

function readLongVarint(cursor: Cursor): number {
  const { bytes, at, end } = cursor
  let value = 0
  let scale = 1
  for (let place = at; place < at + VARINT_BYTES_MAX; place += 1) {
    if (place >= end) throw new ProtocolError('badPayload', 'a varint does not end')
    const byte = bytes[place] as number
    value += (byte & 0x7f) * scale
    if (byte < 0x80) {
      cursor.at = place + 1
      return value
    }
    scale *= 128
  }
  throw new ProtocolError('badPayload', 'a varint has more than ten bytes')
}

/** Reads the length before a value; what it bounds is there, so memory may be taken for it. */
export function readLength(cursor: Cursor): number {
  const length = readVarint(cursor)
  if (length > cursor.end - cursor.at) {
    throw new ProtocolError('badPayload', 'a field is longer than what contains it')
  }
  return length
}

/** Moves over a field that the reader does not know. `tag` has just been read. */
export function skipField(cursor: Cursor, tag: number): void {
  if (tag > TAG_MAX || tag < 8) {
    throw new ProtocolError('badPayload', `${tag} is no tag of a field`)
  }
  const wireType = tag % 8
  if (wireType === VARINT) readVarint(cursor)
  else if (wireType === LENGTH_DELIMITED) skipBytes(cursor, readLength(cursor))
  else if (wireType === FIXED64) skipBytes(cursor, 8)
  else if (wireType === FIXED32) skipBytes(cursor, 4)
  else throw new ProtocolError('badPayload', `wire type ${wireType} is not of proto3`)
}

function skipBytes(cursor: Cursor, count: number): void {
  if (count > cursor.end - cursor.at) {
    throw new ProtocolError('badPayload', 'a field is longer than what contains it')
  }
  cursor.at += count
}

/** Writes at `at` and returns the place behind it. */
export function writeVarint(bytes: Buffer, at: number, value: number): number {
  let rest = value
  let place = at
  while (rest > 0x7fffffff) {
    bytes[place] = (rest % 128) | 0x80
    rest = Math.floor(rest / 128)
    place += 1
  }
  while (rest > 0x7f) {
    bytes[place] = (rest & 0x7f) | 0x80
    rest >>>= 7
    place += 1
  }
  bytes[place] = rest
  return place + 1
}

/** How many bytes the number takes as a varint. */
export function varintBytes(value: number): number {
  let count = 1
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) count += 1
  return count
}
