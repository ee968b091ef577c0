import type { Field, Fields, RecordType } from '../protocol/fields.ts'
import { LIST_ITEMS_MAX, PAYLOAD_BYTES_MAX } from '../protocol/limits.ts'

/** A field's number and wire type (numbers to 31, by a test); a length or a count. */
const TAG_BYTES = 2
const LENGTH_BYTES = 3
const VARINT_BYTES = 8
/** What else an answer with a list has: request id, an id, two numbers, a continuation. */
const REST_BYTES = 512

/** So many records of a type fit into one frame, however long their texts are. */
export function itemsThatFit(...types: readonly RecordType[]): number {
  const bytes = types.reduce((sum, type) => sum + recordBytesMax(type.fields), 0)
  return Math.min(LIST_ITEMS_MAX, Math.floor((PAYLOAD_BYTES_MAX - REST_BYTES) / bytes))
}

function recordBytesMax(fields: Fields): number {
  const sizes = Object.values(fields).map((field) => TAG_BYTES + valueBytesMax(field))
  return sizes.reduce((sum, size) => sum + size, TAG_BYTES + LENGTH_BYTES)
}

function valueBytesMax(field: Field): number {
  switch (field.kind) {
    case 'uint':
      return VARINT_BYTES
    case 'bool':
    case 'choice':
      return 1
    case 'text':
    case 'bytes':
      return LENGTH_BYTES + field.max
    case 'record':
      return recordBytesMax(field.of.fields)
    case 'textList':
    case 'recordList':
      throw new TypeError('a record of a list has no list of its own')
  }
}
