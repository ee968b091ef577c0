/** The form of a catalogue whose words are those of any language: texts, and sentences made with values. */
export type Words<T> = T extends string
  ? string
  : T extends (...values: infer Values) => string
    ? (...values: Values) => string
    : { readonly [Name in keyof T]: Words<T[Name]> }
