import type { Field, Fields } from '../../src/protocol/fields.ts'
import { FRAME_HEADER_BYTES } from '../../src/protocol/limits.ts'
import { fieldTag } from '../../src/protocol/readers.ts'
import { type Cursor, readLength, readVarint } from '../../src/protocol/wire.ts'
import { fieldsByNumber, messagesByCommand, type NamedField } from './schema.ts'

/** A frame in hex, one line for each of its parts, with what the part says. */

type Line = Readonly<{ bytes: Buffer; depth: number; words: string }>

export function explained(frame: Buffer): string {
  const lines = [...headerLines(frame), ...payloadLines(frame)]
  const rows = lines.flatMap(({ bytes, depth, words }) => hexRows(bytes, '  '.repeat(depth), words))
  const width = Math.max(...rows.map(([hex]) => hex.length))
  return rows.map(([hex, words]) => `${hex.padEnd(width)}  ${words}`.trimEnd()).join('\n')
}

function headerLines(frame: Buffer): readonly Line[] {
  const length = frame.readUInt32BE(7)
  const type = messagesByCommand().find(({ command }) => command === frame[6])?.type
  const parts: readonly (readonly [number, number, string])[] = [
    [0, 4, 'magic'],
    [4, 5, 'version'],
    [5, 6, 'serializer: proto3 wire format'],
    [6, 7, `command ${frame[6]}: ${type}`],
    [7, 11, `length: ${length} bytes`],
  ]
  return parts.map(([start, end, words]) => ({
    bytes: frame.subarray(start, end),
    depth: 0,
    words,
  }))
}

function payloadLines(frame: Buffer): readonly Line[] {
  const row = messagesByCommand().find(({ command }) => command === frame[6])
  const cursor = { bytes: frame, at: FRAME_HEADER_BYTES, end: frame.length }
  return row === undefined ? [] : fieldLines(row.fields, cursor, 0)
}

function fieldLines(fields: Fields, cursor: Cursor, depth: number): readonly Line[] {
  const lines: Line[] = []
  while (cursor.at < cursor.end) {
    const start = cursor.at
    const tag = readVarint(cursor)
    const named = fieldsByNumber(fields).find(({ field }) => fieldTag(field) === tag)
    if (named === undefined) throw new Error(`tag ${tag} is not known`)
    lines.push(...valueLines(named, cursor, start, depth))
  }
  return lines
}

function valueLines(
  { name, field }: NamedField,
  cursor: Cursor,
  start: number,
  depth: number,
): readonly Line[] {
  if (field.kind !== 'record' && field.kind !== 'recordList') {
    const words = `${name} = ${scalarWords(field, cursor)}`
    return [{ bytes: cursor.bytes.subarray(start, cursor.at), depth, words }]
  }
  const length = readLength(cursor)
  const bytes = cursor.bytes.subarray(start, cursor.at)
  const inner = { ...cursor, end: cursor.at + length }
  const words = `${name}: ${field.of.name}, ${length} bytes`
  const lines = [{ bytes, depth, words }, ...fieldLines(field.of.fields, inner, depth + 1)]
  cursor.at += length
  return lines
}

function scalarWords(field: Field, cursor: Cursor): string {
  if (field.kind === 'text' || field.kind === 'textList') {
    return JSON.stringify(take(cursor).toString('utf8'))
  }
  if (field.kind === 'bytes') return `${take(cursor).length} bytes`
  const value = readVarint(cursor)
  if (field.kind === 'bool') return String(value !== 0)
  if (field.kind !== 'choice') return String(value)
  const name = Object.entries(field.of.values).find(([, number]) => number === value)?.[0]
  return `${value}: ${name}`
}

function take(cursor: Cursor): Buffer {
  const length = readLength(cursor)
  cursor.at += length
  return cursor.bytes.subarray(cursor.at - length, cursor.at)
}

function hexRows(bytes: Buffer, indent: string, words: string): readonly [string, string][] {
  const hex = bytes.toString('hex').match(/.{1,32}/g) ?? []
  return hex.map((row, at) => [
    indent + row.replace(/..(?!$)/g, '$& '),
    at === 0 ? indent + words : '',
  ])
}
