import { openPostgresStore } from '../../src/server/store/postgres/postgres.ts'
import type { Figure } from '../figure.ts'
import { Load } from '../load/load.ts'
import { compared } from '../measure.ts'
import { StoreAlone } from '../store-alone.ts'
import { busFigures } from './bus-figures.ts'
import { anotherDatabase, PostgresSketch } from './postgres-sketch.ts'
import type { Side } from './side.ts'
import { between, type Traffic } from './traffic.ts'

const PAIRS = 50
/** Messages that each pair has under way. */
const WINDOW = 16
const WARM_UP_ROUNDS = 1

/** As many direct messages as there can be, each to somebody at another node. */
export async function directFigures(
  sides: readonly Side[],
  isShort: boolean,
): Promise<readonly Figure[]> {
  const [messages, rounds] = isShort ? [800, 1] : [5_000, 5]
  const base = sides.find(({ store }) => store !== '')?.store ?? ''
  const alone = await storeAlone(base)
  const sketch = await PostgresSketch.open(await anotherDatabase(base, 'sketch'), PAIRS)
  const served = await Promise.all(sides.map((side) => Pairs50.start(side, messages)))
  const rates = { alone: [] as number[], sketch: [] as number[] }
  try {
    for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
      for (const one of served) await one.measure(round >= 0)
      const [store, least] = [await alone.round(messages), await sketch.round(messages)]
      if (round < 0) continue
      rates.alone.push(messages / store)
      rates.sketch.push(messages / least)
    }
  } finally {
    for (const { load } of served) await load.stop()
    await alone.close()
    await sketch.close()
  }
  const widest = served.at(-1)
  const said = `direct messages, as many as there can be, ${widest?.words}`
  const onBus = busFigures(said, widest?.traffic ?? [], messages)
  return [...rateFigures(served, rates), ...onBus]
}

async function storeAlone(base: string): Promise<StoreAlone> {
  const url = await anotherDatabase(base, 'alone')
  const store = await openPostgresStore({ url, onAppended: () => undefined })
  return StoreAlone.of(store, PAIRS, WINDOW)
}

/** Fifty pairs of a side, and what was measured of them. */
class Pairs50 {
  readonly words: string
  readonly load: Load
  readonly rates: number[] = []
  readonly traffic: Traffic[] = []
  #side: Side
  #messages: number

  private constructor(side: Side, load: Load, messages: number) {
    this.words = side.words
    this.load = load
    this.#side = side
    this.#messages = messages
  }

  static async start(side: Side, messages: number): Promise<Pairs50> {
    const tokens = side.tokens.slice(0, PAIRS * 2)
    const pattern = { messages, window: WINDOW, perSecond: 0 }
    const load = await Load.start({ kind: 'pairs', ...side.where, tokens, ...pattern })
    return new Pairs50(side, load, messages)
  }

  async measure(counts: boolean): Promise<void> {
    const before = await this.#side.traffic()
    const { seconds } = await this.load.round()
    if (!counts) return
    this.rates.push(this.#messages / seconds)
    this.traffic.push(between(before, await this.#side.traffic()))
  }
}

function rateFigures(
  [embedded, ...clusters]: readonly Pairs50[],
  { alone, sketch }: Readonly<{ alone: readonly number[]; sketch: readonly number[] }>,
): readonly Figure[] {
  const what = (words: string) => `direct messages per second, ${words}`
  const beside = (rates: readonly number[], words: string) =>
    clusters.map((one) => {
      return { what: what(one.words), ...compared(one.rates, rates), beside: words }
    })
  const least = { ...compared(alone, sketch), beside: 'one table and one index, bare PostgreSQL' }
  return [
    ...beside(embedded?.rates ?? [], 'the embedded server'),
    ...beside(alone, 'the store on PostgreSQL alone'),
    { what: '… the store on PostgreSQL alone', ...least },
  ]
}
