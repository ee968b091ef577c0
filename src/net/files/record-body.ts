import { cleanText } from '../../protocol/clean.ts'
import { decodeRecords, encodeRecords } from '../../protocol/codec.ts'
import { ProtocolError } from '../../protocol/errors.ts'
import {
  type DraftOf,
  EncodedRecords,
  type RecordListField,
  type RecordType,
  type ValuesOf,
} from '../../protocol/fields.ts'

/**
 * A record as a word of a line, in the form that it has on the wire: what a later version adds is
 * passed over by an earlier one, and what an earlier one left out reads as its default.
 */
export function wordOf<R extends RecordType>(
  field: RecordListField<R>,
  value: DraftOf<R['fields']>,
): string {
  const { bytes } = encodeRecords(field, [value])
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** The record again; undefined: the word is none. */
export function recordOf<R extends RecordType>(
  field: RecordListField<R>,
  word: string,
): ValuesOf<R['fields']> | undefined {
  try {
    const encoded = new EncodedRecords(field, 1, Buffer.from(word, 'base64'))
    return decodeRecords(encoded, cleanText)[0]
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}
