import { readdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Counter, collectDefaultMetrics, Gauge, Histogram as Kept, Registry } from 'prom-client'
import type { Hub } from '../hub.ts'
import type { Listener } from '../listener.ts'
import type { Peers } from '../peers.ts'
import type { StoreTimings } from '../store/upkeep/timings.ts'
import type { Counts } from './counts.ts'
import type { Histogram } from './histogram.ts'

/** What a node is measured by. */
export type Measured = Readonly<{
  services: Readonly<{ counts: Counts; hub: Pick<Hub, 'deliveries'>; busIsUp?: () => boolean }>
  peers: Pick<Peers, 'size' | 'usersOnline' | 'outboxBytes'>
  listener: Pick<Listener, 'traffic'>
  timings: StoreTimings
  folder: string
  /** Bytes that the folder may take; undefined: as many as there are. */
  maxDiskBytes?: number | undefined
  /** Why the store does not work; undefined: it does. */
  lookAtStore?: () => Promise<string | undefined>
}>

/**
 * The figures of a node in Prometheus' terms. Its parts keep plain numbers, which are read when
 * somebody asks; nothing is added to what they do.
 */
export function metricsOf(measured: Measured): Registry {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const { services, peers, listener, timings, folder, maxDiskBytes = 0 } = measured
  const { counts, hub, busIsUp } = services
  const { lookAtStore } = measured
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number | Promise<number>) => {
    new Gauge({
      name: `tchat_${name}`,
      help,
      registers,
      async collect() {
        this.set(await read())
      },
    })
  }
  const counter = (name: string, help: string, read: () => number) => {
    new Counter({
      name: `tchat_${name}`,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(read())
      },
    })
  }
  gauge('connections', 'Open connections, guests included', () => peers.size)
  gauge('users_online', 'Users with at least one connection', () => peers.usersOnline)
  gauge('outbox_bytes', 'Bytes that clients have not taken yet', () => peers.outboxBytes)
  counter('entries_appended_total', 'Entries appended to logs', () => counts.entries)
  counter('deliveries_total', 'Entries handed to connections', () => hub.deliveries)
  counter(
    'received_bytes_total',
    'Bytes from clients, TLS included',
    () => listener.traffic.received,
  )
  counter('sent_bytes_total', 'Bytes to clients, TLS included', () => listener.traffic.sent)
  counter('store_faults_total', 'Transactions that failed', () => counts.storeFaults)
  gauge('store_up', '1: the store answers', async () =>
    (await lookAtStore?.()) === undefined ? 1 : 0,
  )
  gauge('bus_up', '1: other nodes can be told and heard', () => (busIsUp?.() === false ? 0 : 1))
  gauge('store_bytes', 'The database and its log on disk', () => bytesOf(folder))
  gauge('room_full', '1: nothing new is taken, there is no room', () =>
    counts.noRoom === undefined ? 0 : 1,
  )
  gauge('room_used_bytes', 'All files of the data folder', () => bytesIn(folder))
  gauge('room_free_bytes', 'Free on its disk', () => bytesFree(folder))
  gauge('room_limit_bytes', '--max-disk; 0: none', () => maxDiskBytes)
  histogram('store_commit_seconds', 'One transaction with its sync', timings.commits, registry)
  histogram('store_call_seconds', 'From a call to its durable answer', timings.calls, registry)
  new Counter({
    name: 'tchat_requests_total',
    help: 'Requests of clients by type and outcome: ok, an error code, or fault',
    labelNames: ['request', 'outcome'],
    registers,
    collect() {
      this.reset()
      for (const [request, outcomes] of counts.requests) {
        for (const [outcome, { n }] of outcomes) this.inc({ request, outcome }, n)
      }
    },
  })
  return registry
}

const FILES = ['tchat.db', 'tchat.db-wal']

async function bytesFree(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

async function bytesIn(folder: string): Promise<number> {
  return bytesOf(folder, await readdir(folder))
}

async function bytesOf(folder: string, files: readonly string[] = FILES): Promise<number> {
  const sizes = files.map(async (file) => (await stat(join(folder, file))).size)
  const known = await Promise.allSettled(sizes)
  return known.reduce((sum, size) => sum + (size.status === 'fulfilled' ? size.value : 0), 0)
}

/** The library's own would have to be told each value when it comes; this one is read. */
function histogram(suffix: string, help: string, from: Histogram, registry: Registry): void {
  const name = `tchat_${suffix}`
  const get = async () => {
    const { bounds, counts, sum } = from
    let count = 0
    const buckets = counts.map((alone, at) => {
      count += alone
      return { metricName: `${name}_bucket`, labels: { le: bounds[at] ?? '+Inf' }, value: count }
    })
    const totals = [
      { metricName: `${name}_sum`, labels: {}, value: sum },
      { metricName: `${name}_count`, labels: {}, value: count },
    ]
    return { name, help, type: 'histogram', aggregator: 'sum', values: [...buckets, ...totals] }
  }
  const kept = new Kept({ name, help, registers: [registry] })
  Object.assign(kept, { get, getForPromString: get })
}
