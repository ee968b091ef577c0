import type { Figure } from '../figure.ts'
import { Load } from '../load/load.ts'
import { quantile } from '../measure.ts'
import { busFigures } from './bus-figures.ts'
import { anotherDatabase, PostgresSketch } from './postgres-sketch.ts'
import type { Side } from './side.ts'
import { between, type Traffic } from './traffic.ts'

const PER_SECOND = 200
/** A multiple of the nodes: at each as many write. */
const PAIRS = 12
const COMMITS = 100
const WARM_UP_ROUNDS = 1
const QUANTILES = [
  ['p50', 0.5],
  ['p95', 0.95],
] as const

/** How long a message takes while few are said, to somebody at another node. */
export async function latencyFigures(
  all: readonly Side[],
  isShort: boolean,
): Promise<readonly Figure[]> {
  const [messages, rounds] = isShort ? [60, 1] : [600, 4]
  const sides = all.filter((_, at) => at === 0 || at === 1 || at === all.length - 1)
  const base = sides.find(({ store }) => store !== '')?.store ?? ''
  const sketch = await PostgresSketch.open(await anotherDatabase(base, 'commits'), PAIRS)
  const paced = await Promise.all(sides.map((side) => Paced.start(side, messages)))
  const commits: number[] = []
  try {
    for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
      for (const one of paced) await one.measure(round >= 0)
      const times = await sketch.commits(COMMITS)
      if (round >= 0) commits.push(...times)
    }
  } finally {
    for (const { load } of paced) await load.stop()
    await sketch.close()
  }
  const [embedded, ...clusters] = paced
  const widest = clusters.at(-1)
  const said = `direct messages, ${PER_SECOND} a second, ${widest?.words}`
  return [
    ...clusters.flatMap((one) => (embedded === undefined ? [] : timesOf(one, embedded))),
    ...clusters.map((one) => besideCommits(one, commits)),
    ...busFigures(said, widest?.traffic ?? [], messages),
  ]
}

/** Pairs of a side who write evenly, and what was measured of them. */
class Paced {
  readonly words: string
  readonly load: Load
  readonly traffic: Traffic[] = []
  /** Microseconds. */
  readonly acknowledged: number[] = []
  readonly delivered: number[] = []
  #side: Side

  private constructor(side: Side, load: Load) {
    this.words = side.words
    this.load = load
    this.#side = side
  }

  static async start(side: Side, messages: number): Promise<Paced> {
    const tokens = side.tokens.slice(0, PAIRS * 2)
    const pace = { messages, window: messages, perSecond: PER_SECOND }
    return new Paced(side, await Load.start({ kind: 'pairs', ...side.where, tokens, ...pace }))
  }

  async measure(counts: boolean): Promise<void> {
    const before = await this.#side.traffic()
    const { acknowledged = [], delivered = [] } = await this.load.round()
    if (!counts) return
    this.traffic.push(between(before, await this.#side.traffic()))
    this.acknowledged.push(...acknowledged)
    this.delivered.push(...delivered)
  }
}

function timesOf(one: Paced, embedded: Paced): readonly Figure[] {
  return (['acknowledged', 'delivered'] as const).flatMap((what) => {
    return QUANTILES.map(([name, at]) => {
      const title = `µs at ${PER_SECOND} a second, ${one.words}: ${what}, ${name}`
      return figure(title, quantile(one[what], at), quantile(embedded[what], at), EMBEDDED)
    })
  })
}

const EMBEDDED = 'the embedded server'

function besideCommits({ words, acknowledged }: Paced, commits: readonly number[]): Figure {
  const title = `µs at ${PER_SECOND} a second, ${words}: acknowledged, p50`
  const beside = 'a commit of one row, bare PostgreSQL'
  return figure(title, quantile(acknowledged, 0.5), quantile(commits, 0.5), beside)
}

function figure(what: string, ours: number, ceiling: number, beside: string): Figure {
  return { what, ours, ceiling, ratio: ours / ceiling, beside }
}
