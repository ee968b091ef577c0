/**
 * Two ways to do the same, measured in turns, so that what else the machine does meets both alike.
 * A round of one and the next of the other are compared with each other.
 */

export type Compared = Readonly<{
  /** Of the unit, per second: medians of the rounds. */
  ours: number
  ceiling: number
  /** Median of each round's ratio: it does not mind when the machine is slow for a while. */
  ratio: number
}>

/** Of rates of rounds that were measured in turns. */
export function compared(ours: readonly number[], ceiling: readonly number[]): Compared {
  const ratios = ours.map((rate, round) => rate / (ceiling[round] ?? Number.NaN))
  return { ours: median(ours), ceiling: median(ceiling), ratio: median(ratios) }
}

/** Rounds that come before those that count. */
const WARM_UP = 1 / 5

/** Each call of `ours` and `ceiling` does `operations` of them. */
export function inTurns(
  operations: number,
  rounds: number,
  ours: () => unknown,
  ceiling: () => unknown,
): Compared {
  const rates = { ours: [] as number[], ceiling: [] as number[] }
  for (let round = -Math.ceil(rounds * WARM_UP); round < rounds; round += 1) {
    const one = operations / secondsOf(ours)
    const other = operations / secondsOf(ceiling)
    if (round < 0) continue
    rates.ours.push(one)
    rates.ceiling.push(other)
  }
  return compared(rates.ours, rates.ceiling)
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

/** @param at 0 up to 1 */
export function quantile(values: readonly number[], at: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * at))] ?? Number.NaN
}

function secondsOf(run: () => unknown): number {
  const start = process.hrtime.bigint()
  run()
  return Number(process.hrtime.bigint() - start) / 1e9
}
