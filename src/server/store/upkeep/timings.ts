import { Histogram } from '../../metrics/histogram.ts'

/** Seconds: from a commit in memory to a disk that hardly answers. */
const BOUNDS = [
  0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
]

/** How long the store takes. Kept only for who asks. */
export class StoreTimings {
  /** One transaction, with its sync of the disk, in seconds. */
  readonly commits = new Histogram(BOUNDS)
  /** From a call to its answer, which means on disk, in seconds. */
  readonly calls = new Histogram(BOUNDS)
  /** Calls that were sent together and wait for their answers, oldest first. */
  #sent: { at: number; left: number }[] = []

  sent(calls: number): void {
    this.#sent.push({ at: performance.now(), left: calls })
  }

  /** The oldest of them were answered, by one transaction that took so long. */
  answered(calls: number, tookMs: number): void {
    this.commits.add(tookMs / 1_000)
    const now = performance.now()
    let left = calls
    for (let [oldest] = this.#sent; oldest !== undefined && left > 0; [oldest] = this.#sent) {
      const taken = Math.min(left, oldest.left)
      this.calls.add((now - oldest.at) / 1_000, taken)
      left -= taken
      oldest.left -= taken
      if (oldest.left === 0) this.#sent.shift()
    }
  }
}
