import { isUtf8 } from 'node:buffer'
import { ProtocolError } from './errors.ts'

/**
 * Texts ⇄ UTF-8. Most texts of a chat are ids and names of a few characters; for those a call into
 * the runtime costs more than a loop (bench/codec.ts).
 */

/** Bytes up to which reading by a loop is the faster way. */
const SHORT_READ_BYTES = 16
/** Characters up to which writing by a loop is the faster way. */
const SHORT_WRITE_CHARS = 40

/** @throws ProtocolError badPayload for bytes that are not UTF-8 */
export function readUtf8(bytes: Buffer, start: number, end: number): string {
  if (end - start <= SHORT_READ_BYTES) {
    const text = readShortAscii(bytes, start, end)
    if (text !== undefined) return text
  }
  const text = bytes.toString(undefined, start, end)
  // What is not UTF-8 is decoded as U+FFFD, so only a text that has one needs a second look.
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) {
    throw new ProtocolError('badPayload', 'a text is not UTF-8')
  }
  return text
}

function readShortAscii(bytes: Buffer, start: number, end: number): string | undefined {
  let text = ''
  let at = start
  for (; at + 3 < end; at += 4) {
    const a = bytes[at] as number
    const b = bytes[at + 1] as number
    const c = bytes[at + 2] as number
    const d = bytes[at + 3] as number
    if ((a | b | c | d) > 0x7f) return undefined
    text += String.fromCharCode(a, b, c, d)
  }
  for (; at < end; at += 1) {
    const byte = bytes[at] as number
    if (byte > 0x7f) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}

/**
 * Writes at `at` and returns the place behind it; lone surrogates become U+FFFD. There must be
 * room for three bytes per UTF-16 unit.
 */
export function writeUtf8(bytes: Buffer, at: number, text: string): number {
  if (text.length > SHORT_WRITE_CHARS) return at + bytes.write(text, at, 'utf8')
  let place = at
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) {
      bytes[place] = unit
      place += 1
    } else if (unit < 0x800) {
      bytes[place] = (unit >> 6) | 0xc0
      bytes[place + 1] = (unit & 0x3f) | 0x80
      place += 2
    } else if (unit < 0xd800 || unit > 0xdfff) {
      bytes[place] = (unit >> 12) | 0xe0
      bytes[place + 1] = ((unit >> 6) & 0x3f) | 0x80
      bytes[place + 2] = (unit & 0x3f) | 0x80
      place += 3
    } else {
      return place + bytes.write(text.slice(index), place, 'utf8')
    }
  }
  return place
}
