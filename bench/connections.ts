import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench, Figure } from './figure.ts'
import { Host } from './load/host.ts'
import { Load } from './load/load.ts'
import { populate } from './population.ts'

/**
 * What connections cost that are logged in and silent: what the memory of the server's process grows by,
 * after a collection of garbage, beside bare sockets of Node. Each server runs in a process of its own.
 */
export const bench: Bench = { name: 'connections', unit: 'bytes of memory for each', run }

const CONNECTIONS = 10_000
/** That are there before. */
const FIRST_CONNECTIONS = 2_000
/** More accounts than this make no difference to a connection. */
const USERS = 1_000

async function run(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tchat-bench-'))
  try {
    const users = await populate(folder, USERS, undefined)
    const tokens = Array.from({ length: CONNECTIONS }, (_, at) => users[at % USERS] ?? '')
    const figures: Figure[] = []
    for (const tls of [true, false]) figures.push(await figureOf(folder, tokens, tls))
    return figures
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function figureOf(folder: string, tokens: readonly string[], tls: boolean): Promise<Figure> {
  const ours = await bytesOfEach(folder, tokens, tls)
  const ceiling = await bytesOfEach(folder, [], tls, 'bare')
  const what = `${tls ? 'as shipped' : 'plain'}, ${CONNECTIONS.toLocaleString('en-GB')} connections`
  const beside = `a bare ${tls ? 'TLS' : 'TCP'} socket of Node`
  return { what, ours, ceiling, ratio: ours / ceiling, beside }
}

async function bytesOfEach(
  folder: string,
  tokens: readonly string[],
  tls: boolean,
  bare?: 'bare',
): Promise<number> {
  const host = await Host.start({ folder, tls, bare: bare === 'bare' })
  // What grows with the first of them, like the heap's nursery, is no cost of the others.
  const idle = { kind: 'idle', port: host.port, tls, tokens } as const
  const first = await Load.start({ ...idle, connections: FIRST_CONNECTIONS })
  await first.round()
  const load = await Load.start({ ...idle, connections: CONNECTIONS })
  const before = await host.memory()
  await load.round()
  const after = await host.memory()
  await load.stop()
  await first.stop()
  await host.stop()
  return (after - before) / CONNECTIONS
}
