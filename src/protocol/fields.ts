/**
 * What a field of a message can be. A row says the field's number on the wire, its type, its
 * maximum and its meaning; types, codec, fuzz generators and documents are derived from it.
 */

export type UintField = Readonly<{ kind: 'uint'; number: number; max: number; meaning: string }>
export type BoolField = Readonly<{ kind: 'bool'; number: number; meaning: string }>
export type TextField = Readonly<{ kind: 'text'; number: number; max: number; meaning: string }>
export type BytesField = Readonly<{ kind: 'bytes'; number: number; max: number; meaning: string }>
export type ChoiceField<C extends Choice = Choice> = Readonly<{
  kind: 'choice'
  number: number
  of: C
  meaning: string
}>
export type RecordField<R extends RecordType = RecordType> = Readonly<{
  kind: 'record'
  number: number
  of: R
  meaning: string
}>
export type TextListField = Readonly<{
  kind: 'textList'
  number: number
  /** Items. */
  count: number
  /** UTF-8 bytes of one item. */
  max: number
  meaning: string
}>
export type RecordListField<R extends RecordType = RecordType> = Readonly<{
  kind: 'recordList'
  number: number
  count: number
  of: R
  meaning: string
}>

export type Field =
  | UintField
  | BoolField
  | TextField
  | BytesField
  | ChoiceField
  | RecordField
  | TextListField
  | RecordListField

export type Fields = Readonly<Record<string, Field>>

/** A closed list of names with their numbers. 0 is what an absent or unknown number reads as. */
export type Choice = Readonly<{ name: string; values: Readonly<Record<string, number>> }>

/** A named group of fields that messages share. */
export type RecordType = Readonly<{ name: string; meaning: string; fields: Fields }>

export type ValueOf<F extends Field> = F extends UintField
  ? number
  : F extends BoolField
    ? boolean
    : F extends TextField
      ? string
      : F extends BytesField
        ? Uint8Array
        : F extends ChoiceField<infer C>
          ? keyof C['values'] & string
          : F extends RecordField<infer R>
            ? ValuesOf<R['fields']> | undefined
            : F extends TextListField
              ? readonly string[]
              : F extends RecordListField<infer R>
                ? readonly ValuesOf<R['fields']>[]
                : never

/** A decoded group of fields: every field is there, absent ones with their default. */
export type ValuesOf<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> }

/** What may be encoded: an absent field is its default and costs no byte. */
export type DraftOf<F extends Fields> = {
  readonly [K in keyof F]?: F[K] extends RecordField<infer R>
    ? DraftOf<R['fields']> | undefined
    : F[K] extends RecordListField<infer R>
      ? readonly DraftOf<R['fields']>[] | EncodedRecords<R>
      : ValueOf<F[K]>
}

/** The records of a list, encoded already, elsewhere than where the message is (see encodeRecords). */
export class EncodedRecords<R extends RecordType = RecordType> {
  readonly field: RecordListField<R>
  readonly count: number
  /** One behind the other, each with tag and length. Not to be changed. */
  readonly bytes: Uint8Array

  constructor(field: RecordListField<R>, count: number, bytes: Uint8Array) {
    this.field = field
    this.count = count
    this.bytes = bytes
  }
}

/** A whole number from 0 to `max`. */
export function uint(number: number, meaning: string, max = Number.MAX_SAFE_INTEGER): UintField {
  return { kind: 'uint', number, max, meaning }
}

/** Yes or no; left out it is no. */
export function bool(number: number, meaning: string): BoolField {
  return { kind: 'bool', number, meaning }
}

/** `max` in bytes of UTF-8. */
export function text(number: number, max: number, meaning: string): TextField {
  return { kind: 'text', number, max, meaning }
}

/** At most `max` bytes. */
export function bytes(number: number, max: number, meaning: string): BytesField {
  return { kind: 'bytes', number, max, meaning }
}

/** One of the values of `of`; an unknown number reads as its `unknown`. */
export function choice<const C extends Choice>(
  number: number,
  of: C,
  meaning: string,
): ChoiceField<C> {
  return { kind: 'choice', number, of, meaning }
}

/** One record of that type, which may be left out. */
export function record<R extends RecordType>(
  number: number,
  of: R,
  meaning: string,
): RecordField<R> {
  return { kind: 'record', number, of, meaning }
}

/** At most `count` texts of `max` bytes of UTF-8 each. */
export function textList(
  number: number,
  count: number,
  max: number,
  meaning: string,
): TextListField {
  return { kind: 'textList', number, count, max, meaning }
}

/** At most `count` records of that type. */
export function recordList<R extends RecordType>(
  number: number,
  count: number,
  of: R,
  meaning: string,
): RecordListField<R> {
  return { kind: 'recordList', number, count, of, meaning }
}
