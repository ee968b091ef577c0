import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LocalCluster, LocalNode } from '../../deploy/cluster/local.ts'
import { openPostgresStore } from '../../src/server/store/postgres/postgres.ts'
import { GROUP, type Where } from '../load/task.ts'
import { populate, populateStore } from '../population.ts'
import { processorMs } from '../processor-time.ts'
import { busTraffic, NO_TRAFFIC, type Traffic } from './traffic.ts'

/** A server that is measured: one with a folder, or nodes with PostgreSQL and NATS. */
export type Side = Readonly<{
  words: string
  where: Where
  /** Session tokens in hex; all are members of the group. */
  tokens: readonly string[]
  /** As `--store` takes it; empty: a folder. */
  store: string
  /** Processor time of the nodes so far, without PostgreSQL and NATS, milliseconds. */
  processorMs: () => number
  /** What went over the bus so far. */
  traffic: () => Promise<Traffic>
  stop: () => Promise<void>
}>

const RATE_FLAGS = [
  'rate-messages',
  'rate-burst',
  'rate-log-ins',
  'rate-address-log-ins',
  'rate-connections',
  'max-connections',
]
/** Limits of rule 14 are not what is measured. */
const LIFTED = RATE_FLAGS.flatMap((flag) => [`--${flag}`, '1000000000'])
const NATS_FLAGS = ['-m', '-1']

/** A server as `tchat --serve` starts it, with its own store. */
export async function embeddedSide(members: number): Promise<Side> {
  const folder = await mkdtemp(join(tmpdir(), 'tchat-bench-'))
  const tokens = await populate(join(folder, 'server'), members, GROUP)
  const { TCHAT_STORE: _store, TCHAT_BUS: _bus, ...env } = process.env
  const node = new LocalNode(join(folder, 'server'), env, LIFTED)
  await node.start()
  return {
    words: 'embedded',
    where: whereOf([node]),
    tokens,
    store: '',
    processorMs: () => processorMs(node.pid),
    traffic: () => Promise.resolve(NO_TRAFFIC),
    stop: async () => {
      await node.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** So many nodes, with a PostgreSQL and a NATS of their own. */
export async function clusterSide(count: number, members: number): Promise<Side> {
  const cluster = await LocalCluster.start(count, { node: LIFTED, nats: NATS_FLAGS })
  const { nodes, natsMonitorPort } = cluster
  return {
    words: count === 1 ? '1 node' : `${count} nodes`,
    where: whereOf(nodes),
    tokens: await populated(cluster.store, members),
    store: cluster.store,
    processorMs: () => nodes.reduce((sum, { pid }) => sum + processorMs(pid), 0),
    traffic: () => busTraffic(natsMonitorPort),
    stop: () => cluster.stop(),
  }
}

async function populated(url: string, members: number): Promise<readonly string[]> {
  const store = await openPostgresStore({ url, onAppended: () => undefined })
  const tokens = await populateStore(store, members, GROUP)
  await store.close()
  return tokens
}

function whereOf(nodes: readonly LocalNode[]): Where {
  const [port = 0, ...others] = nodes.map((node) => node.port)
  return { port, others, tls: false }
}
