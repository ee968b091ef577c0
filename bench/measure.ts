/** Two ways to do the same, measured in turns so that what else the machine does meets both alike. */

export type Rates = Readonly<{
  /** Operations per second, median of the rounds. */
  ours: number
  ceiling: number
}>

const WARM_UP_ROUNDS = 2

/** Each call of `ours` and `ceiling` does `operations` of them. */
export function inTurns(
  operations: number,
  rounds: number,
  ours: () => unknown,
  ceiling: () => unknown,
): Rates {
  const seconds = { ours: [] as number[], ceiling: [] as number[] }
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    const one = secondsOf(ours)
    const other = secondsOf(ceiling)
    if (round < 0) continue
    seconds.ours.push(one)
    seconds.ceiling.push(other)
  }
  return {
    ours: operations / median(seconds.ours),
    ceiling: operations / median(seconds.ceiling),
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

function secondsOf(run: () => unknown): number {
  const start = process.hrtime.bigint()
  run()
  return Number(process.hrtime.bigint() - start) / 1e9
}
