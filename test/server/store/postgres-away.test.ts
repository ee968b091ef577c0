import { Client } from 'pg'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { Link } from '../../../src/server/store/postgres/link.ts'
import { openPostgresStore } from '../../../src/server/store/postgres/postgres.ts'
import type { NewText, Store } from '../../../src/server/store/store.ts'
import { newNonce, nextTime } from '../../support/counted.ts'
import { emptySchema, postgresIsHere } from '../../support/postgres.ts'
import { POSTGRES_LACKS } from '../../support/postgres-server.ts'
import { valvedSchema } from '../../support/valved-schema.ts'

beforeEach(({ skip }) => skip(!postgresIsHere, POSTGRES_LACKS))

/** What every writer takes. */
const LOCK = 0x74636875

test('a database that stands still is away within seconds, and what was asked then is there once', async () => {
  const { valve, store, note, said } = await open()
  await store.append(note('before'))
  valve.shut()
  const texts = ['one', 'two', 'three'].map(note)
  const outcomes = await Promise.allSettled(texts.map((text) => store.append(text)))
  expect(outcomes.map(codeOf)).toEqual(texts.map(() => 'unavailable'))
  // By now nobody waits for it.
  await expect(store.lasts([])).rejects.toMatchObject({ code: 'unavailable' })
  valve.open()
  for (const text of texts) await untilTaken(store, text)
  expect(await store.verify()).toMatchObject({ entries: 4, faults: [] })
  expect(said).toEqual([
    'the store is away: nothing can be read or written, it is tried until it is back: no answer came',
    'the store is there again',
  ])
})

test('what takes long is waited for', async () => {
  const { valve, store, note } = await open()
  await store.append(note('before'))
  const holder = await holderOf(LOCK)
  const before = valve.connections
  const taken = store.append(note('after'))
  // It was looked after twice.
  await expect.poll(() => valve.connections, OFTEN).toBeGreaterThanOrEqual(before + 2)
  await holder.end()
  expect(await taken).toMatchObject({ seq: 2 })
})

test('the answer to what was given up is never taken for that to what was asked next', async () => {
  const url = await emptySchema()
  const link = new Link(url, GIVEN_UP_MS)
  onTestFinished(() => link.close())
  const holder = await holderOf(OTHER_LOCK)
  const question = (text: string) => link.run([{ text, values: [] }], true).rows
  const first = `SELECT 'first' AS answer FROM pg_advisory_lock(${OTHER_LOCK})`
  expect(() => question(first)).toThrow('no answer came')
  await holder.end()
  expect(question("SELECT 'second' AS answer")).toEqual([{ answer: 'second' }])
})

const OFTEN = { interval: 20 }
const OTHER_LOCK = 0x74636800
/** Before it a thread starts and connects. */
const GIVEN_UP_MS = 5_000

async function open() {
  const { url, valve } = await valvedSchema()
  const said: string[] = []
  const write = (line: string, { reason = '' }: { reason?: string } = {}) => {
    if (line.startsWith('the store')) said.push(reason === '' ? line : `${line}: ${reason}`)
  }
  const log = { debug: write, info: write, warn: write, error: write }
  const store = await openPostgresStore({ url, onAppended: () => undefined, log })
  onTestFinished(() => store.close())
  const ann = await store.createAccount({
    name: 'ann',
    passwordHash: 'hash',
    time: nextTime(),
    joins: undefined,
  })
  const note = (text: string): NewText => {
    const who = { sender: ann.id, kind: 'direct', target: ann.id } as const
    return { ...who, nonce: newNonce(), text, time: nextTime() }
  }
  return { valve, store, note, said }
}

/** Somebody who has the lock until the end of the connection. */
async function holderOf(lock: number): Promise<Client> {
  const url = (await emptySchema()).replace(/\?.*$/, '')
  const holder = new Client({ connectionString: url })
  await holder.connect()
  await holder.query('SELECT pg_advisory_lock($1)', [lock])
  return holder
}

/** As a client does: the same again until it is acknowledged. */
async function untilTaken(store: Store, text: NewText): Promise<void> {
  await expect.poll(() => store.append(text).then(() => true, codeOfError), OFTEN).toBe(true)
}

function codeOf(outcome: PromiseSettledResult<unknown>): unknown {
  return outcome.status === 'rejected' ? codeOfError(outcome.reason) : outcome.value
}

function codeOfError(error: unknown): unknown {
  return (error as { code?: unknown }).code
}
