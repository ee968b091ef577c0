import { TextDecoder } from 'node:util'
import { TEXT_BYTES_MAX } from '../../protocol/limits.ts'
import { UsageError } from '../errors.ts'

const LF = 0x0a
const NOTHING = Buffer.alloc(0)

/** A line of standard input, without its end. */
export type Line = Readonly<{ number: number; text: string }>

/**
 * The whole of standard input as one message; the line end at its end does not belong to it.
 * @throws UsageError for what is not UTF-8, is empty or is too long
 */
export async function wholeText(input: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of input) {
    chunks.push(bytesOf(chunk))
    length += bytesOf(chunk).length
    // The rest need not be read: it is too long already.
    if (length > TEXT_BYTES_MAX + 2) break
  }
  const bytes = Buffer.concat(chunks)
  const text = decoded(bytes)
  if (text === undefined && length <= TEXT_BYTES_MAX + 2) {
    throw new UsageError(`standard input is not UTF-8, in line ${badLine(bytes)}; nothing was sent`)
  }
  return checkText((text ?? bytes.toString('latin1')).replace(/\r?\n$/, ''), 'standard input')
}

/**
 * Line by line, as they come; empty lines are no messages and are passed over.
 * @throws UsageError that names the line, for one that is not UTF-8 or too long
 */
export async function* linesOf(input: AsyncIterable<unknown>): AsyncGenerator<Line> {
  let rest: Buffer = NOTHING
  let number = 0
  for await (const chunk of input) {
    let bytes = rest.length === 0 ? bytesOf(chunk) : Buffer.concat([rest, bytesOf(chunk)])
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF)) {
      number += 1
      yield* lineOf(bytes.subarray(0, end), number)
      bytes = bytes.subarray(end + 1)
    }
    rest = bytes
    if (rest.length > TEXT_BYTES_MAX + 1) yield* lineOf(rest, number + 1)
  }
  yield* lineOf(rest, number + 1)
}

/**
 * @param where what the text is, for the error: 'the message', 'line 3'
 * @throws UsageError unless it can be a message
 */
export function checkText(text: string, where: string): string {
  if (text === '') throw new UsageError(`${where} is empty: a message needs a text`)
  const length = Buffer.byteLength(text)
  if (length <= TEXT_BYTES_MAX) return text
  throw new UsageError(
    `${where} is too long: ${TEXT_BYTES_MAX} bytes are the most${where === 'standard input' ? '; --lines sends line by line' : ''}`,
  )
}

function* lineOf(bytes: Buffer, number: number): Generator<Line> {
  const where = `line ${number} of standard input`
  const line = bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes
  if (line.length === 0) return
  if (line.length > TEXT_BYTES_MAX) checkText(line.toString('latin1'), where)
  const text = decoded(line)
  if (text === undefined) throw new UsageError(`${where} is not UTF-8`)
  yield { number, text }
}

/** Undefined: it is not UTF-8. */
function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** The first line that is not UTF-8. */
function badLine(bytes: Buffer): number {
  let number = 1
  let rest = bytes
  for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF)) {
    if (decoded(rest.subarray(0, end)) === undefined) break
    rest = rest.subarray(end + 1)
    number += 1
  }
  return number
}

function bytesOf(chunk: unknown): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
}
