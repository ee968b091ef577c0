import type { ReadField, ReadFields } from './readers.ts'
import { type Cursor, readVarint, skipField } from './wire.ts'
import type { WriteField, WriteFields } from './writers.ts'

/**
 * One reader and one writer for each message and record, made of those of its fields.
 *
 * They are compiled from text, once, when they are first used, because a property whose name is a
 * variable is looked up anew at every access: written with `values[name]`, decoding took 1.3 times
 * as long and was slower than protobufjs (bench/codec.ts). The text has nothing but names and tags
 * of our own table; everything that reads or checks a byte is ordinary code.
 */

export type Row = Readonly<{
  name: string
  tag: number
  absent: unknown
  read: ReadField
  write: WriteField
}>

/** Writes the rows' fields in the order of the rows. */
export function compileWriter(rows: readonly Row[]): WriteFields {
  const steps = rows.map(({ name }, at) => `at = write${at}(values[${quoted(name)}], at)`)
  const body = `
    const [${rows.map((_, at) => `write${at}`)}] = writers
    return (values, at) => {
      ${steps.join('\n')}
      return at
    }`
  const make = new Function('writers', body) as (writers: readonly WriteField[]) => WriteFields
  return make(rows.map(({ write }) => write))
}

/** Reads into an object with `type`, when it is a message, and every field of the rows. */
export function compileReader(rows: readonly Row[], type: string | undefined): ReadFields {
  const absent = rows.map(({ name }, at) => `${quoted(name)}: absent${at}`)
  const blank = type === undefined ? absent : [`type: ${quoted(type)}`, ...absent]
  const cases = rows.map(({ name, tag }, at) => {
    const place = `values[${quoted(name)}]`
    return `case ${tag}: ${place} = read${at}(cursor, ${place}, readText); break`
  })
  const body = `
    const [${rows.map((_, at) => `read${at}`)}] = readers
    const [${rows.map((_, at) => `absent${at}`)}] = defaults
    return (cursor, earlier, readText) => {
      const values = earlier ?? { ${blank} }
      while (cursor.at < cursor.end) {
        const tag = readTag(cursor)
        switch (tag) {
          ${cases.join('\n')}
          default: skipField(cursor, tag)
        }
      }
      return values
    }`
  const make = new Function('readers', 'defaults', 'readTag', 'skipField', body) as MakeReader
  return make(
    rows.map(({ read }) => read),
    rows.map((row) => row.absent),
    readVarint,
    skipField,
  )
}

type MakeReader = (
  readers: readonly ReadField[],
  defaults: readonly unknown[],
  readTag: (cursor: Cursor) => number,
  skip: (cursor: Cursor, tag: number) => void,
) => ReadFields

function quoted(name: string): string {
  return JSON.stringify(name)
}
