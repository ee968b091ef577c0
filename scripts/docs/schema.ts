import type { Choice, Field, Fields, RecordType } from '../../src/protocol/fields.ts'
import { type MessageType, messages } from '../../src/protocol/messages.ts'

/** The message table as the documents walk it: in the order of numbers, shared parts once. */

export type NamedField = Readonly<{ name: string; field: Field }>
export type NamedMessage = (typeof messages)[MessageType] &
  Readonly<{ type: MessageType; fields: Fields; answer?: MessageType }>

export function messagesByCommand(): readonly NamedMessage[] {
  return Object.entries(messages)
    .map(([type, row]) => ({ ...row, type }) as NamedMessage)
    .toSorted((one, other) => one.command - other.command)
}

export function fieldsByNumber(fields: Fields): readonly NamedField[] {
  return Object.entries(fields)
    .map(([name, field]) => ({ name, field }))
    .toSorted((one, other) => one.field.number - other.field.number)
}

/** Every record that a message contains, the inner ones before those that contain them. */
export function recordTypes(): readonly RecordType[] {
  const found = new Set<RecordType>()
  for (const { fields } of messagesByCommand()) collectRecords(fields, found)
  return [...found]
}

/** Every choice that a message or record contains. */
export function choices(): readonly Choice[] {
  const found = new Set<Choice>()
  for (const { fields } of [...messagesByCommand(), ...recordTypes()]) {
    for (const { field } of fieldsByNumber(fields)) if (field.kind === 'choice') found.add(field.of)
  }
  return [...found]
}

function collectRecords(fields: Fields, found: Set<RecordType>): void {
  for (const { field } of fieldsByNumber(fields)) {
    if (field.kind !== 'record' && field.kind !== 'recordList') continue
    collectRecords(field.of.fields, found)
    found.add(field.of)
  }
}

/** `logIn` → `LogIn`: how a message is named where types begin with a capital. */
export function typeName(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
