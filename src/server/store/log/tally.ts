/** How far a member has got, as others may see it: `read` is 0 for who does not show it. */
export type Cursor = Readonly<{ user: number; joined: number; delivered: number; read: number }>

/** How many members have got so far, of those who were members already. */
export type Counts = Readonly<{ delivered: number; read: number; of: number }>

/**
 * The cursors of a large group, counted for many entries: each costs a few halvings instead of a
 * look at every member.
 */
export class Tally {
  #byUser = new Map<number, Cursor>()
  #joined: Float64Array
  #delivered: Float64Array
  #read: Float64Array
  /** Of those who show what they have read. */
  #shownJoined: Float64Array

  constructor(cursors: readonly Cursor[]) {
    for (const cursor of cursors) this.#byUser.set(cursor.user, cursor)
    const shown = cursors.filter(({ read }) => read > 0)
    this.#joined = sorted(cursors.map(({ joined }) => joined))
    this.#delivered = sorted(cursors.map(({ delivered }) => delivered))
    this.#read = sorted(shown.map(({ read }) => read))
    this.#shownJoined = sorted(shown.map(({ joined }) => joined))
  }

  /**
   * Without that user. Who joined later has everything before behind them from the beginning: they
   * are taken off again.
   */
  countsFor(user: number, seq: number): Counts {
    const later = atLeast(this.#joined, seq + 1)
    const shownLater = atLeast(this.#shownJoined, seq + 1)
    const own = this.#byUser.get(user)
    const counts = own === undefined || own.joined > seq ? NONE : countsOf(own, seq)
    return {
      delivered: atLeast(this.#delivered, seq) - later - counts.delivered,
      read: atLeast(this.#read, seq) - shownLater - counts.read,
      of: this.#joined.length - later - counts.of,
    }
  }
}

export const NONE: Counts = { delivered: 0, read: 0, of: 0 }

/** Of one who was a member already. */
export function countsOf({ delivered, read }: Cursor, seq: number): Counts {
  return { delivered: delivered >= seq ? 1 : 0, read: read >= seq ? 1 : 0, of: 1 }
}

function sorted(numbers: readonly number[]): Float64Array {
  return Float64Array.from(numbers).sort()
}

/** How many of sorted numbers are not below that one. */
function atLeast(numbers: Float64Array, least: number): number {
  let from = 0
  let to = numbers.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((numbers[middle] ?? 0) < least) from = middle + 1
    else to = middle
  }
  return numbers.length - from
}
