import { errorCodes } from '../../protocol/errors.ts'
import type { Choice, Field, Fields, RecordType } from '../../protocol/fields.ts'
import { messages } from '../../protocol/messages.ts'
import { packets } from '../../server/classic/packets.ts'

/** The message table as tables of Lua: what the dissector's program walks. */

type Named = readonly [name: string, field: Field]

export function luaTables(): string {
  const records = recordsOf(Object.values(messages).map(({ fields }) => fields))
  const choices = choicesOf([...Object.values(messages), ...records].map(({ fields }) => fields))
  return [
    table('choices', choices.map(choiceRow)),
    table('records', records.map(recordRow)),
    table('messages', Object.entries(messages).map(messageRow)),
    table('packets', Object.entries(packets).map(packetRow)),
    table('meanings', Object.values(errorCodes).map(meaningRow)),
  ].join('\n\n')
}

function table(name: string, rows: readonly string[]): string {
  return `local ${name} = {\n${rows.join('\n')}\n}`
}

function choiceRow({ name, values }: Choice): string {
  const rows = Object.entries(values).map(([each, number]) => `[${number}] = ${quoted(each)}`)
  return `  ${name} = { ${rows.join(', ')} },`
}

function recordRow({ name, fields }: RecordType): string {
  return `  ${name} = {\n${fieldRows(fields)}\n  },`
}

function messageRow([type, row]: readonly [
  string,
  (typeof messages)[keyof typeof messages],
]): string {
  const { command, from, meaning, fields } = row
  const head = `name = ${quoted(type)}, from = ${quoted(from)}, meaning = ${quoted(meaning)}`
  return `  [${command}] = { ${head}, fields = {\n${fieldRows(fields)}\n  } },`
}

function packetRow([type, { command }]: readonly [string, Readonly<{ command: number }>]): string {
  return `  [${command}] = ${quoted(type)},`
}

function meaningRow({ number, meaning }: Readonly<{ number: number; meaning: string }>): string {
  return `  [${number}] = ${quoted(meaning)},`
}

function fieldRows(fields: Fields): string {
  return Object.entries(fields).map(fieldRow).join('\n')
}

function fieldRow([name, field]: Named): string {
  const of = 'of' in field ? `, of = ${quoted(field.of.name)}` : ''
  const kind = KINDS[field.kind]
  const values = `name = ${quoted(name)}, kind = ${quoted(kind)}${of}`
  return `    [${field.number}] = { ${values}, meaning = ${quoted(field.meaning)} },`
}

/** A list is its item, repeated. */
const KINDS: Readonly<Record<Field['kind'], string>> = {
  uint: 'uint',
  bool: 'bool',
  text: 'text',
  bytes: 'bytes',
  choice: 'choice',
  record: 'record',
  textList: 'text',
  recordList: 'record',
}

/** Those that contain others after them. */
function recordsOf(all: readonly Fields[]): readonly RecordType[] {
  const found = new Set<RecordType>()
  const collect = (fields: Fields) => {
    for (const field of Object.values(fields)) {
      if (field.kind !== 'record' && field.kind !== 'recordList') continue
      collect(field.of.fields)
      found.add(field.of)
    }
  }
  for (const fields of all) collect(fields)
  return [...found]
}

function choicesOf(all: readonly Fields[]): readonly Choice[] {
  const fields = all.flatMap((each): readonly Field[] => Object.values(each))
  return [...new Set(fields.flatMap((field) => (field.kind === 'choice' ? [field.of] : [])))]
}

/** A text of Lua. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`
}
