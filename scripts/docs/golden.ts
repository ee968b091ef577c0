import { encode } from '../../src/protocol/codec.ts'
import type { Field, Fields } from '../../src/protocol/fields.ts'
import { FRAME_HEADER_BYTES } from '../../src/protocol/limits.ts'
import { type DraftMessage, type MessageType, messages } from '../../src/protocol/messages.ts'
import { exampleMessages } from './examples.ts'

/**
 * The golden frames' file: for each frame a caption, the message as JSON (bytes in hex, records
 * whole) and the frame in hex, header and payload on lines of their own.
 */

type Values = Readonly<Record<string, unknown>>
export type GoldenFrame = Readonly<{
  caption: string
  /** As it is written in the file: every field that the frame has, bytes in hex. */
  message: Values
  bytes: Buffer
}>

const HEAD = `# Golden frames of version 2. Every frame here must be read and written like this for ever.
# A difference is a change of the protocol: it breaks every client that is out there.
# Made by \`node scripts/golden-frames.ts\`, which is to be run only when a message is new or
# changed on purpose.`

export function goldenFile(): string {
  return `${[HEAD, ...exampleMessages().map(goldenText)].join('\n\n')}\n`
}

export function parseGolden(file: string): readonly GoldenFrame[] {
  return file
    .trim()
    .split('\n\n')
    .slice(1)
    .map((paragraph) => {
      const [caption = '', message = '', ...hex] = paragraph.split('\n')
      return {
        caption: caption.replace(/^# /, ''),
        message: JSON.parse(message) as Values,
        bytes: Buffer.from(hex.join('').replaceAll(' ', ''), 'hex'),
      }
    })
}

/** What encode takes, of a message as the file has it. */
export function fromGolden(message: Values): DraftMessage {
  const type = message['type'] as MessageType
  return { type, ...converted(messages[type].fields, message, bytesOfHex) } as DraftMessage
}

function goldenText(message: DraftMessage): string {
  const { command, from, fields } = messages[message.type]
  const frame = encode(message)
  const json = { type: message.type, ...converted(fields, message as Values, hexOfBytes) }
  return [
    `# ${message.type}: command ${command}, sent by the ${from}`,
    JSON.stringify(json),
    spaced(frame.subarray(0, FRAME_HEADER_BYTES)),
    ...lines(frame.subarray(FRAME_HEADER_BYTES)),
  ].join('\n')
}

function converted(fields: Fields, values: Values, bytes: (value: unknown) => unknown): Values {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => values[name] !== undefined)
      .map(([name, field]) => [name, convertedValue(field, values[name], bytes)]),
  )
}

function convertedValue(field: Field, value: unknown, bytes: (value: unknown) => unknown): unknown {
  if (field.kind === 'bytes') return bytes(value)
  if (field.kind === 'record') return converted(field.of.fields, value as Values, bytes)
  if (field.kind !== 'recordList') return value
  return (value as readonly Values[]).map((item) => converted(field.of.fields, item, bytes))
}

function bytesOfHex(value: unknown): Uint8Array {
  return Buffer.from(value as string, 'hex')
}

function hexOfBytes(value: unknown): string {
  return Buffer.from(value as Uint8Array).toString('hex')
}

function lines(bytes: Buffer): readonly string[] {
  const rows: string[] = []
  for (let at = 0; at < bytes.length; at += 32) rows.push(spaced(bytes.subarray(at, at + 32)))
  return rows
}

function spaced(bytes: Buffer): string {
  return bytes.toString('hex').replace(/..(?!$)/g, '$& ')
}
