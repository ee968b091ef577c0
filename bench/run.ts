import { type Bench, machineFacts, tableOf } from './figure.ts'
import { writeTable } from './page.ts'

/**
 * `npm run bench [name…] [-- --write]`: every bench, or those that are named. `--write`: each table goes
 * into docs/PERFORMANCE.md, too.
 */
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

const WRITE = '--write'
const named = process.argv.slice(2).filter((word) => word !== WRITE)
const isWritten = process.argv.includes(WRITE)
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
    const figures = await bench.run()
    const table = tableOf(bench, figures)
    process.stdout.write(`\n${table}\n`)
    if (isWritten && figures.length > 0) writeTable(table)
  }
}
