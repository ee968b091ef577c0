import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import { StoreError } from '../../../src/server/store/store-error.ts'
import { restoreBackup } from '../../../src/server/store/upkeep/restore.ts'
import { OldDatabase } from '../../support/old-database.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

test('a database that is no backup is refused, also with its log beside it', async () => {
  const from = temporaryFolder()
  await filledStore(from)
  const copied = temporaryFolder()
  for (const name of ['tchat.db', 'tchat.db-wal']) {
    copyFileSync(join(from, name), join(copied, name))
  }
  for (const folder of [from, copied]) {
    const into = join(temporaryFolder(), 'new')
    const file = join(folder, 'tchat.db')
    expect(refusal(file, into)).toMatch(/tchat\.db was not written by 'tchat admin backup'/)
    expect(existsSync(into)).toBe(false)
  }
})

test('a backup of an older version is upgraded, and what is said of it is true', async () => {
  const file = oldBackup((old) => {
    const ann = old.user('ann', 'hash')
    const notes = old.direct(ann, ann)
    for (const text of ['one', 'two']) old.entry(notes, ann, 'text', { text })
    old.member(notes, ann, 1, old.last(notes))
  })
  const folder = join(temporaryFolder(), 'new')
  const verdict = restoreBackup(file, folder)
  expect(verdict).toEqual({ users: 1, conversations: 1, entries: 2, faults: [] })
  expect(await (await openStore(folder)).verify()).toEqual(verdict)
  expect(readdirSync(folder)).not.toContain('tchat.db.v1')
})

test('damage that only shows when it is upgraded leaves nothing behind', () => {
  const file = oldBackup((old) => {
    const ann = old.user('ann', 'hash')
    const notes = old.direct(ann, ann)
    old.entry(notes, ann, 'text', { text: 'one' })
    old.member(notes, ann + 1, 1, old.last(notes))
  })
  const outer = temporaryFolder()
  expect(refusal(file, join(outer, 'new', 'data'))).toMatch(/is damaged and was not restored/)
  expect(readdirSync(outer)).toEqual([])
  expect(refusal(file, outer)).toMatch(/is damaged and was not restored/)
  expect(readdirSync(outer)).toEqual([])
})

test.runIf(process.platform !== 'win32')('what is restored is its owner’s alone', async () => {
  const from = temporaryFolder()
  const store = await filledStore(from)
  writeFileSync(join(from, 'tls.pem'), 'the key')
  const file = join(temporaryFolder(), 'one')
  await store.backup(file)
  chmodSync(file, 0o644)
  const folder = join(temporaryFolder(), 'new')
  restoreBackup(file, folder)
  for (const name of ['tchat.db', 'tls.pem']) {
    expect([name, statSync(join(folder, name)).mode & 0o777]).toEqual([name, 0o600])
  }
})

test.runIf(process.platform === 'linux')(
  'what cannot be read or made is said in a line',
  async () => {
    const store = await filledStore(temporaryFolder())
    const place = temporaryFolder()
    const [file, pipe] = [join(place, 'one'), join(place, 'pipe')]
    await store.backup(file)
    execFileSync('mkfifo', [pipe])
    const into = join(temporaryFolder(), 'new')
    expect(refusal(place, into)).toMatch(/is a folder: name the file/)
    expect(refusal(pipe, into)).toMatch(/is no file: name the file/)
    expect(refusal(join(file, 'below'), into)).toMatch(/there is no backup|cannot be read/)
    expect(existsSync(into)).toBe(false)
    expect(refusal(file, '/proc/nope/below')).toMatch(/^the data folder \/proc\/nope\/below cannot/)
    expect(refusal(file, file)).toMatch(/is a file: choose another/)
    mkdirSync(into)
    restoreBackup(file, into)
  },
)

/** In one line. */
function refusal(file: string, folder: string): string {
  try {
    restoreBackup(file, folder)
  } catch (error) {
    expect(error).toBeInstanceOf(StoreError)
    const { message } = error as StoreError
    expect(message).not.toContain('\n')
    return message
  }
  return 'it was restored'
}

async function openStore(folder: string) {
  const store = await openSqliteStore({ folder, onAppended: () => undefined })
  onTestFinished(() => store.close())
  return store
}

async function filledStore(folder: string) {
  const store = await openStore(folder)
  for (const name of ['ann', 'bob']) {
    await store.createAccount({ name, passwordHash: 'x', time: 1, joins: 'lobby' })
  }
  return store
}

function oldBackup(fill: (old: OldDatabase) => void): string {
  const folder = temporaryFolder()
  {
    using old = new OldDatabase(folder)
    fill(old)
  }
  const file = join(temporaryFolder(), 'old')
  const db = new DatabaseSync(join(folder, 'tchat.db'))
  db.prepare('VACUUM INTO ?').run(file)
  db.close()
  const backup = new DatabaseSync(file)
  backup.exec('CREATE TABLE backup_files (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT')
  backup.close()
  return file
}
