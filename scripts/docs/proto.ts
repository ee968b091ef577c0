import type { Choice, Field, Fields } from '../../src/protocol/fields.ts'
import { choices, fieldsByNumber, messagesByCommand, recordTypes, typeName } from './schema.ts'

/** docs/tchat.proto: the payloads of version 2, for protobuf libraries of other languages. */

const UINT32_MAX = 0xffffffff

export function protoFile(): string {
  return `${[HEAD, ...choices().map(enumText), commandText(), ...recordTexts(), ...messageTexts()].join('\n\n')}\n`
}

const HEAD = `// Made by \`npm run docs\` from src/protocol/messages.ts: change that.
//
// The payloads of tchat's frames, version 2. Which message a payload is, the frame's command says:
// see Command. Frame layout, maxima and rules: PROTOCOL.md.

syntax = "proto3";

package tchat.v2;`

function enumText(choice: Choice): string {
  const prefix = snake(choice.name)
  const rows = Object.entries(choice.values)
    .toSorted(([, one], [, other]) => one - other)
    .map(([name, number]) => `  ${`${prefix}_${snake(name)}`.toUpperCase()} = ${number};`)
  return `enum ${choice.name} {\n${rows.join('\n')}\n}`
}

function commandText(): string {
  const rows = messagesByCommand().map(
    ({ type, command }) => `  COMMAND_${snake(type).toUpperCase()} = ${command};`,
  )
  return `// The byte at offset 6 of a frame: with COMMAND_LOG_IN the payload is a LogIn, and so on.\nenum Command {\n  COMMAND_NONE = 0;\n${rows.join('\n')}\n}`
}

function recordTexts(): readonly string[] {
  return recordTypes().map(({ name, meaning, fields }) => messageText(name, meaning, fields))
}

function messageTexts(): readonly string[] {
  return messagesByCommand().map(({ type, command, from, answer, meaning, fields }) => {
    const way = from === 'client' ? 'client → server' : 'server → client'
    const answered = answer === undefined ? '' : `, answered with ${typeName(answer)}`
    const intro = `Command ${command}, ${way}${answered}. ${meaning}`
    return messageText(typeName(type), intro, fields)
  })
}

function messageText(name: string, meaning: string, fields: Fields): string {
  const rows = fieldsByNumber(fields).map(
    (row) =>
      `  // ${row.field.meaning}\n  ${protoType(row.field)} ${snake(row.name)} = ${row.field.number};`,
  )
  return `// ${meaning}\nmessage ${name} {\n${rows.join('\n')}\n}`
}

function protoType(field: Field): string {
  switch (field.kind) {
    case 'uint':
      return field.max > UINT32_MAX ? 'uint64' : 'uint32'
    case 'text':
      return 'string'
    case 'choice':
    case 'record':
      return field.of.name
    case 'textList':
      return 'repeated string'
    case 'recordList':
      return `repeated ${field.of.name}`
    default:
      return field.kind
  }
}

function snake(name: string): string {
  return name.replace(/(?<!^)[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
}
