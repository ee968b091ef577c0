import { Client } from 'pg'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../src/server/store/postgres/postgres.ts'
import type { NewText, Store } from '../../../src/server/store/store.ts'
import { newNonce, nextTime } from '../../support/counted.ts'
import { emptySchema, postgresIsHere, runSql } from '../../support/postgres.ts'
import { POSTGRES_LACKS } from '../../support/postgres-server.ts'

beforeEach(({ skip }) => skip(!postgresIsHere, POSTGRES_LACKS))

const SENDS = 50

test('of one nonce at two nodes there is one entry', async () => {
  const { one, other, ann, bob } = await twoNodes()
  const texts = Array.from({ length: SENDS }, (_, at) => direct(ann, bob, `text ${at}`))
  const places = await Promise.all(texts.flatMap((text) => [one.append(text), other.append(text)]))
  const seqs = new Map<number, number>()
  for (const { seq } of places) seqs.set(seq, (seqs.get(seq) ?? 0) + 1)
  expect([...seqs.keys()].sort((a, b) => a - b)).toEqual(texts.map((_, at) => at + 1))
  expect(new Set(seqs.values())).toEqual(new Set([2]))
  expect((await one.verify()).faults).toEqual([])
})

test('two nodes that append to one conversation leave no gap and nothing twice', async () => {
  const { one, other, ann, bob } = await twoNodes()
  const places = await Promise.all(
    Array.from({ length: SENDS }, (_, at) => [
      one.append(direct(ann, bob, `from one ${at}`)),
      other.append(direct(bob, ann, `from the other ${at}`)),
    ]).flat(),
  )
  const seqs = places.map(({ seq }) => seq).sort((a, b) => a - b)
  expect(seqs).toEqual(places.map((_, at) => at + 1))
  expect(new Set(places.map(({ conversation }) => conversation)).size).toBe(1)
  expect((await other.verify()).faults).toEqual([])
})

test('of one group name at two nodes there is one group', async () => {
  const { one, other, ann, bob } = await twoNodes()
  const group = (by: string) => ({
    by,
    nonce: newNonce(),
    name: 'lobby',
    members: [],
    access: 'public' as const,
    time: nextTime(),
  })
  const outcomes = await Promise.allSettled([
    one.createGroup(group(ann)),
    other.createGroup(group(bob)),
  ])
  const codes = outcomes.map((each) => (each.status === 'rejected' ? each.reason.code : 'made'))
  expect(codes.sort()).toEqual(['made', 'nameTaken'])
})

test('what one node changed the other knows at once', async () => {
  const { one, other, ann, bob } = await twoNodes()
  const { conversation } = await one.append(direct(ann, bob, 'hello'))
  await other.block(bob, ann)
  await expect(one.append(direct(ann, bob, 'again'))).rejects.toMatchObject({ code: 'blocked' })
  const query = { user: bob, conversation, before: 0, after: 0, around: 0, limit: 9, maxBytes: 999 }
  expect((await other.page(query)).entries.count).toBe(1)
})

test('of appends that come together each sees what came before it', async () => {
  const { one, ann, bob } = await twoNodes()
  await one.append(direct(ann, bob, 'begun'))
  const together = await Promise.allSettled([
    one.append(direct(ann, bob, 'here')),
    one.append(direct(bob, ann, 'here, too')),
    one.deleteAccount(bob, nextTime()),
    one.append(direct(ann, bob, 'gone')),
  ])
  expect(together.map(({ status }) => status).join(' ')).toBe(
    'fulfilled fulfilled fulfilled rejected',
  )
})

test('a connection that is cut is made again, and nothing is lost or there twice', async () => {
  const { one, url, ann, bob } = await twoNodes()
  const texts = Array.from({ length: SENDS }, (_, at) => direct(ann, bob, `text ${at}`))
  for (const [at, text] of texts.entries()) {
    await Promise.all([untilTaken(one, text), at % 10 === 5 ? cutAll(url) : undefined])
  }
  expect(await one.verify()).toMatchObject({ entries: SENDS, faults: [] })
})

test('what was cut in the middle was not: its sender is told, and the log says it once', async () => {
  const { one, url, ann, bob, lines } = await twoNodes()
  const text = direct(ann, bob, 'hello')
  await whileLocked(url, async () => {
    const refused = expect(one.append(text)).rejects.toMatchObject({ code: 'unavailable' })
    await untilSome(url, `SELECT 1 FROM pg_stat_activity WHERE ${OWN} AND wait_event = 'advisory'`)
    await cutAll(url)
    await refused
  })
  await untilTaken(one, text)
  expect(await one.verify()).toMatchObject({ entries: 1, faults: [] })
  const [away, again] = [
    'the store is away: nothing can be read or written, it is tried until it is back',
    'the store is there again',
  ]
  expect(lines).toEqual([away, again])
})

/** What every writer takes. */
const LOCK = 0x74636875
const OWN = "application_name = current_setting('application_name') AND pid <> pg_backend_pid()"

/** From another connection, which is not cut with them. */
async function whileLocked(url: string, work: () => Promise<void>): Promise<void> {
  const holder = new Client({ connectionString: url.replace(/&application_name=.*$/, '') })
  await holder.connect()
  try {
    await holder.query(`SELECT pg_advisory_lock(${LOCK})`)
    await work()
  } finally {
    await holder.end()
  }
}

async function untilSome(url: string, sql: string): Promise<void> {
  while ((await runSql(url, sql)).length === 0) await new Promise(setImmediate)
}

/** As a client does: the same again until it is acknowledged. */
async function untilTaken(store: Store, text: NewText): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    const outcome = await store.append(text).catch((error: { code?: string }) => error.code)
    if (outcome !== 'unavailable') return
  }
  throw new Error('it was never taken')
}

async function cutAll(url: string): Promise<void> {
  await runSql(
    url,
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE ${OWN}`,
  )
}

async function twoNodes() {
  const url = await emptySchema()
  const lines: string[] = []
  const write = (line: string) => {
    lines.push(line)
  }
  const log = { debug: write, info: write, warn: write, error: write }
  const open = async () => {
    const store = await openPostgresStore({ url, onAppended: () => {}, log })
    onTestFinished(() => store.close())
    return store
  }
  const [one, other] = await Promise.all([open(), open()])
  const account = (name: string) => ({
    name,
    passwordHash: 'hash',
    time: nextTime(),
    joins: undefined,
  })
  const ann = await one.createAccount(account('ann'))
  const bob = await other.createAccount(account('bob'))
  return { url, one, other, ann: ann.id, bob: bob.id, lines }
}

function direct(sender: string, target: string, text: string): NewText {
  return { sender, kind: 'direct', target, nonce: newNonce(), text, time: nextTime() }
}
