import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import type { Store } from '../../../src/server/store/store.ts'
import { newNonce } from '../../support/counted.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** For a busy machine. */

test('retention gives the space back and leaves a sound database without the old texts', async () => {
  const folder = temporaryFolder()
  const store = await opened(folder)
  for (let at = 0; at < 40; at += 1) await say(store, at, 200)
  const reaction = { user: '~u1', conversation: '~c1', text: 'fine', remove: false, time: 40 }
  await store.react({ ...reaction, seq: 1 })
  expect(textsIn(folder, 'reactions')).toEqual(['fine'])
  await store.close()
  const before = statSync(join(folder, 'tchat.db')).size
  const again = await opened(folder)
  // The newest of them are in the journal only, and some in both places.
  for (let at = 40; at < 43; at += 1) await say(again, at, 200)
  for (let after = ''; ; ) {
    const { next } = await again.retain({ before: 42, after })
    after = next
    if (next === '') break
  }
  expect(await again.verify()).toMatchObject({ faults: [] })
  expect(textsIn(folder, 'entries').concat(textsIn(folder, 'journal')).join()).not.toMatch(
    /unicorn (41|40|7) /,
  )
  expect(textsIn(folder, 'reactions')).toEqual([])
  await again.close()
  expect(statSync(join(folder, 'tchat.db')).size).toBeLessThan(before / 2)
  expect(has(folder, 'unicorn 42')).toBe(true)
  expect(has(folder, 'unicorn 30')).toBe(false)
  expect(has(folder, 'unicorn 7')).toBe(false)
})

test('what retention removed is taken out of the files of the index, too', async () => {
  const folder = temporaryFolder()
  const store = await opened(folder)
  for (const time of [1, 2, 3]) await say(store, time, 300)
  const query = { user: '~u1', text: 'unicorn', conversation: '', after: '', limit: 9 }
  await store.search({ ...query, maxBytes: 99_999 })
  const kept = () => [1, 2, 3].filter((time) => has(folder, `unicorn ${time} `, 'search.db'))
  await expect.poll(kept).toEqual([1, 2, 3])
  for (let after = ''; ; ) {
    const { next } = await store.retain({ before: 3, after })
    after = next
    if (next === '') break
  }
  await expect.poll(kept).toEqual([3])
})

async function opened(folder: string): Promise<Store> {
  const store = await openSqliteStore({ folder, onAppended: () => {} })
  onTestFinished(() => store.close())
  for (const name of ['ann', 'bob']) {
    const known = await store.findUser(name)
    if (!known) await store.createAccount({ name, passwordHash: '', time: 1, joins: undefined })
  }
  return store
}

async function say(store: Store, time: number, count: number): Promise<void> {
  const sender = (await store.findUser('ann'))?.id ?? ''
  const said = Array.from({ length: count }, () => {
    const text = `unicorn ${time} ${'and so on '.repeat(20)}`
    return store.append({ sender, kind: 'direct', target: 'bob', nonce: newNonce(), text, time })
  })
  await Promise.all(said)
}

function textsIn(folder: string, table: string): readonly unknown[] {
  const db = new DatabaseSync(join(folder, 'tchat.db'), { readOnly: true })
  const rows = db.prepare(`SELECT text FROM ${table}`).all()
  db.close()
  return rows.map((row) => row['text'])
}

function has(folder: string, words: string, beginning = 'tchat.db'): boolean {
  const files = readdirSync(folder).filter((file) => file.startsWith(beginning))
  return files.some((file) => readFileSync(join(folder, file)).includes(words))
}
