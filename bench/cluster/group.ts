import type { Figure } from '../figure.ts'
import { Load } from '../load/load.ts'
import { compared } from '../measure.ts'
import { TICK_MS } from '../processor-time.ts'
import { busFigures } from './bus-figures.ts'
import type { Side } from './side.ts'
import { between, type Traffic } from './traffic.ts'

const WARM_UP_ROUNDS = 1

/** A large group, its members spread over all nodes: eight of them write, all are sent everything. */
export async function groupFigures(
  all: readonly Side[],
  isShort: boolean,
): Promise<readonly Figure[]> {
  const [messages, rounds] = isShort ? [100, 1] : [1_000, 5]
  const sides = all.filter((_, at) => at === 0 || at === 1 || at === all.length - 1)
  const crowds = await Promise.all(sides.map((side) => Crowded.start(side, messages)))
  try {
    for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
      for (const crowd of crowds) await crowd.measure(round >= 0)
    }
  } finally {
    for (const { load } of crowds) await load.stop()
  }
  return figuresOf(crowds, messages)
}

/** The group of a side, and what was measured of it. */
class Crowded {
  readonly words: string
  readonly members: number
  readonly load: Load
  /** Deliveries in a second. */
  readonly rates: number[] = []
  /** Processor time of the nodes for 1,000 deliveries, microseconds. */
  readonly costs: number[] = []
  readonly traffic: Traffic[] = []
  #side: Side

  private constructor(side: Side, load: Load) {
    this.words = side.words
    this.members = side.tokens.length
    this.load = load
    this.#side = side
  }

  static async start(side: Side, messages: number): Promise<Crowded> {
    const { where, tokens } = side
    const task = { kind: 'crowd', ...where, tokens, members: tokens.length, messages } as const
    return new Crowded(side, await Load.start({ ...task, marks: false }))
  }

  async measure(counts: boolean): Promise<void> {
    const [traffic, processorMs] = [await this.#side.traffic(), this.#side.processorMs()]
    const { seconds, count } = await this.load.round()
    if (!counts) return
    this.rates.push(count / seconds)
    const tookMs = Math.max(TICK_MS, this.#side.processorMs() - processorMs)
    this.costs.push((tookMs * 1_000) / (count / 1_000))
    this.traffic.push(between(traffic, await this.#side.traffic()))
  }
}

function figuresOf(
  [embedded, ...clusters]: readonly Crowded[],
  messages: number,
): readonly Figure[] {
  const widest = clusters.at(-1)
  const members = (widest?.members ?? 0).toLocaleString('en-GB')
  const beside = 'the embedded server'
  return [
    ...clusters.flatMap(({ words, rates, costs }) => [
      {
        what: `group of ${members}: deliveries per second, ${words}`,
        ...compared(rates, embedded?.rates ?? []),
        beside,
      },
      {
        what: '… µs of the nodes’ processor time for 1,000',
        ...compared(costs, embedded?.costs ?? []),
        beside,
      },
    ]),
    ...busFigures(`entries of that group, ${widest?.words}`, widest?.traffic ?? [], messages),
  ]
}
