/** Rows of one conversation, in the order of seq without gaps. */
type Run = Readonly<{ seq: number; ids: readonly number[] }>

/** Conversations of which it is remembered; with more, it is looked which can be forgotten. */
const CONVERSATIONS_MIN = 1_000

/**
 * Rows of the journal that are in their places already but are not removed from its table yet:
 * where they are there, for when of a text nothing must be left.
 */
export class Leftovers {
  /** By conversation, the oldest first. */
  #runs = new Map<number, Run[]>()
  /** Rows below this id are removed. */
  #end = 0
  #tidyAt = CONVERSATIONS_MIN

  clear(): void {
    this.#runs.clear()
    this.#end = 0
  }

  add(conversation: number, seq: number, ids: readonly number[]): void {
    const runs = this.#runs.get(conversation)
    if (runs === undefined) {
      this.#runs.set(conversation, [{ seq, ids }])
      return
    }
    this.#forgetRemoved(runs)
    runs.push({ seq, ids })
  }

  /** Id of the entry's row, when it is still there. */
  find(conversation: number, seq: number): number | undefined {
    const run = this.#runs.get(conversation)?.findLast((one) => one.seq <= seq)
    const id = run?.ids[seq - run.seq]
    return id === undefined || id < this.#end ? undefined : id
  }

  /** Rows below that id are removed now. */
  trim(end: number): void {
    this.#end = end
    if (this.#runs.size < this.#tidyAt) return
    for (const [conversation, runs] of this.#runs) {
      this.#forgetRemoved(runs)
      if (runs.length === 0) this.#runs.delete(conversation)
    }
    this.#tidyAt = Math.max(CONVERSATIONS_MIN, 2 * this.#runs.size)
  }

  #forgetRemoved(runs: Run[]): void {
    const kept = runs.findIndex(({ ids }) => (ids.at(-1) ?? 0) >= this.#end)
    runs.splice(0, kept < 0 ? runs.length : kept)
  }
}
