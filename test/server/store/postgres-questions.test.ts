import { setImmediate } from 'node:timers/promises'
import { Client } from 'pg'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Batches } from '../../../src/server/store/batches.ts'
import type { Call } from '../../../src/server/store/calls.ts'
import { batchesOn } from '../../../src/server/store/operations.ts'
import { PostgresDatabase } from '../../../src/server/store/postgres/database.ts'
import { Link, type Query } from '../../../src/server/store/postgres/link.ts'
import { migrate } from '../../../src/server/store/postgres/migrations.ts'
import { openPostgresStore } from '../../../src/server/store/postgres/postgres.ts'
import { LOCK, sharedTransactions } from '../../../src/server/store/postgres/transactions.ts'
import type { MadeGroup, Store } from '../../../src/server/store/store.ts'
import { verifyTables } from '../../../src/server/store/upkeep/verify.ts'
import { newNonce, nextTime } from '../../support/counted.ts'
import { emptySchema, postgresIsHere, runSql } from '../../support/postgres.ts'
import { POSTGRES_LACKS } from '../../support/postgres-server.ts'

beforeEach(({ skip }) => skip(!postgresIsHere, POSTGRES_LACKS))

/** One that reads, and one that writes: while a transaction waits for answers all other nodes wait. */
const QUESTIONS = 2
const PEOPLE = 40
const PATIENCE = { timeout: 30_000 }

test('texts that come together are two questions for the database, as one alone is', async () => {
  const { link, batches, people } = await store()
  const [ann = '', bob = '', ...others] = people
  // The first begins it, the second finds which one it is.
  for (let time = 0; time < 2; time += 1) {
    batches.run([bob, ...others].map((other) => direct(ann, other)))
  }
  expect(questions(link, batches, [direct(ann, bob)])).toBe(QUESTIONS)
  const many = others.flatMap((other) => [direct(other, ann), direct(ann, other)])
  expect(questions(link, batches, many)).toBe(QUESTIONS)
})

test('so are texts to a group, by its id', async () => {
  const { link, batches, people } = await store()
  const [ann = '', bob = ''] = people
  const made = { by: ann, nonce: newNonce(), name: 'lobby', members: [bob], time: nextTime() }
  const answers = batches.run([['createGroup', { ...made, access: 'public' }]]).answers
  const [group = ''] = answers.map((answer) => (answer as MadeGroup).group.id)
  const texts = [ann, bob, ann].map((sender) => text(sender, 'group', group))
  expect(questions(link, batches, texts)).toBe(QUESTIONS)
})

test('that there is a conversation is found out with a third, and so is who is meant by a name', async () => {
  const { link, batches, people } = await store()
  const [ann = '', bob = ''] = people
  batches.run([direct(ann, bob)])
  expect(questions(link, batches, [direct(bob, ann)])).toBe(QUESTIONS + 1)
  expect(questions(link, batches, [direct(ann, 'person1'), direct(bob, ann)])).toBe(QUESTIONS + 1)
})

test('what texts need is found by indexes, however small the tables are', async () => {
  const { link, batches, people } = await store()
  const [ann = '', bob = ''] = people
  for (let time = 0; time < 2; time += 1) batches.run([direct(ann, bob)])
  const asked: Query[] = []
  link.onRun = (queries) => asked.push(...queries)
  batches.run([direct(ann, bob), direct(bob, ann)])
  link.onRun = () => undefined
  const plans = asked.filter(({ text }) => !/^(BEGIN|COMMIT)/.test(text))
  expect(plans.length).toBeGreaterThan(2)
  for (const { text, values } of plans) {
    const { rows } = link.run([{ text: `EXPLAIN ${text}`, values }], true)
    expect(JSON.stringify(rows)).not.toMatch(/Seq Scan|(Hash|Merge) Join/)
  }
})

test('who checks a database looks each row up, and compares none with all of another table', async () => {
  const { link, batches, people } = await store()
  batches.run([direct(people[0] ?? '', people[1] ?? '')])
  const asked: Query[] = []
  link.onRun = (queries) => asked.push(...queries)
  expect(verifyTables(new PostgresDatabase(link)).faults).toEqual([])
  link.onRun = () => undefined
  const about = asked.filter(({ text }) => / AS what /.test(text))
  expect(about.length).toBeGreaterThan(5)
  for (const { text, values } of about) {
    const { rows } = link.run([{ text: `EXPLAIN ${text}`, values }], true)
    expect(JSON.stringify(rows)).not.toMatch(/SubPlan/)
  }
})

test('a transaction that is over, or has not begun there, is not ended again', async () => {
  const link = new CountingLink(await emptySchema())
  onTestFinished(() => link.close())
  const db = new PostgresDatabase(link)
  db.exec('CREATE TABLE once (it integer UNIQUE DEFERRABLE INITIALLY DEFERRED)')
  const asked: string[] = []
  link.onRun = (queries) => asked.push(...queries.map(({ text }) => text))
  db.exec('BEGIN')
  db.exec('ROLLBACK')
  expect(asked).toEqual([])
  db.exec('BEGIN')
  for (const _ of [1, 2]) db.prepare('INSERT INTO once VALUES (1)').run()
  expect(() => db.exec('COMMIT')).toThrow(/duplicate key/)
  db.exec('ROLLBACK')
  expect(asked).not.toContain('ROLLBACK')
  db.exec('BEGIN')
  db.prepare('SELECT it FROM once').all()
  db.exec('ROLLBACK')
  expect(asked.at(-1)).toBe('ROLLBACK')
})

test('what comes while a transaction waits for its turn to write goes with it', async () => {
  const url = await emptySchema()
  const store = await openPostgresStore({ url, onAppended: () => undefined })
  onTestFinished(() => store.close())
  const [ann, bob] = await Promise.all(['ann', 'bob'].map((name) => idOf(store, name)))
  const say = (text: string) => {
    const nonce = newNonce()
    const [sender, target] = [ann ?? '', bob ?? '']
    return store.append({ sender, kind: 'direct', target, nonce, text, time: nextTime() })
  }
  await say('before')
  const other = new Client({ connectionString: url })
  await other.connect()
  onTestFinished(() => other.end())
  await other.query(`BEGIN; SELECT pg_advisory_xact_lock(${LOCK})`)
  const first = say('first')
  await expect.poll(() => runSql(url, waitingOf(url)), PATIENCE).toHaveLength(1)
  const late = [say('late'), say('later')]
  // Calls go to the store's thread at the end of a turn.
  await setImmediate()
  await other.query('COMMIT')
  expect((await Promise.all([first, ...late])).map(({ seq }) => seq)).toEqual([2, 3, 4])
  const transactions = await runSql(url, 'SELECT DISTINCT xmin::text FROM entries WHERE seq > 1')
  expect(transactions).toHaveLength(1)
})

/** The connections of that schema that wait for a lock. */
function waitingOf(url: string): string {
  const name = new URL(url).searchParams.get('application_name')
  return `SELECT pid FROM pg_stat_activity
    WHERE application_name = '${name}' AND wait_event = 'advisory'`
}

async function idOf(store: Store, name: string): Promise<string> {
  const account = { name, passwordHash: '', time: nextTime(), joins: undefined }
  return (await store.createAccount(account)).id
}

/** How many it takes; all of them are answered. */
function questions(link: CountingLink, batches: Batches, calls: readonly Call[]): number {
  const before = link.questions
  const { answers, appended, faults } = batches.run(calls)
  expect(faults).toEqual([])
  expect(answers).toHaveLength(calls.length)
  expect(appended).toHaveLength(calls.length)
  return link.questions - before
}

function direct(sender: string, target: string): Call {
  return text(sender, 'direct', target)
}

function text(sender: string, kind: 'direct' | 'group', target: string): Call {
  const nonce = Buffer.from(newNonce()).toString('latin1')
  return ['append', { sender, kind, target, nonce, text: 'hello', time: nextTime() }]
}

async function store() {
  const link = new CountingLink(await emptySchema())
  onTestFinished(() => link.close())
  migrate(link)
  const batches = batchesBeside(link)
  const accounts = Array.from({ length: PEOPLE }, (_, at): Call => {
    const account = { name: `person${at}`, passwordHash: '', time: nextTime(), joins: undefined }
    return ['createAccount', account]
  })
  const people = batches.run(accounts).answers.map((answer) => (answer as { id: string }).id)
  return { link, batches, people }
}

/** As at a further node: nothing is remembered. */
function batchesBeside(link: Link): Batches {
  const db = new PostgresDatabase(link)
  return batchesOn(db, undefined, undefined, undefined, (_, memory) => {
    return sharedTransactions(db, memory)
  })
}

class CountingLink extends Link {
  questions = 0
  onRun: (queries: readonly Query[]) => void = () => undefined

  override run(queries: readonly Query[], fresh: boolean) {
    this.questions += 1
    this.onRun(queries)
    return super.run(queries, fresh)
  }
}
