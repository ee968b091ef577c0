/** One thing that a verb tells, by the names of its columns. */
export type Row = Readonly<Record<string, unknown>>

/** `next` is not empty: ask again with it as `after`, there is more. */
export type Report = Readonly<{ rows: readonly Row[]; next: string }>

/** All there is to say, in these rows. */
export function report(...rows: readonly Row[]): Report {
  return { rows, next: '' }
}
