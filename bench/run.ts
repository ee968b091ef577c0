import { type Bench, machineFacts, tableOf } from './figure.ts'

/** `npm run bench [name…]`: every bench, or those that are named. */
const benches: Readonly<Record<string, () => Promise<{ bench: Bench }>>> = {
  codec: () => import('./codec.ts'),
  splitter: () => import('./splitter.ts'),
  append: () => import('./append.ts'),
  postgres: () => import('./postgres.ts'),
  'fan-out': () => import('./fan-out.ts'),
  direct: () => import('./direct.ts'),
  latency: () => import('./latency.ts'),
  connections: () => import('./connections.ts'),
  arrivals: () => import('./arrivals.ts'),
  offline: () => import('./offline.ts'),
  read: () => import('./read.ts'),
  cluster: () => import('./cluster.ts'),
  client: () => import('./client.ts'),
}

const named = process.argv.slice(2)
const unknown = named.filter((name) => !(name in benches))
if (unknown.length > 0) {
  const known = Object.keys(benches).join(', ')
  process.stderr.write(`there is no bench ${unknown.join(', ')}: there are ${known}\n`)
  process.exitCode = 2
} else {
  process.stdout.write(`${machineFacts()}\n`)
  for (const [name, load] of Object.entries(benches)) {
    if (named.length > 0 && !named.includes(name)) continue
    const { bench } = await load()
    process.stdout.write(`\n${tableOf(bench, await bench.run())}\n`)
  }
}
