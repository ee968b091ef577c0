import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** What V8 is asked and told; a test puts its own in place. */
export type Heap = Readonly<{
  /** Bytes set aside for objects that were made just now. */
  youngBytes: () => number
  setFlag: (flag: string) => void
}>

/** With less the frames of a large window cost a third more; with more nothing is faster. */
export const YOUNG_BYTES_MAX = 16 * 2 ** 20
/** Not with every frame. */
const EVERY_MS = 250

/**
 * Keeps the part of memory small in which everything new is made. Where a machine has much memory V8
 * lets it grow to 128 MiB while much comes, and the system never gets that back.
 */
export class YoungSpace {
  readonly #heap: Heap
  #next = 0
  #grows = true

  constructor(heap: Heap = v8) {
    this.#heap = heap
  }

  /** Now and then. `now`: milliseconds. */
  look(now: number): void {
    if (now < this.#next) return
    this.#next = now + EVERY_MS
    // When little happens V8 makes it smaller, and then it may grow again.
    const grows = this.#heap.youngBytes() < YOUNG_BYTES_MAX
    if (grows !== this.#grows) this.#heap.setFlag(`--semi-space-growth-factor=${grows ? 2 : 1}`)
    this.#grows = grows
  }
}

const v8: Heap = {
  youngBytes: () =>
    getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0,
  setFlag: setFlagsFromString,
}
