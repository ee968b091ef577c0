/** How often values were how great, in plain numbers. */
export class Histogram {
  /** Upper ends of the buckets, rising; above the last there is one more. */
  readonly bounds: readonly number[]
  /** Values in each bucket alone. */
  readonly counts: number[]
  sum = 0

  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0)
  }

  /** The same value so many times. */
  add(value: number, times = 1): void {
    let at = 0
    while (at < this.bounds.length && value > (this.bounds[at] ?? 0)) at += 1
    this.counts[at] = (this.counts[at] ?? 0) + times
    this.sum += value * times
  }
}
