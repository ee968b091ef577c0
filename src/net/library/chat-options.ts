import type { Sent } from '../events.ts'

export type SendOptions = Readonly<{
  /** Seq of the text that this one answers. */
  reply?: number
  /** Takes it back when it is aborted: `send` then throws WithdrawnError. */
  signal?: AbortSignal
  /**
   * Tells whoever has to know. Only then the outbox forgets the message, so that what is said again
   * because a program was killed in between is not said twice (see `repeats` of `connect`). What it
   * throws, `send` throws; the message counts as not told then.
   */
  onSent?: (sent: Sent) => Promise<void>
}>

export type EntriesOptions = Readonly<{
  /** Only these conversations: `#group` or a user's name. All by default. */
  in?: readonly string[]
  /**
   * Where to begin: above that seq, at that time, or (by default) with what no client of the account
   * had yet (`delivered`).
   */
  since?: number | Date
  /** False: ends with what there was when it began. */
  follow?: boolean
}>

export type HistoryOptions = Readonly<{
  /** Entries with a greater seq, or as old as that or newer. */
  since?: number | Date
  /** Entries with a smaller seq. */
  before?: number
  /** Not more than so many. */
  limit?: number
  /** Begins at the end. */
  newestFirst?: boolean
}>
