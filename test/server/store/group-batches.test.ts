import type { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import type { Call } from '../../../src/server/store/calls.ts'
import { openDatabase } from '../../../src/server/store/database.ts'
import { batchesOn } from '../../../src/server/store/operations.ts'
import { verifyDatabase } from '../../../src/server/store/upkeep/verify.ts'
import { groupCalls } from '../../support/group-calls.ts'
import { SeededRandom } from '../../support/seeded-random.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('what is in memory of groups, and what only on disk, makes no difference to any answer', () => {
  const [usual, forgetful, restarted] = [opened(), opened(0), opened()]
  const random = new SeededRandom(11)
  const anyCall = groupCalls(random)
  for (let round = 0; round < 60; round += 1) {
    const calls = Array.from({ length: 1 + random.below(80) }, anyCall)
    const { answers, faults } = usual.batches.run(calls)
    expect(faults).toEqual([])
    expect(forgetful.batches.run(calls).answers).toEqual(answers)
    expect(batchesOn(restarted.db).run(calls).answers).toEqual(answers)
  }
  for (const { db, batches } of [usual, forgetful]) {
    batches.settle()
    expect(verifyDatabase(db).faults).toEqual([])
  }
})

test('what is refused has written nothing', () => {
  const { db, batches } = opened()
  const anyCall = groupCalls(new SeededRandom(12))
  const refused = new Map<string, number>()
  for (let count = 0; count < 3_000; count += 1) {
    const call = anyCall()
    const before = changesOf(db)
    const [answer] = batches.run([call]).answers
    if (typeof answer !== 'object' || answer === null || !('refused' in answer)) continue
    refused.set(call[0], (refused.get(call[0]) ?? 0) + 1)
    expect([call, changesOf(db)]).toEqual([call, before])
  }
  expect(refused.size).toBeGreaterThan(12)
})

test('of a group that has ended no table has anything but its last entry', () => {
  const { db, batches } = opened()
  const said = { sender: '~u2', kind: 'group', target: '#ops', time: 5 } as const
  const act = { by: '~u1', group: '#ops', time: 5 }
  const texts = Array.from({ length: 700 }, (_, index): Call => {
    return ['append', { ...said, nonce: `${index}`.padStart(16), text: `@ann ${index}` }]
  })
  const calls: readonly Call[] = [
    [
      'createGroup',
      {
        by: '~u1',
        nonce: Buffer.alloc(16),
        name: 'ops',
        members: ['bob'],
        time: 5,
        access: 'invite',
      },
    ],
    ['createInvite', { by: '~u1', group: 'ops', code: 'c', uses: 2, time: 5, expires: 9 }],
    ['join', '~u3', 'ops', 5, 'c'],
    ...texts,
    ['react', { user: '~u1', conversation: '~c1', seq: 9, text: '+', remove: false, time: 5 }],
    ['removeMember', { ...act, user: 'cleo', ban: true }],
    ['setTopic', { ...act, topic: 'secret' }],
    [
      'changePreferences',
      {
        user: '~u2',
        conversation: '~c1',
        pinned: true,
        muted: undefined,
        notify: undefined,
        unread: undefined,
      },
    ],
  ]
  for (const call of calls) expect(batches.run([call]).answers).toEqual([notRefused])
  expect(Object.values({ ...rowsOf(db, 1), ended: 1 })).not.toContain(0)
  batches.run([['deleteGroup', '~u1', 'ops', 6]])
  expect(db.prepare('SELECT name, topic, members FROM conversations').all()).toEqual([
    { name: null, topic: '', members: 0 },
  ])
  // At once nobody can read it, though it goes in small steps.
  const ended = { seq: 707, kind: 'ended' }
  const [entries] = batches.run([['read', '~c1', 0, 999]]).answers
  expect(entries).toMatchObject([ended])
  const left = () => rowsOf(db, 1)['entries'] ?? 0
  const steps: number[] = []
  do steps.push(left())
  while (batches.tidy())
  expect(steps.slice(0, 3)).toEqual([707, 195, 1])
  batches.settle()
  expect(verifyDatabase(db).faults).toEqual([])
  const nothing = Object.fromEntries(Object.keys(rowsOf(db, 1)).map((table) => [table, 0]))
  // The nonce of its making stays: repeating that makes no other group.
  expect(rowsOf(db, 1)).toEqual({ ...nothing, entries: 1, group_nonces: 1 })
  expect(db.prepare('SELECT count(*) AS n FROM invite_uses').get()).toEqual({ n: 0 })
})

const notRefused = expect.not.objectContaining({ refused: expect.anything() })

function opened(keptMax?: number) {
  const db = openDatabase(temporaryFolder())
  onTestFinished(() => db.close())
  const batches = batchesOn(db, undefined, keptMax)
  for (const name of ['ann', 'bob', 'cleo']) {
    batches.run([['createAccount', { name, passwordHash: '', time: 1, joins: undefined }]])
  }
  return { db, batches }
}

/** Rows that were ever written. */
function changesOf(db: DatabaseSync): unknown {
  return db.prepare('SELECT total_changes() AS n').get()
}

/** In each table that knows conversations. */
function rowsOf(db: DatabaseSync, conversation: number): Record<string, number> {
  const tables = db
    .prepare(
      `SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
       WHERE m.type = 'table' AND c.name = 'conversation'`,
    )
    .all() as { name: string }[]
  const counted = tables.map(({ name }) => {
    const sql = `SELECT count(*) AS n FROM ${name} WHERE conversation = ?`
    return [name, (db.prepare(sql).get(conversation) as { n: number }).n] as const
  })
  return Object.fromEntries(counted)
}
