import { expect, onTestFinished, test } from 'vitest'
import { type Call, refusalIn } from '../../../src/server/store/calls.ts'
import { openDatabase } from '../../../src/server/store/database.ts'
import { batchesOn } from '../../../src/server/store/operations.ts'
import type { Found } from '../../../src/server/store/store.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** Of each more than are looked at for one page. */
const MANY = 1_050

test('of very many groups whose names begin so all are found, behind as many that are larger', () => {
  const run = server()
  const make = (name: string, members: readonly string[], at: number): Call => {
    const nonce = Buffer.from(`${at}`.padStart(16))
    return ['createGroup', { by: '~u1', nonce, name, members, time: 1 }]
  }
  const small = Array.from({ length: MANY }, (_, at) => `small-${at}`)
  run(small.map((name, at) => make(name, [], at)))
  run(small.map((_, at) => make(`large-${at}`, ['~u2'], MANY + at)))
  const pages: Found[] = []
  do {
    const [page] = run([['find', '~u3', 'small', 73, pages.at(-1)?.next ?? '']])
    pages.push(page as Found)
  } while (pages.at(-1)?.next !== '')
  expect(pages.flatMap(({ groups }) => groups.map(({ name }) => name))).toEqual(small.toSorted())
  // Nobody waits while all are looked through at once.
  expect(pages[0]?.groups).toEqual([])
})

function server() {
  const db = openDatabase(temporaryFolder())
  onTestFinished(() => db.close())
  const batches = batchesOn(db)
  const run = (calls: readonly Call[]): readonly unknown[] => {
    const { answers } = batches.run(calls)
    for (const answer of answers) expect(refusalIn(answer)).toBeUndefined()
    return answers
  }
  run(
    ['ann', 'bob', 'cleo'].map((name): Call => {
      return ['createAccount', { name, passwordHash: '', time: 1, joins: undefined }]
    }),
  )
  return run
}
