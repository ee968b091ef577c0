import type { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import type { Entry } from '../../../src/protocol/messages.ts'
import type { Call } from '../../../src/server/store/calls.ts'
import { openDatabase } from '../../../src/server/store/database.ts'
import { batchesOn } from '../../../src/server/store/operations.ts'
import { ownTransactions } from '../../../src/server/store/transactions.ts'
import { SeededRandom } from '../../support/seeded-random.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** Fails as only a fault in the program could. */
const broken = ['page', undefined] as unknown as Call
const unavailable = { refused: 'unavailable', retryMs: 1_000 }

test('on a full disk what cannot be written is refused, and what was acknowledged stays', () => {
  const { db, batches, logOf } = withTwo()
  batches.run([say('kept')])
  limitPages(db, 2)
  const big = 'x'.repeat(8_000)
  const calls = Array.from({ length: 20 }, (_, index) => say(`${index}${big}`))
  const read: Call = ['read', '~c1', 0, 1]
  const { answers, appended, faults } = batches.run([...calls, read])
  expect(faults).toEqual([expect.stringContaining('full')])
  expect(answers.at(-1)).toMatchObject([{ text: 'kept' }])
  expect(answers.slice(0, -1)).toMatchObject(calls.map(() => unavailable))
  expect(appended).toEqual([])

  unlimitPages(db)
  const again = batches.run(calls)
  expect(again.faults).toEqual([])
  expect(again.appended).toHaveLength(20)
  const log = logOf('~c1')
  expect(log.map(({ seq, n }) => [seq, n])).toEqual(log.map((_, at) => [at + 1, at + 1]))
  expect(new Set(log.map(({ text }) => text))).toEqual(
    new Set(['kept', ...calls.map((_, index) => `${index}${big}`)]),
  )
})

test('on a full disk one can still read, whatever waits to be written', () => {
  const { db, batches, logOf } = withTwo()
  const partners = ['~u1', '~u2', '~u3', '~u4', '~u5', '~u6']
  for (const name of ['cleo', 'dan', 'eve', 'fay']) batches.run([account(name)])
  // Six conversations that are all long enough to be settled by the last, small transaction.
  const round = () => partners.map((partner) => say('text', '~u1', partner))
  batches.run(Array.from({ length: 255 }, round).flat())
  batches.run(round())
  limitPages(db, 0)
  expect(logOf('~c1')).toHaveLength(256)
  expect(logOf('~c6')).toHaveLength(256)
})

test('what came while a transaction waited for its turn is answered in its place, whatever fails', () => {
  const { db, batches: own } = withTwo()
  const failing = { join: 1, commit: 0 }
  const fail = (where: keyof typeof failing) => {
    failing[where] -= 1
    if (failing[where] === 0) throw new Error('the database is away')
  }
  const batches = batchesOn(db, undefined, undefined, undefined, (_, caches) => {
    const transactions = ownTransactions(db, caches)
    const join = () => fail('join')
    const commit = () => {
      fail('commit')
      transactions.commit()
    }
    return { ...transactions, join, commit, blame: () => 'database' }
  })
  const late = [say('late'), say('later')]
  const all = [unavailable, unavailable, unavailable]
  const first = batches.run([say('first')], () => late)
  expect(first).toMatchObject({ answers: all, appended: [], faults: ['the database is away'] })
  failing.commit = 1
  expect(batches.run([say('first')], () => late)).toMatchObject({ answers: all, appended: [] })
  expect(own.run([['read', '~c1', 0, 9]]).answers).toEqual([[]])
})

test('a restart does not move back the cursors of who came again', () => {
  const { db, batches } = withTwo()
  batches.run([
    ['createGroup', group('ops')],
    [
      'append',
      { sender: '~u2', kind: 'group', target: 'ops', nonce: ' '.repeat(16), text: 'x', time: 1 },
    ],
    ['quit', '~u2', 'ops', 2],
    ['join', '~u2', 'ops', 3],
  ])
  const heads: Call = ['heads', { user: '~u2', after: '', limit: 9, conversations: [] }]
  const before = batches.run([heads]).answers
  expect(before).toMatchObject([{ items: [{ read: 5, delivered: 5, readN: 1, last: 5 }] }])
  expect(batchesOn(db).run([heads]).answers).toEqual(before)
})

test('what a transaction that failed had begun leaves no trace', () => {
  const calls: readonly Call[] = [
    ['createGroup', group('ops')],
    say('before'),
    ['createAccount', { name: 'cleo', passwordHash: '', time: 1, joins: 'lobby' }],
    ['moveCursors', [{ user: '~u2', conversation: '~c2', delivered: 1, read: 1 }]],
    ['quit', '~u2', 'ops', 5],
    say('after', '~u2', '~u1'),
  ]
  const stateAfter = (...runs: (readonly Call[])[]) => {
    const { batches } = withTwo()
    for (const run of runs) batches.run(run)
    return batches.run([
      ['heads', { user: '~u1', after: '', limit: 10, conversations: [] }],
      ['heads', { user: '~u2', after: '', limit: 10, conversations: [] }],
      ['heads', { user: '~u3', after: '', limit: 10, conversations: [] }],
      ['find', '~u1', '', 10],
      ['read', '~c1', 0, 10],
      ['read', '~c2', 0, 10],
    ]).answers
  }
  // The last call fails the transaction of all; then each is carried out alone.
  expect(stateAfter([...calls, broken])).toEqual(stateAfter(calls))
  expect(stateAfter(calls.slice(0, 3), [...calls.slice(3), broken])).toEqual(stateAfter(calls))
})

test('a call that cannot be carried out is refused alone, and told', () => {
  const { batches, logOf } = withTwo()
  const { answers, appended, faults } = batches.run([say('one'), broken, say('two')])
  expect(answers).toMatchObject([{ seq: 1 }, unavailable, { seq: 2 }])
  expect(appended).toMatchObject([{ at: 0 }, { at: 2 }])
  expect(faults).toHaveLength(1)
  expect(logOf('~c1').map(({ text }) => text)).toEqual(['one', 'two'])
})

test('the journal does not grow without end, and neither does what it keeps in memory', () => {
  const { db, batches, logOf } = withTwo()
  // One conversation that is silent afterwards, so that the journal cannot simply run empty.
  batches.run([say('silent', '~u2', '~u2')])
  for (let round = 0; round < 1_000; round += 1) {
    batches.run(Array.from({ length: 100 }, (_, index) => say(`${round} ${index}`)))
  }
  const rows = db.prepare('SELECT count(*) AS n FROM journal').get() as { n: number }
  expect(rows.n).toBeLessThan(70_000)
  expect(logOf('~c1').map(({ text }) => text)).toEqual(['silent'])
  expect(logOf('~c2')).toHaveLength(100_000)
})

test('long texts do not stay in memory for long', () => {
  const { db, batches } = withTwo()
  const text = 'x'.repeat(8_000)
  for (let index = 0; index < 80; index += 1) {
    // A conversation for each user: none is long enough to be settled for its length.
    const name = `user${index}`
    batches.run([account(name)])
    const calls = Array.from({ length: 100 }, () => say(text, '~u1', name))
    expect(batches.run(calls).faults).toEqual([])
  }
  const settled = db.prepare('SELECT count(*) AS n FROM entries').get() as { n: number }
  expect(settled.n).toBeGreaterThan(8_000 - 2_200)
})

test('what is in memory, and what only on disk, makes no difference to any answer', () => {
  const usual = withTwo()
  const forgetful = withTwo(0)
  const restarted = withTwo()
  const random = new SeededRandom(5)
  for (let round = 0; round < 60; round += 1) {
    const calls = Array.from({ length: 1 + random.below(100) }, () => anyCall(random))
    const { answers, faults } = usual.batches.run(calls)
    expect(faults).toEqual([])
    expect(forgetful.batches.run(calls).answers).toEqual(answers)
    expect(batchesOn(restarted.db).run(calls).answers).toEqual(answers)
  }
})

test('what is appended is written through to the disk before it is acknowledged', () => {
  const { db } = withTwo()
  expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
  expect(db.prepare('PRAGMA fullfsync').get()).toEqual({ fullfsync: 1 })
  expect(db.prepare('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 2 })
})

function withTwo(keptMax?: number) {
  const folder = temporaryFolder()
  const db = openDatabase(folder)
  onTestFinished(() => db.close())
  const batches = batchesOn(db, undefined, keptMax)
  batches.run([account('ann'), account('bob')])
  const logOf = (conversation: string) =>
    batches.run([['read', conversation, 0, 100_000]]).answers[0] as readonly Entry[]
  return { db, batches, logOf }
}

function anyCall(random: SeededRandom): Call {
  const user = `~u${1 + random.below(2)}`
  const target = random.below(2) === 0 ? '#ops' : '~c1'
  const conversation = `~c${1 + random.below(3)}`
  const seq = random.below(300)
  const page = { user, conversation, before: 0, after: 0, around: 0, limit: 7, maxBytes: 600 }
  const choices: readonly (() => Call)[] = [
    ...Array.from({ length: 9 }, () => () => say('text', user, `~u${1 + random.below(2)}`)),
    () => ['append', { ...groupText(random), sender: user, target }],
    () => ['append', { ...groupText(random), sender: user, target }],
    () => ['append', { ...groupText(random), sender: user, target, reply: 1 + random.below(20) }],
    ...changesOf(user, conversation, random),
    () => ['receipts', { user, conversation, seq: random.below(3) * seq }],
    () => ['lastTextOf', user, conversation],
    () => ['createGroup', { ...group('ops'), by: user }],
    () => ['join', user, target, random.below(100)],
    () => ['quit', user, target, random.below(100)],
    () => ['moveCursors', [{ user, conversation, delivered: seq, read: random.below(300) }]],
    () => ['heads', { user, after: '', limit: 9, conversations: [] }],
    () => ['page', { ...page, [['before', 'after', 'around'][random.below(3)] ?? '']: seq }],
    () => ['members', { user, group: target, after: '', limit: 9 }],
    () => ['groupsOf', user],
    () => ['lasts', [conversation, '~c1', '~c9']],
    () => ['directsSince', [user], random.below(100)],
    () => ['createAccount', { name: `user${seq}`, passwordHash: '', time: 1, joins: 'lobby' }],
  ]
  return choices[random.below(choices.length)]?.() ?? ['findUser', user]
}

/** Edits, reactions and deletions, mostly of texts that are not long ago. */
function changesOf(user: string, conversation: string, random: SeededRandom): (() => Call)[] {
  const place = { user, conversation, seq: random.below(120), time: random.below(1_000) }
  const text = ['again', '@bob', '@ann @bob'][random.below(3)] ?? ''
  const remove = random.below(3) === 0
  return [
    () => ['edit', { ...place, text }],
    () => ['edit', { ...place, text }],
    () => ['react', { ...place, text: text.replaceAll(' ', ''), remove }],
    () => ['react', { ...place, text: text.replaceAll(' ', ''), remove }],
    () => ['deleteEntry', place],
  ]
}

/** Few nonces: some are used again, with the same text and with another. */
function groupText(random: SeededRandom) {
  const nonce = `${random.below(40)}`.padStart(16)
  const text = ['0', '@bob', 'ask @ann'][random.below(3)] ?? ''
  return { kind: 'group' as const, nonce, text, time: random.below(1_000) }
}

/** No more pages than now and so many. */
function limitPages(db: DatabaseSync, more: number): void {
  const { page_count: pages } = db.prepare('PRAGMA page_count').get() as { page_count: number }
  db.exec(`PRAGMA max_page_count = ${pages + more}`)
}

function unlimitPages(db: DatabaseSync): void {
  db.exec('PRAGMA max_page_count = 1000000')
}

let nonces = 0

/** Each text has a nonce of its own. */
function say(text: string, sender = '~u1', target = '~u2'): Call {
  nonces += 1
  const nonce = `${nonces}`.padStart(16)
  return ['append', { sender, kind: 'direct', target, nonce, text, time: 5 }]
}

function account(name: string): Call {
  return ['createAccount', { name, passwordHash: '', time: 1, joins: undefined }]
}

function group(name: string) {
  return { by: '~u1', nonce: Buffer.alloc(16, name), name, members: ['bob'], time: 3 }
}
