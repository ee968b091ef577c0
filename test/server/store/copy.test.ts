import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { Client } from 'pg'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { copyFolder } from '../../../src/server/admin/folder.ts'
import type { CopyProgress } from '../../../src/server/store/copy/copy.ts'
import { openPostgresStore } from '../../../src/server/store/postgres/postgres.ts'
import { withSharedFiles } from '../../../src/server/store/postgres/shared-files.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import type { Store } from '../../../src/server/store/store.ts'
import { nextTime } from '../../support/counted.ts'
import { everythingIn, type Filled, fill, foundIn } from '../../support/full-store.ts'
import { emptySchema, postgresIsHere, runSql } from '../../support/postgres.ts'
import { POSTGRES_LACKS } from '../../support/postgres-server.ts'
import { SeededRandom } from '../../support/seeded-random.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

beforeEach(({ skip }) => skip(!postgresIsHere, POSTGRES_LACKS))

test('whatever can be asked of a folder’s store, its copy answers the same', async () => {
  const { folder, filled } = await filledFolder()
  const url = await emptySchema()
  const told: CopyProgress[] = []
  expect(stagedIn(folder)).toBeGreaterThan(10)
  const verdict = await copyFolder(folder, { url, onProgress: (each) => told.push(each) })
  const own = await openSqlite(folder)
  const copied = await openPostgres(url)
  const everything = await everythingIn(own)
  expect(await everythingIn(copied)).toEqual(everything)
  expect(verdict).toEqual(everything.verdict)
  expect(await foundIn(copied)).toEqual(await foundIn(own))
  expect(await copied.append(filled.last)).toEqual(await own.append(filled.last))
  expect(sums(told, 'copied')).toEqual(sums(told, 'compared'))
  expect(sums(told, 'copied')['entries']).toBeGreaterThan(10)
}, 120_000)

test('a copy goes on as the folder would: new people, groups and texts, and no journal', async () => {
  const { folder, filled } = await filledFolder(40)
  const url = await emptySchema()
  await copyFolder(folder, { url })
  expect(await runSql(url, 'SELECT count(*)::int AS n FROM journal')).toEqual([{ n: 0 }])
  const [own, copied] = [await openSqlite(folder), await openPostgres(url)]
  const after = async (store: Store) => {
    const account = { name: 'new', passwordHash: '', time: 1_000, joins: 'lobby' }
    const user = await store.createAccount(account)
    const group = { by: user.id, nonce: Buffer.alloc(16, 1), name: 'newer', time: 1_001 }
    const made = await store.createGroup({ ...group, members: ['ann'] })
    const text = { ...filled.last, nonce: Buffer.alloc(16, 2), time: 1_002 }
    return [user, made, await store.append(text), (await store.verify()).faults]
  }
  expect(await after(copied)).toEqual(await after(own))
})

test('of the folder no byte of what is kept is changed', async () => {
  const { folder } = await filledFolder(40)
  const before = kept(folder)
  await copyFolder(folder, { url: await emptySchema() })
  expect(kept(folder)).toEqual(before)
})

test('killed again and again in the middle, it goes on where it was', async () => {
  const { folder } = await filledFolder()
  const url = await emptySchema()
  const random = new SeededRandom(5)
  const somewhere = [1, 2, 3].map(() => `${2 + random.below(30)}`)
  const ends = [...somewhere, 'compared invite_uses', 'check copy']
  for (const [at, end] of ends.entries()) {
    const { signal } = await copying(folder, url, end, at % 2 === 0 ? 'later' : 'now')
    expect(signal, end).toBe('SIGKILL')
    await expect(openPostgres(url)).rejects.toThrow(/not finished: 'tchat admin copy' goes on/)
  }
  const { lines } = await copying(folder, url)
  // All rows were there, compared and in their places.
  expect(lines).toEqual(['check copy', 'done'])
  const [own, copied] = [await openSqlite(folder), await openPostgres(url)]
  expect(await everythingIn(copied)).toEqual(await everythingIn(own))
}, 120_000)

test('a connection that is lost is told in a line, and the same call goes on', async () => {
  const { folder } = await filledFolder(40)
  const url = await emptySchema()
  await begin(folder, url)
  const holder = new Client({ connectionString: url.replace(/&application_name=.*$/, '') })
  await holder.connect()
  onTestFinished(() => holder.end())
  await holder.query('BEGIN; LOCK TABLE nonces')
  const told: string[] = []
  const onProgress = ({ table }: CopyProgress) => told.push(table)
  const failed = expect(copyFolder(folder, { url, onProgress })).rejects.toThrow(
    /^the copy was interrupted: .*; the same command goes on from there$/,
  )
  // It has come to that table, and waits.
  while ((await runSql(url, `SELECT 1 ${OWN} AND wait_event = 'relation'`)).length === 0) {
    await new Promise(setImmediate)
  }
  await runSql(url, `SELECT pg_terminate_backend(pid) ${OWN}`)
  await failed
  expect(told).toContain('entries')
  await holder.query('ROLLBACK')
  const again: CopyProgress[] = []
  await copyFolder(folder, { url, onProgress: (each) => again.push(each) })
  const entries = again.find(({ table }) => table === 'entries')
  expect(entries).toMatchObject({ step: 'copied', before: entries?.of })
  expect((await (await openPostgres(url)).verify()).faults).toEqual([])
})

test('where the copy cannot be checked that is told in a line, and the same call goes on', async () => {
  const { folder } = await filledFolder(40)
  const { url, open, shut } = doorTo(await emptySchema())
  const onCheck = (what: 'folder' | 'copy') => {
    if (what === 'copy') shut()
  }
  await expect(copyFolder(folder, { url, onCheck })).rejects.toThrow(
    /^the copy was interrupted: .*; the same command goes on from there$/,
  )
  open()
  expect((await copyFolder(folder, { url })).faults).toEqual([])
  const store = await openPostgres(url)
  shut()
  await expect(store.verify()).rejects.toMatchObject({ code: 'unavailable' })
})

/** Another way to the database. Shut, no new connection goes through; those that there are go on. */
function doorTo(schema: string) {
  const url = new URL(schema)
  const [place, door] = [decodeURIComponent(url.hostname), temporaryFolder()].map((folder) => {
    return join(folder, '.s.PGSQL.5432')
  })
  if (place === undefined || door === undefined) throw new Error('two were made')
  const open = () => symlinkSync(place, door)
  open()
  url.hostname = encodeURIComponent(dirname(door))
  return { url: url.href, open, shut: () => rmSync(door) }
}

test.each([
  [
    'another row',
    "UPDATE users SET name = 'Ann' WHERE id = 1",
    'users: row (1) is another one, or missing',
  ],
  [
    'a row that is gone',
    'DELETE FROM users WHERE id = 2',
    'users: row (2) is another one, or missing',
  ],
  ['a row too many', 'INSERT INTO blocks VALUES (9, 9)', 'blocks: row (9, 9) is in the copy alone'],
])('%s in the copy is found, and no server may have it', async (_, sql, words) => {
  const { folder } = await filledFolder(40)
  const url = await emptySchema()
  // All is there, and nothing was compared yet.
  const stop = ({ step, table }: CopyProgress) => {
    if (step === 'copied' && table === 'invite_uses') throw new Error('ended here')
  }
  await expect(copyFolder(folder, { url, onProgress: stop })).rejects.toThrow('ended here')
  await runSql(url, sql)
  await expect(copyFolder(folder, { url })).rejects.toThrow(words)
  await expect(openPostgres(url)).rejects.toThrow(/is not finished/)
})

test('a database with anything else in it is refused, and stays as it is', async () => {
  const { folder } = await filledFolder(10)
  const [foreign, server, whole, begun] = [
    await emptySchema(),
    await emptySchema(),
    await emptySchema(),
    await emptySchema(),
  ]
  await runSql(foreign, 'CREATE TABLE mine (a text)')
  await (await openPostgresStore({ url: server, onAppended })).close()
  await copyFolder(folder, { url: whole })
  const { folder: other } = await filledFolder(10)
  await begin(other, begun)
  for (const [url, words] of [
    [foreign, /has tables of another program \(mine\): name an empty database with --to/],
    [server, /has the data of a server already: name an empty database with --to/],
    [whole, /has the whole copy of .* already: start servers on it with --store/],
    [begun, /has a copy of another server's data \(.*\) that is not finished: name an empty/],
  ] as const) {
    const before = await contentOf(url)
    await expect(copyFolder(folder, { url })).rejects.toThrow(words)
    expect(await contentOf(url)).toEqual(before)
  }
}, 120_000)

test('what was said in the folder since a copy was begun makes that one useless', async () => {
  const { folder } = await filledFolder(10)
  const url = await emptySchema()
  await begin(folder, url)
  const store = await openSqliteStore({ folder, onAppended })
  const [ann = ''] = [(await store.findUser('ann'))?.id]
  const text = { kind: 'direct', target: 'bob', nonce: Buffer.alloc(16, 9), text: 'more' } as const
  await store.append({ ...text, sender: ann, time: nextTime() })
  await store.close()
  await expect(copyFolder(folder, { url })).rejects.toThrow(
    /the data in the folder have changed .*: begin anew with an empty database/,
  )
})

test('of two that copy into one database at once, the second waits, and finds it done', async () => {
  const { folder } = await filledFolder(40)
  const other = temporaryFolder()
  cpSync(folder, other, { recursive: true })
  const url = await emptySchema()
  const both = await Promise.allSettled([folder, other].map((each) => copyFolder(each, { url })))
  const said = both.map((one) => (one.status === 'fulfilled' ? 'done' : String(one.reason)))
  expect(said.sort()).toEqual([
    expect.stringMatching(/^StoreError: .* has the whole copy of .* already/),
    'done',
  ])
})

test('a folder that is served, damaged or none at all is refused, and nothing is made', async () => {
  const url = await emptySchema()
  const { folder } = await filledFolder(10)
  const store = await openSqliteStore({ folder, onAppended })
  await expect(copyFolder(folder, { url })).rejects.toThrow(/is being served by another tchat/)
  await store.close()
  const db = new DatabaseSync(join(folder, 'tchat.db'))
  db.exec('DELETE FROM memberships WHERE user = 1')
  db.close()
  await expect(copyFolder(folder, { url })).rejects.toThrow(/is damaged and was not copied: conv/)
  await expect(copyFolder(temporaryFolder(), { url })).rejects.toThrow(/no server's data in/)
  expect(await contentOf(url)).toEqual([])
})

test('a node of the copy shows the key of the folder and knows its secret', async () => {
  const { folder } = await filledFolder(10)
  const url = await emptySchema()
  await copyFolder(folder, { url })
  const node = temporaryFolder()
  await withSharedFiles(url, node, async () => undefined)
  for (const name of ['tls.pem', 'operator.secret']) {
    expect(readFileSync(join(node, name), 'utf8')).toBe(readFileSync(join(folder, name), 'utf8'))
  }
})

const onAppended = () => undefined
const OWN = `FROM pg_stat_activity
  WHERE application_name = current_setting('application_name') AND pid <> pg_backend_pid()`

/** What a server leaves behind that was killed: some of it is in its journal, much in SQLite's log. */
async function filledFolder(rounds?: number): Promise<{ folder: string; filled: Filled }> {
  const [served, folder] = [temporaryFolder(), temporaryFolder()]
  const store = await openSqliteStore({ folder: served, onAppended })
  const filled = await fill(store, rounds)
  for (const name of ['tchat.db', 'tchat.db-wal']) cpSync(join(served, name), join(folder, name))
  await store.close()
  writeFileSync(join(folder, 'tls.pem'), `the key of ${folder}`)
  writeFileSync(join(folder, 'operator.secret'), `the secret of ${folder}`)
  return { folder, filled }
}

async function openSqlite(folder: string): Promise<Store> {
  const store = await openSqliteStore({ folder, onAppended })
  onTestFinished(() => store.close())
  return store
}

async function openPostgres(url: string): Promise<Store> {
  const store = await openPostgresStore({ url, onAppended })
  onTestFinished(() => store.close())
  return store
}

/** Begins a copy that is not finished. */
async function begin(folder: string, url: string): Promise<void> {
  const stop = () => {
    throw new Error('ended here')
  }
  await expect(copyFolder(folder, { url, onProgress: stop })).rejects.toThrow('ended here')
}

/** Runs a process that copies until it has killed itself, or is done. */
async function copying(folder: string, url: string, ...end: readonly string[]) {
  const program = fileURLToPath(new URL('../../support/copying.ts', import.meta.url))
  const child = spawn(process.execPath, [program, folder, url, ...end], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk
  })
  const [, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { signal, lines: output.split('\n').filter(Boolean) }
}

function sums(told: readonly CopyProgress[], step: string) {
  const rows = new Map<string, number>()
  for (const each of told) if (each.step === step) rows.set(each.table, each.rows)
  return Object.fromEntries(rows)
}

/** Entries that are in the journal alone. */
function stagedIn(folder: string): number {
  const db = new DatabaseSync(join(folder, 'tchat.db'), { readOnly: true })
  const row = db
    .prepare(
      `SELECT count(*) AS n FROM journal j WHERE NOT EXISTS
         (SELECT 1 FROM entries e WHERE e.conversation = j.conversation AND e.seq = j.seq)`,
    )
    .get()
  db.close()
  return Number(row?.['n'])
}

/** What is in the files that a server needs; the lock and what SQLite has in memory are not among them. */
function kept(folder: string) {
  const names = readdirSync(folder).filter((name) =>
    /^(tchat|search)\.db(-wal)?$|^(tls|op)/.test(name),
  )
  return names.map((name) => {
    const content = readFileSync(join(folder, name))
    return [name, createHash('sha256').update(content).digest('hex')]
  })
}

async function contentOf(url: string) {
  const made = (await runSql(
    url,
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1',
  )) as { name: string }[]
  const all: unknown[] = []
  for (const { name } of made) all.push([name, await runSql(url, `SELECT * FROM "${name}"`)])
  return all
}
