import { ProtocolError } from './errors.ts'

/**
 * The proto3 wire format: varints and length-delimited fields. Readers check every bound;
 * writers are handed a buffer that is large enough for the largest frame.
 */

export const VARINT = 0
export const LENGTH_DELIMITED = 2
const FIXED64 = 1
const FIXED32 = 5

/** Bytes of the longest varint. */
const VARINT_BYTES_MAX = 10

/** A place in a payload. Reading moves `at`; nothing is read at or beyond `end`. */
export type Cursor = { readonly bytes: Buffer; at: number; end: number }

/** An unsigned number up to 2^53 − 1; a larger one breaks the payload. */
export function readVarint(cursor: Cursor): number {
  const { bytes } = cursor
  let value = 0
  let scale = 1
  for (let read = 0; read < VARINT_BYTES_MAX; read += 1) {
    if (cursor.at >= cursor.end)
      throw new ProtocolError('badPayload', 'the payload ends in a varint')
    const byte = bytes[cursor.at] as number
    cursor.at += 1
    value += (byte & 0x7f) * scale
    if (byte < 0x80) {
      if (value > Number.MAX_SAFE_INTEGER) {
        throw new ProtocolError('badPayload', 'a number is above 2^53 − 1')
      }
      return value
    }
    scale *= 128
  }
  throw new ProtocolError('badPayload', 'a varint has more than ten bytes')
}

/** Moves over a field that the reader does not know. */
export function skipField(cursor: Cursor, wireType: number): void {
  if (wireType === VARINT) return skipVarint(cursor)
  if (wireType === LENGTH_DELIMITED) return skipBytes(cursor, readVarint(cursor))
  if (wireType === FIXED64) return skipBytes(cursor, 8)
  if (wireType === FIXED32) return skipBytes(cursor, 4)
  throw new ProtocolError('badPayload', `wire type ${wireType} is not of proto3`)
}

function skipVarint(cursor: Cursor): void {
  for (let read = 0; read < VARINT_BYTES_MAX; read += 1) {
    if (cursor.at >= cursor.end) break
    const byte = cursor.bytes[cursor.at] as number
    cursor.at += 1
    if (byte < 0x80) return
  }
  throw new ProtocolError('badPayload', 'a varint does not end')
}

function skipBytes(cursor: Cursor, count: number): void {
  if (count > cursor.end - cursor.at) {
    throw new ProtocolError('badPayload', 'a field is longer than the payload')
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

export function varintBytes(value: number): number {
  let count = 1
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) count += 1
  return count
}
