import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '../src/server/serve.ts'
import type { Bench, Figure } from './figure.ts'
import { Load } from './load/load.ts'
import { compared } from './measure.ts'
import { LIFTED_RATES, populate } from './population.ts'
import { Sketch } from './sketch.ts'
import { StoreAlone } from './store-alone.ts'

/**
 * Pairs who write to each other, one of each at a time: from the socket of one through the log on
 * disk to the socket of the other, and the acknowledgement back. Beside it the store alone, in the
 * same pattern: what the rest of the server leaves of it. And the store beside the simplest thing
 * that could be durable: one table, one unique index.
 */
export const bench: Bench = { name: 'direct', unit: 'messages per second', run }

const ROUNDS = 5
const WARM_UP_ROUNDS = 2
const MESSAGES = 20_000
/** Pairs, and messages that each has under way. */
const PATTERNS = [
  [50, 16],
  [500, 4],
] as const
const SETTINGS = [
  { words: 'as shipped', tls: true },
  { words: 'plain', tls: false },
] as const

async function run(): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const [pairs, window] of PATTERNS) {
    for (const setting of SETTINGS) figures.push(...(await figuresOf(setting, pairs, window)))
  }
  return figures
}

async function figuresOf(
  { words, tls }: (typeof SETTINGS)[number],
  pairs: number,
  window: number,
): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tchat-bench-'))
  const tokens = await populate(join(folder, 'server'), pairs * 2, undefined)
  const options = { host: '127.0.0.1', port: 0, folder: join(folder, 'server') }
  const server = await serve({ ...options, rates: LIFTED_RATES })
  const alone = await StoreAlone.open(join(folder, 'store'), pairs, window)
  const sketch = new Sketch(join(folder, 'sketch.db'), pairs)
  const where = { port: server.port, tls }
  const task = {
    kind: 'pairs',
    ...where,
    tokens,
    messages: MESSAGES,
    window,
    perSecond: 0,
  } as const
  const load = await Load.start(task)
  const ways = [
    async () => (await load.round()).seconds,
    () => alone.round(MESSAGES),
    () => sketch.round(MESSAGES),
  ]
  try {
    const [ours = [], store = [], least = []] = await inTurns(ways)
    const what = `${words}, ${pairs} pairs, ${window} under way each`
    const figure = { what, ...compared(ours, store), beside: 'the store alone' }
    if (tls) return [figure]
    const scattered = { what: '… the store alone', ...compared(store, least) }
    return [figure, { ...scattered, beside: 'one table and one index, bare node:sqlite' }]
  } finally {
    await load.stop()
    await server.close()
    await alone.close()
    sketch.close()
    await rm(folder, { recursive: true })
  }
}

/** Rates of each way, round by round. */
async function inTurns(ways: readonly (() => Promise<number> | number)[]): Promise<number[][]> {
  const rates = ways.map((): number[] => [])
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const [at, way] of ways.entries()) {
      const rate = MESSAGES / (await way())
      if (round >= 0) rates[at]?.push(rate)
    }
  }
  return rates
}
