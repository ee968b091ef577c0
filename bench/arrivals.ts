import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadIdentity } from '../src/server/identity.ts'
import { serve } from '../src/server/serve.ts'
import { BareServer } from './bare-server.ts'
import type { Bench, Figure } from './figure.ts'
import { Load } from './load/load.ts'
import type { IdleTask } from './load/task.ts'
import { compared } from './measure.ts'
import { LIFTED_RATES, populate } from './population.ts'

/**
 * People who come back: each connects, logs in with a token, is answered and goes; and many who come
 * and stay. Beside it bare sockets of Node that are accepted and closed, or stay.
 */
export const bench: Bench = { name: 'arrivals', unit: 'log-ins per second', run }

const ROUNDS = 5
const AT_ONCE = 64
const USERS = 500
/** Who come and stay; each round is a crowd of its own, on servers that had others. */
const STAYING = 10_000
const STAYING_ROUNDS = 3
const SETTINGS = [
  { words: 'as shipped', tls: true, count: 1_000 },
  { words: 'plain', tls: false, count: 5_000 },
] as const

async function run(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tchat-bench-'))
  const tokens = await populate(folder, USERS, undefined)
  const server = await serve({ host: '127.0.0.1', port: 0, folder, rates: LIFTED_RATES })
  const identity = await loadIdentity(folder, undefined)
  try {
    const figures: Figure[] = []
    for (const setting of SETTINGS) {
      const bare = new BareServer(setting.tls ? identity : undefined)
      const barePort = await bare.listen()
      figures.push(await figureOf(setting, server.port, barePort, tokens))
      figures.push(await stayingFigureOf(setting, server.port, barePort, tokens))
      bare.close()
    }
    return figures
  } finally {
    await server.close()
    await rm(folder, { recursive: true })
  }
}

async function figureOf(
  { words, tls, count }: (typeof SETTINGS)[number],
  port: number,
  barePort: number,
  tokens: readonly string[],
): Promise<Figure> {
  const task = { kind: 'logIns', tls, count, atOnce: AT_ONCE } as const
  const ours = await Load.start({ ...task, port, tokens })
  const least = await Load.start({ ...task, port: barePort, tokens: [] })
  const rates = { ours: [] as number[], bare: [] as number[] }
  for (let round = -1; round < ROUNDS; round += 1) {
    const one = count / (await ours.round()).seconds
    const other = count / (await least.round()).seconds
    if (round < 0) continue
    rates.ours.push(one)
    rates.bare.push(other)
  }
  await ours.stop()
  await least.stop()
  const beside = `bare Node, ${tls ? 'TLS' : 'TCP'}: connect and close`
  return { what: `${words}, by token`, ...compared(rates.ours, rates.bare), beside }
}

/** How long it takes until so many are there: their number by the rate. */
async function stayingFigureOf(
  { words, tls }: (typeof SETTINGS)[number],
  port: number,
  barePort: number,
  users: readonly string[],
): Promise<Figure> {
  const tokens = Array.from({ length: STAYING }, (_, at) => users[at % users.length] ?? '')
  const rates = { ours: [] as number[], bare: [] as number[] }
  for (let round = -1; round < STAYING_ROUNDS; round += 1) {
    const ours = await rateOfComing({ kind: 'idle', port, tls, tokens, connections: STAYING })
    const bare = { kind: 'idle', port: barePort, tls, tokens: [], connections: STAYING } as const
    const other = await rateOfComing(bare)
    if (round < 0) continue
    rates.ours.push(ours)
    rates.bare.push(other)
  }
  const what = `${words}, ${STAYING.toLocaleString('en-GB')} who stay`
  const beside = `bare Node, ${tls ? 'TLS' : 'TCP'}: connect`
  return { what, ...compared(rates.ours, rates.bare), beside }
}

async function rateOfComing(task: IdleTask): Promise<number> {
  const load = await Load.start(task)
  const { seconds, count } = await load.round()
  await load.stop()
  return count / seconds
}
