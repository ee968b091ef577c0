import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
const COUNT = 5_000
const AT_ONCE = 64
const USERS = 500

async function run(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tchat-bench-'))
  const tokens = await populate(folder, USERS, undefined)
  const server = await serve({ host: '127.0.0.1', port: 0, folder, rates: LIFTED_RATES })
  const bare = new BareServer(undefined)
  const task = { kind: 'logIns', tls: false, count: COUNT, atOnce: AT_ONCE } as const
  const ours = await Load.start({ ...task, port: server.port, tokens })
  const least = await Load.start({ ...task, port: await bare.listen(), tokens: [] })
  const rates = { ours: [] as number[], bare: [] as number[] }
  try {
    for (let round = -1; round < ROUNDS; round += 1) {
      const one = COUNT / (await ours.round()).seconds
      const other = COUNT / (await least.round()).seconds
      if (round < 0) continue
      rates.ours.push(one)
      rates.bare.push(other)
    }
  } finally {
    await ours.stop()
    await least.stop()
    bare.close()
    await server.close()
    await rm(folder, { recursive: true })
  }
  const beside = 'bare Node, TCP: connect and close'
  return [{ what: 'plain, by token', ...compared(rates.ours, rates.bare), beside }]
}
