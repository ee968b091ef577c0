import type { Beside } from './room.ts'
import type { SeatSize } from './seat.ts'

/** What a process of the bench does. */
export type ClientTask =
  /** Presses keys at a fake terminal while so much is said; answers the times, milliseconds. */
  | Readonly<{
      kind: 'keys'
      size: SeatSize
      beside: Beside
      perSecond: number
      presses: number
      /** Not tchat, but Ink alone, with as many rows. */
      bare: boolean
    }>
  /** Answers by how much memory grows with so many messages, in bytes. */
  | Readonly<{ kind: 'memory'; size: SeatSize; messages: number }>
  /** At its own terminal, until it is ended: so much is said in a second. */
  | Readonly<{ kind: 'display'; perSecond: number }>
  /** The same bytes as a client writes, without anything behind them. */
  | Readonly<{ kind: 'writes'; bytes: number; everyMs: number }>
