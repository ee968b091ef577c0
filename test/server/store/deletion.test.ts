import type { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import type { Call } from '../../../src/server/store/calls.ts'
import { openDatabase } from '../../../src/server/store/database.ts'
import { Leftovers } from '../../../src/server/store/log/leftovers.ts'
import { batchesOn } from '../../../src/server/store/operations.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const SECRET = /secret|hush/

test.each<[string, () => readonly (readonly Call[])[]]>([
  ['in the transaction in which it was said', () => [[...said(), remove]]],
  ['while it is only in the journal', () => [said(), [remove]]],
  ['when it is in its place, but in the journal, too', () => [said(), filler(), [remove]]],
  ['when its changes are still in the journal', () => [[say], filler(), changes(), [remove]]],
])('a text that is deleted %s is in no table any more', (_, runs) => {
  const { db, batches } = withGroup()
  for (const calls of runs()) expect(batches.run(calls).faults).toEqual([])
  expect(secretsIn(db)).toEqual([])
  batches.settle()
  expect(secretsIn(db)).toEqual([])
})

test('a text that is deleted after a crash is in no table any more', () => {
  for (const between of [[], filler()]) {
    const { db, batches } = withGroup()
    batches.run(said())
    batches.run(between)
    expect(secretsIn(db)).not.toEqual([])
    // The tables are as a killed process leaves them.
    batchesOn(db).run([remove])
    expect(secretsIn(db)).toEqual([])
  }
})

test('a deletion that fails leaves the text as it was', () => {
  const { db, batches } = withGroup()
  batches.run(said())
  const broken = ['page', undefined] as unknown as Call
  const { answers } = batches.run([broken, ['page', page()]])
  const before = answers[1]
  db.exec("CREATE TRIGGER failing BEFORE DELETE ON reactions BEGIN SELECT RAISE(ABORT, 'no'); END")
  const run = batches.run([remove])
  expect(run.faults).toHaveLength(1)
  expect(run.appended).toEqual([])
  db.exec('DROP TRIGGER failing')
  expect(batches.run([['page', page()]]).answers[0]).toEqual(before)
  expect(batches.run([remove]).answers[0]).toMatchObject({ seq: 6 })
})

test('rows that are left in the journal are found until they are removed', () => {
  const leftovers = new Leftovers()
  for (let run = 0; run < 5_000; run += 1) {
    leftovers.add(run % 2_500, Math.floor(run / 2_500) * 2 + 1, [run * 2, run * 2 + 1])
  }
  expect(leftovers.find(7, 1)).toBe(14)
  expect(leftovers.find(7, 4)).toBe(5_015)
  expect([leftovers.find(7, 5), leftovers.find(9_999, 1)]).toEqual([undefined, undefined])
  leftovers.trim(5_015)
  expect([leftovers.find(7, 1), leftovers.find(7, 3)]).toEqual([undefined, undefined])
  expect([leftovers.find(7, 4), leftovers.find(8, 3)]).toEqual([5_015, 5_016])
  leftovers.add(7, 5, [99_999])
  expect([leftovers.find(7, 4), leftovers.find(7, 5)]).toEqual([5_015, 99_999])
  leftovers.clear()
  expect(leftovers.find(7, 5)).toBeUndefined()
})

const GROUP = '~c1'
const say: Call = ['append', { ...text(1), text: 'secret @bob' }]
const remove: Call = ['deleteEntry', { ...textPlace(), time: 9 }]

/** A text, an edit and a reaction, all of which must not be left. */
function said(): readonly Call[] {
  return [say, ...changes()]
}

function changes(): readonly Call[] {
  return [
    ['edit', { ...textPlace(), text: 'secret again @bob', time: 6 }],
    ['react', { ...textPlace(), user: '~u2', text: 'hush', remove: false, time: 7 }],
  ]
}

/** So many that the group's rows go to their places; one elsewhere keeps the journal from being emptied. */
function filler(): readonly Call[] {
  const calls = Array.from({ length: 1_200 }, (_, index): Call => ['append', text(100 + index)])
  const direct = { ...text(99), kind: 'direct' as const, target: '~u2' }
  return [['append', direct], ...calls]
}

function textPlace() {
  return { user: '~u1', conversation: GROUP, seq: 3 }
}

function page() {
  const all = { before: 0, after: 0, around: 0, limit: 500, maxBytes: 1_000_000 }
  return { user: '~u2', conversation: GROUP, ...all }
}

function text(index: number) {
  const nonce = `${index}`.padStart(16)
  return { sender: '~u1', kind: 'group' as const, target: 'ops', nonce, text: 'filler', time: 5 }
}

function withGroup() {
  const db = openDatabase(temporaryFolder())
  onTestFinished(() => db.close())
  const batches = batchesOn(db)
  const account = (name: string): Call => [
    'createAccount',
    { name, passwordHash: '', time: 1, joins: undefined },
  ]
  const group = { by: '~u1', nonce: Buffer.alloc(16), name: 'ops', members: ['bob'], time: 1 }
  batches.run([account('ann'), account('bob'), ['createGroup', group]])
  return { db, batches }
}

/** `table: value` of everything that has one of the words, in whatever column. */
function secretsIn(db: DatabaseSync): readonly string[] {
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  return tables.flatMap(({ name }) => {
    const rows = db.prepare(`SELECT * FROM "${name}"`).all()
    const values = rows.flatMap((row) => Object.values(row))
    return values.filter((value) => SECRET.test(String(value))).map((value) => `${name}: ${value}`)
  })
}
