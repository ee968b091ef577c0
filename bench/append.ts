import { randomBytes } from 'node:crypto'
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteStore } from '../src/server/store/sqlite.ts'
import type { Store } from '../src/server/store/store.ts'
import { type Append, bareWay, openBare } from './bare-log.ts'
import type { Bench, Figure } from './figure.ts'
import { compared } from './measure.ts'
import { ENGLISH } from './samples.ts'

/**
 * Appends through the store, thread and all, so many at a time as arrive while one commit runs.
 * Beside it: the same rows written by bare node:sqlite in this thread, one transaction for as many;
 * and nothing but the disk: the texts of as many written to a file, and fdatasync.
 */
export const bench: Bench = { name: 'append', unit: 'entries per second', run }

const BATCHES = [1, 10, 100, 1_000]
const ROUNDS = 9
const WARM_UP_ROUNDS = 2
/** Commits of one round: enough that a round takes a good part of a second. */
const COMMITS = 40
const TIME = Date.UTC(2026, 10, 22, 12)

async function run(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tchat-bench-'))
  const store = await openSqliteStore({
    folder: join(folder, 'store'),
    onAppended: () => undefined,
  })
  const database = openBare(join(folder, 'bare.db'))
  const file = openSync(join(folder, 'disk'), 'a')
  try {
    const ways = [await storeWay(store), bareWay(database), diskWay(file)]
    const figures: Figure[] = []
    for (const batch of BATCHES) figures.push(...(await figuresOf(batch, ways)))
    return figures
  } finally {
    await store.close()
    database.close()
    closeSync(file)
    await rm(folder, { recursive: true })
  }
}

async function figuresOf(batch: number, ways: readonly Append[]): Promise<readonly Figure[]> {
  const rates = ways.map((): number[] => [])
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round += 1) {
    for (const [at, way] of ways.entries()) {
      const rate = await rateOf(way, batch)
      if (round >= 0) rates[at]?.push(rate)
    }
  }
  const [ours = [], bare = [], disk = []] = rates
  const what = `${batch} at a time`
  return [
    { what, ...compared(ours, bare), beside: 'bare node:sqlite, one transaction' },
    { what, ...compared(ours, disk), beside: 'write and fdatasync of a file' },
  ]
}

async function rateOf(append: Append, batch: number): Promise<number> {
  const start = process.hrtime.bigint()
  for (let commit = 0; commit < COMMITS; commit += 1) await append(batch)
  const seconds = Number(process.hrtime.bigint() - start) / 1e9
  return (COMMITS * batch) / seconds
}

async function storeWay(store: Store): Promise<Append> {
  const account = { name: 'alice', passwordHash: '', time: TIME, joins: 'ops' }
  const { id: sender } = await store.createAccount(account)
  return async (entries) => {
    const appends = Array.from({ length: entries }, () => {
      const nonce = randomBytes(16)
      return store.append({
        sender,
        kind: 'group',
        target: 'ops',
        nonce,
        text: ENGLISH,
        time: TIME,
      })
    })
    await Promise.all(appends)
  }
}

function diskWay(file: number): Append {
  return (entries) => {
    writeSync(file, ENGLISH.repeat(entries))
    fdatasyncSync(file)
  }
}
