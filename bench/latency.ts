import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '../src/server/serve.ts'
import type { Bench, Figure } from './figure.ts'
import { Load } from './load/load.ts'
import { quantile } from './measure.ts'
import { LIFTED_RATES, populate } from './population.ts'
import { ENGLISH } from './samples.ts'

/**
 * How long a message takes while 500 are said in a second: to the acknowledgement, which says that
 * it is on disk, and to the other side's socket. Beside it what the disk needs for a write and an
 * fdatasync, measured between the rounds.
 */
export const bench: Bench = { name: 'latency', unit: 'microseconds', run }

const ROUNDS = 5
const PER_SECOND = 500
/** Of one round: three seconds. */
const MESSAGES = 1_500
const PAIRS = 10
const SYNCS = 300

async function run(): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const tls of [true, false]) figures.push(...(await figuresOf(tls)))
  return figures
}

async function figuresOf(tls: boolean): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tchat-bench-'))
  const tokens = await populate(folder, PAIRS * 2, undefined)
  const server = await serve({ host: '127.0.0.1', port: 0, folder, rates: LIFTED_RATES })
  const where = { port: server.port, tls }
  const pace = { messages: MESSAGES, window: MESSAGES, perSecond: PER_SECOND }
  const load = await Load.start({ kind: 'pairs', ...where, tokens, ...pace })
  const times = { acknowledged: [] as number[], delivered: [] as number[], disk: [] as number[] }
  try {
    await load.round()
    for (let round = 0; round < ROUNDS; round += 1) {
      const { acknowledged = [], delivered = [] } = await load.round()
      times.acknowledged.push(...acknowledged)
      times.delivered.push(...delivered)
      times.disk.push(...syncTimes(join(folder, 'disk')))
    }
  } finally {
    await load.stop()
    await server.close()
    await rm(folder, { recursive: true })
  }
  const words = tls ? 'as shipped' : 'plain'
  return [
    figure(`${words}: acknowledged, p50`, times.acknowledged, times.disk, 0.5),
    figure(`${words}: acknowledged, p99`, times.acknowledged, times.disk, 0.99),
    figure(`${words}: delivered, p50`, times.delivered, times.disk, 0.5),
    figure(`${words}: delivered, p99`, times.delivered, times.disk, 0.99),
  ]
}

function figure(
  what: string,
  ours: readonly number[],
  disk: readonly number[],
  at: number,
): Figure {
  const [time, ceiling] = [quantile(ours, at), quantile(disk, at)]
  return { what, ours: time, ceiling, ratio: time / ceiling, beside: 'a write and fdatasync' }
}

function syncTimes(path: string): readonly number[] {
  const file = openSync(path, 'a')
  const times = Array.from({ length: SYNCS }, () => {
    const start = performance.now()
    writeSync(file, ENGLISH)
    fdatasyncSync(file)
    return (performance.now() - start) * 1_000
  })
  closeSync(file)
  return times
}
