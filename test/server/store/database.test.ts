import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { type Log, type LogFields, silentLog } from '../../../src/server/log.ts'
import { explaining, openDatabase } from '../../../src/server/store/database.ts'
import { noteHolder } from '../../../src/server/store/folder.ts'
import { migrations } from '../../../src/server/store/schema.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import type { Store } from '../../../src/server/store/store.ts'
import { FolderServedError, StoreError } from '../../../src/server/store/store-error.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** The first schema, as published: DO NOT EDIT. Databases made by it exist. */
const first = readFileSync(new URL('../../golden/schema-v1.sql', import.meta.url), 'utf8')

test('the first schema is what it was', () => {
  expect(migrations[0]?.trim()).toBe(first.trim())
})

test('a database made by the first schema is migrated, with everything in it', async () => {
  const folder = temporaryFolder()
  const db = databaseOf(folder, 1)
  db.exec(`
    INSERT INTO users VALUES (1, 'Ann', 'ann', 'hash', 5), (2, 'bob', 'bob', 'hash', 6);
    INSERT INTO conversations VALUES (1, 1, 1, 2, NULL, NULL, 2, 1, 7);
    INSERT INTO memberships VALUES (1, 1, 1, 1, 0, 2, 2, 2), (1, 2, 1, 1, 0, 1, 0, 0);
    INSERT INTO entries VALUES (1, 1, 7, 1, 1, 1, NULL, x'01010101010101010101010101010101', 'hi');
    INSERT INTO nonces VALUES (1, 1, x'01010101010101010101010101010101', 1, 2019346943);
    INSERT INTO journal VALUES
      (1, 1, 2, 8, 1, 1, 2, NULL, x'02020202020202020202020202020202', 'there');
    INSERT INTO contacts VALUES (1, 2);`)
  db.close()
  const store = await opened(folder)
  const query = { user: '~u2', after: '', limit: 9, conversations: [] }
  expect((await store.heads(query)).items).toMatchObject([
    { last: 2, n: 2, delivered: 1, readN: 0 },
  ])
  const log = await store.read('~c1', 0, 10)
  expect(log.map(({ name, text }) => `${name}: ${text}`)).toEqual(['Ann: hi', 'Ann: there'])
  for (const [index, text] of ['hi', 'there'].entries()) {
    const nonce = Buffer.alloc(16, index + 1)
    const message = { sender: '~u1', kind: 'direct', target: 'bob', nonce, text, time: 9 } as const
    expect(await store.append(message)).toMatchObject({ seq: index + 1, time: 7 + index })
  }
  expect(await store.contacts('~u1', '', 9)).toMatchObject({ items: [{ user: { name: 'bob' } }] })
})

test('before a migration a copy of the old database is made beside it', () => {
  const folder = temporaryFolder()
  databaseOf(folder, 1).close()
  const db = openDatabase(folder, [...migrations, 'CREATE TABLE later (x TEXT) STRICT'])
  expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: migrations.length + 1 })
  expect(tablesOf(db)).toContain('later')
  db.close()
  const copy = new DatabaseSync(join(folder, 'tchat.db.v1'))
  expect(tablesOf(copy)).toContain('users')
  expect(tablesOf(copy)).not.toContain('later')
  copy.close()
})

test('a copy that is there already is another one’s: the new one has a name of its own', async () => {
  const folder = temporaryFolder()
  for (const name of ['tchat.db.v1', 'tchat.db.v1-2']) writeFileSync(join(folder, name), 'kept')
  databaseOf(folder, 1).close()
  const { lines } = await openedWithLog(folder)
  const copy = join(folder, 'tchat.db.v1-3')
  expect(lines).toEqual([['info', 'the database was upgraded', { from: 1, to: 2, copy }]])
  const kept = new DatabaseSync(copy)
  expect(tablesOf(kept)).toContain('users')
  kept.close()
  expect(readFileSync(join(folder, 'tchat.db.v1'), 'utf8')).toBe('kept')
})

test.each(['gone', 'empty'])(
  'a database that is %s where a server had its data is not begun anew',
  async (how) => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'tls.pem'), 'the key')
    if (how === 'empty') writeFileSync(join(folder, 'tchat.db'), '')
    await refusal(
      folder,
      /tchat\.db is gone or empty, but .*tls\.pem shows .*restore the last backup/,
    )
    if (how === 'gone') expect(existsSync(join(folder, 'tchat.db'))).toBe(false)
  },
)

test.runIf(process.platform !== 'win32')('what was copied there is closed to others', async () => {
  const folder = join(temporaryFolder(), 'data')
  mkdirSync(folder)
  chmodSync(folder, 0o755)
  openDatabase(folder).close()
  const names = ['tchat.db', 'tchat.db.v1', 'tls.pem', 'search.db', 'operator.secret']
  for (const name of names) {
    if (name !== 'tchat.db') writeFileSync(join(folder, name), '')
    chmodSync(join(folder, name), 0o644)
  }
  writeFileSync(join(folder, 'theirs'), '')
  chmodSync(join(folder, 'theirs'), 0o644)
  const { lines } = await openedWithLog(folder)
  const modes = [...names, 'theirs'].map((name) => statSync(join(folder, name)).mode & 0o777)
  expect(modes).toEqual([0o600, 0o600, 0o600, 0o600, 0o600, 0o644])
  expect(lines).toEqual([['warn', 'others may look into the data folder', { folder, mode: '755' }]])
})

test('a migration that fails leaves the database as it was', () => {
  const folder = temporaryFolder()
  openDatabase(folder).close()
  const steps = [...migrations, 'CREATE TABLE half (x TEXT) STRICT; INSERT INTO nowhere VALUES (1)']
  expect(() => openDatabase(folder, steps)).toThrow('nowhere')
  const db = openDatabase(folder)
  expect(tablesOf(db)).not.toContain('half')
  db.close()
})

test('a database of a newer version is refused by name', async () => {
  const folder = temporaryFolder()
  databaseOf(folder, 99).close()
  await refusal(folder, /version 99, this tchat knows versions up to \d+.*newer tchat/)
})

test('a database of another program is refused', async () => {
  const folder = temporaryFolder()
  const db = new DatabaseSync(join(folder, 'tchat.db'))
  db.exec('CREATE TABLE theirs (x TEXT)')
  db.close()
  await refusal(folder, /tchat\.db belongs to another program/)
})

test('a file that is no database is refused, and left alone', async () => {
  const folder = temporaryFolder()
  const path = join(folder, 'tchat.db')
  writeFileSync(path, 'dear diary, '.repeat(100))
  await refusal(folder, /tchat\.db is not a database/)
  expect(readFileSync(path, 'utf8')).toBe('dear diary, '.repeat(100))
})

test('a folder that is a file, or cannot be written, is refused', async () => {
  const folder = temporaryFolder()
  const file = join(folder, 'file')
  writeFileSync(file, '')
  await refusal(file, /file is a file/)
  await refusal(join(file, 'below'), /below is a file|file is a file/)
  await refusal(unwritable(), /cannot be written: change who owns it/)
})

test.runIf(process.platform === 'linux')('where no folder can be made, that is said', async () => {
  await refusal('/proc/nope/below', /^the data folder \/proc\/nope\/below cannot/)
})

test('what else the system refuses is said in one line, naming the folder', () => {
  const folder = temporaryFolder()
  const said = (code: object) => {
    const fail = () => {
      throw Object.assign(new Error('no such luck'), code)
    }
    try {
      explaining(folder, fail)
    } catch (error) {
      return error instanceof StoreError ? error.message : undefined
    }
    return undefined
  }
  const full = `the disk of the data folder ${folder} is full: make room, then start again`
  expect(said({ code: 'ENOSPC' })).toBe(full)
  expect(said({ code: 'ERR_SQLITE_ERROR', errcode: 13 })).toBe(full)
  const damaged = said({ code: 'ERR_SQLITE_ERROR', errcode: 11 | (3 << 8) })
  expect(damaged).toMatch(/tchat\.db is damaged: restore the last backup into a new folder/)
  expect(said({ code: 'EROFS' })).toMatch(/cannot be written/)
  expect(said({})).toBe(`the data folder ${folder} cannot be used: no such luck`)
})

test('a second server on a folder is told of the first, until that has closed', async () => {
  const folder = temporaryFolder()
  const store = await opened(folder)
  const words = new RegExp(`${folder} is being served.*process ${process.pid}`)
  expect(await refusal(folder, words)).toBeInstanceOf(FolderServedError)
  noteHolder(folder, '192.0.2.1:8000')
  await refusal(folder, /process \d+ at 192\.0\.2\.1:8000/)
  await store.close()
  await opened(folder)
})

test.runIf(process.platform !== 'win32')('folder and files are their owner’s alone', async () => {
  const before = process.umask(0)
  onTestFinished(() => {
    process.umask(before)
  })
  const folder = join(temporaryFolder(), 'new', 'data')
  await (await opened(folder)).close()
  // As an unpacked copy could be.
  chmodSync(join(folder, 'tchat.db'), 0o644)
  await opened(folder)
  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8)
  expect(modeOf(folder)).toBe('700')
  for (const name of ['tchat.db', 'tchat.db-wal', 'tchat.db-shm', 'lock', 'served-by']) {
    expect(existsSync(join(folder, name)) ? [name, modeOf(join(folder, name))] : name).toEqual([
      name,
      '600',
    ])
  }
})

function databaseOf(folder: string, version: number): DatabaseSync {
  const db = new DatabaseSync(join(folder, 'tchat.db'))
  db.exec(`PRAGMA auto_vacuum = INCREMENTAL; ${first};
    PRAGMA application_id = ${0x74636874}; PRAGMA user_version = ${version}`)
  return db
}

function tablesOf(db: DatabaseSync): readonly unknown[] {
  const rows = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all()
  return rows.map((row) => row['name'])
}

async function opened(folder: string, log: Log = silentLog): Promise<Store> {
  const store = await openSqliteStore({ folder, onAppended: () => undefined, log })
  onTestFinished(() => store.close())
  return store
}

async function openedWithLog(folder: string) {
  const lines: (readonly [string, string, LogFields | undefined])[] = []
  const at = (level: string) => (event: string, fields?: LogFields) => {
    lines.push([level, event, fields])
  }
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  return { store: await opened(folder, log), lines }
}

async function refusal(folder: string, words: RegExp): Promise<StoreError> {
  const error = await opened(folder).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof StoreError)) expect.unreachable(`not a StoreError: ${error}`)
  expect(error.message).toMatch(words)
  expect(error.message).not.toContain('\n')
  return error
}

/** A folder that this process cannot write in; the system’s own, for whom modes do not count. */
function unwritable(): string {
  if (process.getuid?.() === 0) return process.platform === 'linux' ? '/sys/tchat' : '/System/tchat'
  const folder = join(temporaryFolder(), 'locked')
  mkdirSync(folder)
  chmodSync(folder, 0o500)
  return folder
}
