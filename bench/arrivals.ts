import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadIdentity } from '../src/server/identity.ts'
import { serve } from '../src/server/serve.ts'
import { BareServer } from './bare-server.ts'
import type { Bench, Figure } from './figure.ts'
import { Load } from './load/load.ts'
import { compared } from './measure.ts'
import { LIFTED_RATES, populate } from './population.ts'

/**
 * People who come back: each connects, logs in with a token, is answered and goes. Beside it bare
 * sockets of Node that are accepted and closed.
 */
export const bench: Bench = { name: 'arrivals', unit: 'log-ins per second', run }

const ROUNDS = 5
const AT_ONCE = 64
const USERS = 500
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
      figures.push(await figureOf(setting, server.port, await bare.listen(), tokens))
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
