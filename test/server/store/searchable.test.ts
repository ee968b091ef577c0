import { expect, onTestFinished, test } from 'vitest'
import type { Call } from '../../../src/server/store/calls.ts'
import { openDatabase } from '../../../src/server/store/database.ts'
import { batchesOn } from '../../../src/server/store/operations.ts'
import type { TextPlace } from '../../../src/server/store/search/source.ts'
import type { FoundText } from '../../../src/server/store/store.ts'
import { newNonce } from '../../support/counted.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('of what an index names only texts are given that are there and that the user may read', () => {
  const { run, hits, seqs } = withStore()
  run(
    [
      'createGroup',
      { by: '~u1', nonce: newNonce(), name: 'c', members: [], access: 'invite', time: 1 },
    ],
    said('~u1', '#c', 'before'),
    ['addMembers', { by: '~u1', group: 'c', users: ['~u2'], time: 1 }],
    said('~u1', '#c', 'after'),
    said('~u1', '#c', 'deleted'),
    ['deleteEntry', { user: '~u1', conversation: '~c1', seq: 5, time: 1 }],
    said('~u1', '~u1', 'notes'),
  )
  const places: TextPlace[] = [1, 2, 3, 4, 5, 6, 7, 99].map((seq) => [1, seq])
  places.push([2, 1], [3, 1], [0, 0])
  const nothing = undefined
  const after = Array(9).fill(nothing)
  expect(seqs('~u1', places)).toEqual([
    ...[nothing, 2, nothing, 4, nothing, nothing, nothing, nothing],
    ...[1, nothing, nothing],
  ])
  expect(seqs('~u2', places)).toEqual([nothing, nothing, nothing, 4, ...after.slice(0, 7)])
  expect(seqs('~u3', places)).toEqual(Array(11).fill(nothing))
  expect(hits('~u2', [[1, 4]], 0)).toMatchObject([
    { conversation: '~c1', entry: { text: 'after', name: 'ann', changed: 0 } },
  ])
})

test('as many are given as fit, and one in any case', () => {
  const { run, hits } = withStore()
  const long = 'x'.repeat(1_000)
  run(...[1, 2, 3, 4].map(() => said('~u1', '~u2', long)))
  const places: TextPlace[] = [1, 2, 3, 4].map((seq) => [1, seq])
  expect([0, 1_000, 2_500, 9_999].map((bytes) => hits('~u1', places, bytes).length)).toEqual([
    1, 1, 2, 4,
  ])
})

function withStore() {
  const db = openDatabase(temporaryFolder())
  onTestFinished(() => db.close())
  const batches = batchesOn(db)
  const run = (...calls: readonly Call[]) => {
    const { answers } = batches.run(calls)
    for (const answer of answers) expect(answer).not.toHaveProperty('refused')
    return answers
  }
  for (const name of ['ann', 'bob', 'cleo']) {
    run(['createAccount', { name, passwordHash: '', time: 1, joins: undefined }])
  }
  const hits = (user: string, places: readonly TextPlace[], maxBytes: number) =>
    run(['hits', user, places, maxBytes])[0] as readonly (FoundText | undefined)[]
  const seqs = (user: string, places: readonly TextPlace[]) =>
    hits(user, places, 99_999).map((hit) => hit?.entry.seq)
  return { run, hits, seqs }
}

function said(sender: string, target: string, text: string): Call {
  const kind = target.startsWith('#') ? 'group' : 'direct'
  return ['append', { sender, kind, target, nonce: newNonce().toString('latin1'), text, time: 1 }]
}
