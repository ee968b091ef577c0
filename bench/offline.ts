import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { serve } from '../src/server/serve.ts'
import { openSqliteStore } from '../src/server/store/sqlite.ts'
import type { Store } from '../src/server/store/store.ts'
import { type Append, bareWay, openBare } from './bare-log.ts'
import type { Bench, Figure } from './figure.ts'
import { Load } from './load/load.ts'
import { compared } from './measure.ts'
import { LIFTED_RATES, registerAll } from './population.ts'
import { ENGLISH } from './samples.ts'

/**
 * Somebody was away while others wrote: how fast that was stored for them, and how fast everything comes
 * to them once they are back, from connecting to the last entry of the last page. Beside them the same
 * rows written and read by bare node:sqlite.
 */
export const bench: Bench = { name: 'offline', unit: 'entries per second', run }

const ROUNDS = 5
const PARTNERS = 20
const ENTRIES = 100_000
/** Appends under way while they are written. */
const AT_ONCE = 512
/** In as many parts they are written; the first is to warm up. */
const PARTS = 10

async function run(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tchat-bench-'))
  const { token, stored } = await write(folder)
  const server = await serve({ host: '127.0.0.1', port: 0, folder, rates: LIFTED_RATES })
  const figures: Figure[] = [stored]
  const db = new DatabaseSync(join(folder, 'tchat.db'), { readOnly: true })
  try {
    for (const tls of [true, false]) {
      const load = await Load.start({ kind: 'drain', port: server.port, tls, token })
      const rates = { ours: [] as number[], bare: [] as number[] }
      for (let round = -1; round < ROUNDS; round += 1) {
        const { seconds, count } = await load.round()
        const other = readAll(db)
        if (round < 0) continue
        rates.ours.push(count / seconds)
        rates.bare.push(other)
      }
      await load.stop()
      const what = `fetched, ${tls ? 'as shipped' : 'plain'}, ${PARTNERS} conversations`
      const beside = 'the rows read by bare node:sqlite'
      figures.push({ what, ...compared(rates.ours, rates.bare), beside })
    }
  } finally {
    db.close()
    await server.close()
    await rm(folder, { recursive: true })
  }
  return figures
}

type Written = Readonly<{ token: string; stored: Figure }>

/** What was said while the first of them was away; answers their token. */
async function write(folder: string): Promise<Written> {
  const store = await openSqliteStore({ folder, onAppended: () => undefined })
  const [away, ...partners] = await registerAll(store, PARTNERS + 1)
  if (away === undefined) throw new Error('nobody is away')
  const database = openBare(join(folder, 'bare.db'))
  const bare = bareWay(database)
  const rates = { ours: [] as number[], bare: [] as number[] }
  const entries = ENTRIES / PARTS
  for (let part = 0; part < PARTS; part += 1) {
    const ours = entries / (await secondsOf(() => say(store, away.user, partners, entries)))
    const other = entries / (await secondsOf(() => inTransactions(bare, entries)))
    if (part === 0) continue
    rates.ours.push(ours)
    rates.bare.push(other)
  }
  database.close()
  // Everything goes to its place.
  await store.close()
  const what = `stored, ${PARTNERS} conversations, ${AT_ONCE} at a time`
  const beside = 'bare node:sqlite, one transaction for as many'
  return { token: away.token, stored: { what, ...compared(rates.ours, rates.bare), beside } }
}

type Someone = Readonly<{ user: string }>

async function say(store: Store, target: string, from: readonly Someone[], entries: number) {
  let left = entries
  const flow = async (at: number) => {
    const sender = from[at % from.length]?.user ?? ''
    while (left > 0) {
      left -= 1
      const text = { sender, target, nonce: randomBytes(16), text: ENGLISH }
      await store.append({ ...text, kind: 'direct', time: Date.now() })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => flow(at)))
}

async function inTransactions(append: Append, entries: number): Promise<void> {
  for (let left = entries; left > 0; left -= AT_ONCE) await append(Math.min(left, AT_ONCE))
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - start) / 1e9
}

/** Rows in a second. */
function readAll(db: DatabaseSync): number {
  const start = process.hrtime.bigint()
  const rows = db.prepare('SELECT * FROM entries ORDER BY conversation, seq').all()
  return rows.length / (Number(process.hrtime.bigint() - start) / 1e9)
}
