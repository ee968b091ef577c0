import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openPostgresStore } from '../src/server/store/postgres/postgres.ts'
import { openSqliteStore } from '../src/server/store/sqlite.ts'
import type { Store } from '../src/server/store/store.ts'
import type { Bench, Figure } from './figure.ts'
import { compared } from './measure.ts'
import { ENGLISH } from './samples.ts'

/**
 * Appends to one group in PostgreSQL, so many at a time, beside the store in a folder. The server is
 * that of TCHAT_POSTGRES: an empty database, which is left with what was written.
 */
export const bench: Bench = { name: 'postgres', unit: 'entries per second', run }

const BATCHES = [1, 64, 512]
const ROUNDS = 7
const WARM_UP_ROUNDS = 2
const COMMITS = 20
const TIME = Date.UTC(2026, 10, 22, 12)

async function run(): Promise<readonly Figure[]> {
  const url = process.env['TCHAT_POSTGRES'] ?? ''
  if (url === '') {
    process.stderr.write('postgres: not measured; TCHAT_POSTGRES=postgres://… names a server\n')
    return []
  }
  const folder = await mkdtemp(join(tmpdir(), 'tchat-bench-'))
  const onAppended = () => undefined
  const stores = [
    await openPostgresStore({ url, onAppended }),
    await openSqliteStore({ folder: join(folder, 'store'), onAppended }),
  ]
  try {
    const senders = await Promise.all(stores.map(memberOf))
    const figures: Figure[] = []
    for (const batch of BATCHES) figures.push(await figureOf(batch, stores, senders))
    return figures
  } finally {
    for (const store of stores) await store.close()
    await rm(folder, { recursive: true })
  }
}

async function memberOf(store: Store): Promise<string> {
  const name = `ann${randomBytes(4).toString('hex')}`
  return (await store.createAccount({ name, passwordHash: '', time: TIME, joins: 'ops' })).id
}

async function figureOf(
  batch: number,
  stores: readonly Store[],
  senders: readonly string[],
): Promise<Figure> {
  const rates = stores.map((): number[] => [])
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const [at, store] of stores.entries()) {
      const rate = await rateOf(store, senders[at] ?? '', batch)
      if (round >= 0) rates[at]?.push(rate)
    }
  }
  const [ours = [], embedded = []] = rates
  return {
    what: `${batch} at a time`,
    ...compared(ours, embedded),
    beside: 'the store in a folder',
  }
}

async function rateOf(store: Store, sender: string, batch: number): Promise<number> {
  const start = process.hrtime.bigint()
  for (let commit = 0; commit < COMMITS; commit += 1) {
    await Promise.all(Array.from({ length: batch }, () => append(store, sender)))
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  return (COMMITS * batch) / seconds
}

function append(store: Store, sender: string) {
  const nonce = randomBytes(16)
  return store.append({ sender, kind: 'group', target: 'ops', nonce, text: ENGLISH, time: TIME })
}
