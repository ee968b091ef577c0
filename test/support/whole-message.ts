import type { Field, Fields } from '../../src/protocol/fields.ts'
import { type DraftMessage, type Message, messages } from '../../src/protocol/messages.ts'

type Values = Readonly<Record<string, unknown>>

/** The message that a reader sees when the draft was encoded: absent fields have their default. */
export function wholeMessage(draft: DraftMessage): Message {
  const values = wholeValues(messages[draft.type].fields, draft as Values)
  return { type: draft.type, ...values } as Message
}

function wholeValues(fields: Fields, values: Values): Values {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, wholeValue(field, values[name])]),
  )
}

function wholeValue(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'uint':
      return value ?? 0
    case 'bool':
      return value ?? false
    case 'text':
      return value ?? ''
    case 'bytes':
      return Buffer.from((value as Uint8Array | undefined) ?? [])
    case 'choice':
      return value ?? Object.entries(field.of.values).find(([, number]) => number === 0)?.[0]
    case 'record':
      return value === undefined ? undefined : wholeValues(field.of.fields, value as Values)
    case 'textList':
      return value ?? []
    case 'recordList':
      return ((value ?? []) as readonly Values[]).map((item) => wholeValues(field.of.fields, item))
  }
}
