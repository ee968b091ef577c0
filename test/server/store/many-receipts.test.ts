import { expect, onTestFinished, test } from 'vitest'
import { type Call, refusalIn } from '../../../src/server/store/calls.ts'
import { openDatabase } from '../../../src/server/store/database.ts'
import { batchesOn } from '../../../src/server/store/operations.ts'
import type { Reach } from '../../../src/server/store/store.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test.each([
  ['some', 60, false],
  ['very many', 1_005, true],
])('in a group of %s members receipts are counted, not listed', (_, count, kept) => {
  const { run, wait } = lobby(count)
  const counts = () => {
    const [reach] = run(['receiptsOf', '~c1', [{ user: '~u1', seq: count + 1 }]]) as Reach[]
    return [reach?.delivered, reach?.read, reach?.of, reach?.members.length]
  }
  const others = count - 1
  expect(counts()).toEqual([1, 1, others, 0])
  run(['changeSettings', '~u3', { hideReceipts: true }])
  run(['moveCursors', ['~u3', '~u4'].map(read)])
  // The author of what is in the journal only, too.
  run(text(5))
  expect(counts()).toEqual(kept ? [1, 1, others, 0] : [4, 3, others, 0])
  wait()
  expect(counts()).toEqual([4, 3, others, 0])
  run(['deleteAccount', '~u4', 9])
  wait()
  expect(counts()).toEqual([3, 2, others - 1, 0])

  function read(user: string) {
    return { user, conversation: '~c1', delivered: count + 1, read: count + 1 }
  }
})

/** Everybody has joined; then Ann wrote, and the second one has read it by writing. */
function lobby(count: number) {
  const db = openDatabase(temporaryFolder())
  onTestFinished(() => db.close())
  let time = 0
  const batches = batchesOn(db, undefined, undefined, () => time)
  const run = (call: Call): unknown => {
    const answer = batches.run([call]).answers[0]
    expect(refusalIn(answer)).toBeUndefined()
    return answer
  }
  batches.run(
    Array.from({ length: count }, (_, at): Call => {
      return ['createAccount', { name: `u${at}`, passwordHash: '', time: 1, joins: 'lobby' }]
    }),
  )
  for (const user of [1, 2]) run(text(user))
  const wait = () => {
    time += 5_000
  }
  return { run, wait }
}

function text(user: number): Call {
  const nonce = `${user}`.padStart(16)
  return [
    'append',
    { sender: `~u${user}`, kind: 'group', target: '#lobby', nonce, text: 'a', time: 2 },
  ]
}
