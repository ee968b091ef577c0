import { expect, onTestFinished, test } from 'vitest'
import { silentLog } from '../../src/server/log.ts'
import { RetentionRounds } from '../../src/server/retention-rounds.ts'
import { serve } from '../../src/server/serve.ts'
import { openSqliteStore } from '../../src/server/store/sqlite.ts'
import type { Retained, RetainQuery } from '../../src/server/store/store.ts'
import { CHEAP, temporaryFolder } from '../support/server.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
const HOUR_MS = 60 * 60 * 1_000
const NOW = 1_000 * DAY_MS
/** For a busy machine. */

test('a round goes on until nothing is left; the next one begins an hour later', async () => {
  const { rounds, queries, pass, events } = withStore(['a', 'b', ''])
  rounds.sweep()
  rounds.sweep()
  const before = NOW - 30 * DAY_MS
  const round = [
    { before, after: '' },
    { before, after: 'a' },
    { before, after: 'b' },
  ]
  await expect.poll(() => events).toEqual(['info old entries were removed 3'])
  expect(queries).toEqual(round)
  pass(HOUR_MS - 1)
  rounds.sweep()
  expect(queries).toHaveLength(3)
  pass(1)
  rounds.sweep()
  await expect.poll(() => events).toHaveLength(2)
  expect(queries).toHaveLength(6)
})

test('closing waits for the step that is being done, and no other is begun', async () => {
  const { rounds, queries } = withStore(['a', 'b', 'c', 'd', ''])
  rounds.sweep()
  await rounds.close()
  expect(queries).toHaveLength(1)
  rounds.sweep()
  expect(queries).toHaveLength(1)
})

test('a round that fails is told to the log and tried again with the next', async () => {
  const { rounds, pass, events } = withStore([])
  rounds.sweep()
  await expect.poll(() => events).toEqual(['warn old entries could not be removed'])
  pass(HOUR_MS)
  rounds.sweep()
  await expect.poll(() => events).toHaveLength(2)
})

test('a server with --retain-days removes what is older, by itself', async () => {
  const folder = await temporaryFolder()
  const before = await openSqliteStore({ folder, onAppended: () => {} })
  await before.createAccount({ name: 'ann', passwordHash: '', time: 1, joins: undefined })
  const said = [8 * DAY_MS, 6 * DAY_MS].map((age, at) => {
    const nonce = Buffer.alloc(16, at + 1)
    const message = { sender: '~u1', kind: 'direct', target: 'ann', nonce, text: 'x' } as const
    return before.append({ ...message, time: Date.now() - age })
  })
  const [place] = await Promise.all(said)
  await before.close()
  const removed = Promise.withResolvers<unknown>()
  const log = { ...silentLog, info: (event: string) => /removed/.test(event) && removed.resolve(0) }
  const server = await serve({
    port: 0,
    host: '127.0.0.1',
    folder,
    retainDays: 7,
    log,
    passwordCost: CHEAP,
  })
  onTestFinished(() => server.close())
  await removed.promise
  await server.close()
  const after = await openSqliteStore({ folder, onAppended: () => {} })
  onTestFinished(() => after.close())
  const left = await after.read(place?.conversation ?? '', 0, 9)
  expect(left.map(({ seq }) => seq)).toEqual([2])
})

/** A store whose steps answer with these continuations; without any it fails. */
function withStore(nexts: readonly string[]) {
  let time = 0
  const queries: RetainQuery[] = []
  const events: string[] = []
  const retain = async (query: RetainQuery): Promise<Retained> => {
    const next = nexts[queries.length % Math.max(1, nexts.length)]
    queries.push(query)
    if (next === undefined) throw new Error('no disk')
    return { entries: 1, shortened: [], next }
  }
  const log = {
    ...silentLog,
    info: (event: string, fields?: object) =>
      events.push(`info ${event} ${(fields as { entries: number }).entries}`),
    warn: (event: string) => events.push(`warn ${event}`),
  }
  const clocks = { now: () => NOW, monotonic: () => time }
  const rounds = new RetentionRounds({ store: { retain }, days: 30, ...clocks, log })
  onTestFinished(() => rounds.close())
  const pass = (ms: number) => {
    time += ms
  }
  return { rounds, queries, pass, events }
}
