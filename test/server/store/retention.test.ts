import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import type { Store } from '../../../src/server/store/store.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('retention gives the space back and leaves a sound database without the old texts', async () => {
  const folder = temporaryFolder()
  const store = await opened(folder)
  for (let at = 0; at < 40; at += 1) await say(store, at, 200)
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
  await again.close()
  expect(statSync(join(folder, 'tchat.db')).size).toBeLessThan(before / 2)
  expect(has(folder, 'unicorn 42')).toBe(true)
  expect(has(folder, 'unicorn 41')).toBe(false)
  expect(has(folder, 'unicorn 7')).toBe(false)
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
    return store.append({ sender, kind: 'direct', target: 'bob', nonce: nonce(), text, time })
  })
  await Promise.all(said)
}

function has(folder: string, words: string): boolean {
  const files = readdirSync(folder).filter((file) => file.startsWith('tchat.db'))
  return files.some((file) => readFileSync(join(folder, file)).includes(words))
}

let nonces = 0

function nonce(): Buffer {
  nonces += 1
  const bytes = Buffer.alloc(16, 0x4f)
  bytes.writeUInt32BE(nonces, 12)
  return bytes
}
