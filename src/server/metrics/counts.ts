import type { RoomChange } from '../store/upkeep/room.ts'

type Count = { n: number }

/** Plain numbers of a node since its start, for its metrics: to count costs an addition. */
export class Counts {
  /** Entries that this node appended. */
  entries = 0
  /** Transactions that failed. */
  storeFaults = 0
  /** When the last of them did, by the monotonic clock. */
  storeFaultAt = Number.NEGATIVE_INFINITY
  /** Why nothing new is taken; undefined: it is. */
  noRoom: RoomChange | undefined
  /** Requests by type and outcome: `ok`, an error's code, or `fault`. */
  readonly requests = new Map<string, Map<string, Count>>()

  request(type: string, outcome: string): void {
    const outcomes = this.requests.get(type) ?? this.#begin(type)
    const count = outcomes.get(outcome)
    if (count === undefined) outcomes.set(outcome, { n: 1 })
    else count.n += 1
  }

  storeFault(now: number): void {
    this.storeFaults += 1
    this.storeFaultAt = now
  }

  #begin(type: string): Map<string, Count> {
    const outcomes = new Map<string, Count>()
    this.requests.set(type, outcomes)
    return outcomes
  }
}
