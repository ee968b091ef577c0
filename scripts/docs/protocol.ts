import { readFileSync } from 'node:fs'
import { errorCodes } from '../../src/protocol/errors.ts'
import type { Choice, Field, Fields, RecordType } from '../../src/protocol/fields.ts'
import type { MessageType } from '../../src/protocol/messages.ts'
import { errorCode } from '../../src/protocol/records.ts'
import { classicPart } from './classic.ts'
import { explained } from './explain.ts'
import { parseGolden } from './golden.ts'
import { limitRows } from './limits-table.ts'
import * as prose from './prose.ts'
import { choices, fieldsByNumber, messagesByCommand, recordTypes } from './schema.ts'

/** docs/PROTOCOL.md. */

const GOLDEN = new URL('../../test/golden/frames.txt', import.meta.url)

/** What a first session sends, in this order. */
const EXAMPLES: readonly (readonly [MessageType, string])[] = [
  ['register', 'A new user.'],
  ['loggedIn', 'The answer: the connection is theirs.'],
  ['sync', 'Where do these conversations stand?'],
  ['heads', 'One of them stands here.'],
  ['sendGroup', 'Something is said to a group.'],
  ['sent', 'It is on disk, as the 42nd entry of the log.'],
  ['groupEntry', 'And it is pushed to every member, the sender too.'],
  ['getPage', 'What was said before that?'],
  ['page', 'Two entries.'],
  ['error', 'A request that was refused.'],
  ['goodbye', 'The server stops.'],
]

export function protocolPage(): string {
  const parts = [
    prose.intro,
    prose.connection,
    prose.frame,
    prose.payload,
    prose.states,
    prose.rules,
    prose.heartbeat,
    prose.resume,
    messagesPart(),
    recordsPart(),
    choicesPart(),
    errorsPart(),
    limitsPart(),
    examplesPart(),
    classicPart(),
  ]
  return `${parts.join('\n\n')}\n`
}

function messagesPart(): string {
  const rows = messagesByCommand().map(({ command, type, from, answer, meaning }) => [
    String(command),
    linked(type),
    from,
    answer === undefined ? '' : linked(answer),
    meaning,
  ])
  const intro =
    'Commands 1 to 18 have these numbers in every version. `error` may be the answer to any request.'
  const overview = table(['command', 'message', 'sent by', 'answered with', 'meaning'], rows)
  return ['## Messages', intro, overview, ...messagesByCommand().map(messageText)].join('\n\n')
}

function messageText({
  command,
  type,
  from,
  answer,
  meaning,
  fields,
}: ReturnType<typeof messagesByCommand>[number]): string {
  const answered = answer === undefined ? '' : `, answered with ${linked(answer)}`
  const intro = `Command ${command}, sent by the ${from}${answered}. ${meaning}`
  return `### ${type}\n\n${intro}\n\n${fieldTable(fields)}`
}

function recordsPart(): string {
  const intro = 'Parts that messages share.'
  return ['## Records', intro, ...recordTypes().map(recordText)].join('\n\n')
}

function recordText({ name, meaning, fields }: RecordType): string {
  return `### ${name}\n\n${meaning}\n\n${fieldTable(fields)}`
}

function choicesPart(): string {
  const shown = choices().filter((choice) => choice !== errorCode)
  const intro = 'Closed lists of names, sent as numbers. [Error codes](#error-codes) are one, too.'
  return ['## Choices', intro, ...shown.map(choiceText)].join('\n\n')
}

function choiceText({ name, values }: Choice): string {
  const rows = Object.entries(values)
    .toSorted(([, one], [, other]) => one - other)
    .map(([value, number]) => [String(number), `\`${value}\``])
  return `### ${name}\n\n${table(['number', 'name'], rows)}`
}

function errorsPart(): string {
  const rows = Object.entries(errorCodes).map(([code, { number, ends, meaning }]) => [
    String(number),
    `\`${code}\``,
    ends === 'connection' ? '`goodbye`, and the connection closes' : '`error`',
    meaning,
  ])
  const intro =
    'Number and name of a code never change. Codes that end the connection come with `goodbye`; the ' +
    'others answer a request and the connection stays. Nothing of a request that was refused is done. ' +
    'A send that is refused with `retryMs` above 0, with `unavailable` or `storageFull` is kept and sent ' +
    'again later, with its nonce; refused with anything else it would be refused again: a person is told.'
  const codes = table(['number', 'code', 'comes with', 'meaning'], rows)
  return ['## Error codes', intro, codes].join('\n\n')
}

function limitsPart(): string {
  const rows = limitRows().map(({ name, value, meaning }) => [
    `\`${name}\``,
    value.toLocaleString('en-GB'),
    meaning,
  ])
  const intro = 'All maxima, with their unit in the name. They are checked before memory is taken.'
  return ['## Limits', intro, table(['limit', 'value', 'what it bounds'], rows)].join('\n\n')
}

function examplesPart(): string {
  const frames = parseGolden(readFileSync(GOLDEN, 'utf8'))
  const examples = EXAMPLES.map(([type, words]) => {
    const frame = frames.find(({ message }) => message['type'] === type)
    if (frame === undefined) throw new Error(`${type} has no golden frame`)
    return `### Example: ${type}\n\n${words}\n\n\`\`\`\n${explained(frame.bytes)}\n\`\`\``
  })
  const intro =
    'One frame of every message, with all its fields, is in `test/golden/frames.txt`; a client that ' +
    'reads and writes those is right. Some of them, taken apart:'
  return ['## Worked examples', intro, ...examples].join('\n\n')
}

function fieldTable(fields: Fields): string {
  const rows = fieldsByNumber(fields).map(({ name, field }) => [
    String(field.number),
    `\`${name}\``,
    typeText(field),
    maximumText(field),
    field.meaning,
  ])
  return table(['number', 'field', 'type', 'maximum', 'meaning'], rows)
}

function typeText(field: Field): string {
  switch (field.kind) {
    case 'choice':
      return field.of === errorCode ? '[ErrorCode](#error-codes)' : linked(field.of.name)
    case 'record':
      return linked(field.of.name)
    case 'recordList':
      return `list of ${linked(field.of.name)}`
    case 'textList':
      return 'list of text'
    default:
      return field.kind
  }
}

function maximumText(field: Field): string {
  switch (field.kind) {
    case 'uint':
      return field.max === Number.MAX_SAFE_INTEGER ? '2^53 − 1' : number(field.max)
    case 'text':
    case 'bytes':
      return `${number(field.max)} bytes`
    case 'textList':
      return `${number(field.count)} items of ${number(field.max)} bytes`
    case 'recordList':
      return `${number(field.count)} items`
    default:
      return ''
  }
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function linked(name: string): string {
  return `[${name}](#${name.toLowerCase()})`
}

function number(value: number): string {
  return value.toLocaleString('en-GB')
}
