import { randomBytes } from 'node:crypto'
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { serve } from '../../../src/server/serve.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import type { EntryPlace, Store } from '../../../src/server/store/store.ts'
import { restoreBackup } from '../../../src/server/store/upkeep/restore.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

async function openStore(folder: string): Promise<Store> {
  const store = await openSqliteStore({ folder, onAppended: () => undefined })
  onTestFinished(() => store.close())
  return store
}

async function withUsers(folder: string) {
  const store = await openStore(folder)
  const account = (name: string) => ({ name, passwordHash: 'x', time: 1, joins: undefined })
  const ann = await store.createAccount({ ...account('ann'), invite: undefined })
  await store.createAccount({ ...account('bob'), invite: undefined })
  const say = (text: string): Promise<EntryPlace> =>
    store.append({
      sender: ann.id,
      kind: 'direct',
      target: 'bob',
      nonce: randomBytes(16),
      text,
      time: 2,
    })
  return { store, ann, say }
}

test('under constant writes a backup has all that was acknowledged before it, and is sound', async () => {
  const { store, ann, say } = await withUsers(temporaryFolder())
  for (let at = 0; at < 20; at += 1) {
    await Promise.all(Array.from({ length: 50 }, (_, one) => say(`before ${at} ${one}`)))
  }
  let stop = false
  const acknowledged: number[] = []
  const writer = (async () => {
    while (!stop) {
      const places = await Promise.all(Array.from({ length: 50 }, () => say('during')))
      acknowledged.push(...places.map(({ seq }) => seq))
    }
  })()
  while (acknowledged.length === 0) await new Promise(setImmediate)
  const before = Math.max(...acknowledged)
  const file = join(temporaryFolder(), 'backup')
  await store.backup(file)
  stop = true
  await writer

  const folder = join(temporaryFolder(), 'new')
  expect(restoreBackup(file, folder)).toMatchObject({ users: 2, conversations: 1, faults: [] })
  const restored = await openStore(folder)
  const [head] = (await restored.heads({ user: ann.id, after: '', limit: 9, conversations: [] }))
    .items
  expect(head?.last).toBeGreaterThanOrEqual(before)
  expect(await restored.verify()).toMatchObject({ entries: head?.last, faults: [] })
})

test('a backup is its owner’s alone, has no log beside it and no secret of the operator in it', async () => {
  const folder = temporaryFolder()
  const { store, say } = await withUsers(folder)
  await say('hi')
  writeFileSync(join(folder, 'tls.pem'), 'the key')
  writeFileSync(join(folder, 'operator.secret'), 'not to be copied')
  const place = temporaryFolder()
  await store.backup(join(place, 'one'))
  expect(readdirSync(place)).toEqual(['one'])
  if (process.platform !== 'win32') {
    expect(statSync(join(place, 'one')).mode & 0o777).toBe(0o600)
  }
  const bytes = readFileSync(join(place, 'one'), 'latin1')
  expect(bytes).toContain('the key')
  expect(bytes).not.toContain('not to be copied')
})

test('an existing file is never overwritten, and what cannot be written is said', async () => {
  const { store } = await withUsers(temporaryFolder())
  const file = join(temporaryFolder(), 'one')
  writeFileSync(file, 'mine')
  await expect(store.backup(file)).rejects.toMatchObject({
    code: 'badRequest',
    message: expect.stringContaining(`${file} exists already`),
  })
  expect(readFileSync(file, 'utf8')).toBe('mine')
  await expect(store.backup(join(file, 'below'))).rejects.toMatchObject({ code: 'badRequest' })
  expect(await store.verify()).toMatchObject({ faults: [] })
})

test('a server starts on a restored folder and shows the same key', async () => {
  const folder = temporaryFolder()
  const first = await serve({ port: 0, host: '127.0.0.1', folder })
  await first.close()
  const store = await openStore(folder)
  const file = join(temporaryFolder(), 'backup')
  await store.backup(file)
  const restored = join(temporaryFolder(), 'new')
  restoreBackup(file, restored)
  const second = await serve({ port: 0, host: '127.0.0.1', folder: restored })
  expect(second.fingerprint).toBe(first.fingerprint)
  await second.close()
  const db = new DatabaseSync(join(restored, 'tchat.db'))
  expect(db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'backup_files'").get()).toBe(
    undefined,
  )
  db.close()
  expect(readFileSync(join(restored, 'tchat.db'), 'latin1')).not.toContain('PRIVATE KEY')
})

test('only a sound backup of tchat is restored, only into an empty folder', async () => {
  const { store, say } = await withUsers(temporaryFolder())
  await Promise.all(Array.from({ length: 500 }, (_, at) => say(`text ${at}`)))
  const place = temporaryFolder()
  const [file, cut, text] = [join(place, 'one'), join(place, 'cut'), join(place, 'text')]
  await store.backup(file)
  writeFileSync(cut, readFileSync(file))
  truncateSync(cut, statSync(file).size - 8_192)
  writeFileSync(text, 'no database at all, but long enough to be looked at as one '.repeat(20))
  const into = join(temporaryFolder(), 'new')
  expect(() => restoreBackup(join(place, 'none'), into)).toThrow(/there is no backup/)
  expect(() => restoreBackup(cut, into)).toThrow(/cut/)
  expect(() => restoreBackup(text, into)).toThrow(/is no backup of tchat/)
  expect(() => restoreBackup(file, place)).toThrow(/is not empty/)
  expect(existsSync(into)).toBe(false)
  restoreBackup(file, into)
  expect(() => restoreBackup(file, into)).toThrow(/is not empty/)
})
