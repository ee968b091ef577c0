import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { openDatabase } from '../../src/server/store/database.ts'
import { Program } from '../support/program.ts'
import { PROGRAM } from '../support/pty.ts'
import type { RawClient } from '../support/raw-client.ts'
import { nonce, PASSWORD } from '../support/server.ts'
import { plainClient } from '../support/sockets.ts'
import { TestHome } from '../support/test-home.ts'
import { wholeLog } from '../support/whole-log.ts'

/** No file that the program writes may become larger, in the shell's units of half a KiB. */
const limitedTo = (units: number) => ['sh', '-c', `ulimit -f ${units}; exec "$@"`, 'sh']
const LONG = 'x'.repeat(8_000)
/** Linux lets processes have file systems of their own, mostly. */
const mayMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

const home = new TestHome()

test.each<[string, (folder: string) => void, RegExp]>([
  [
    'a database of a newer tchat',
    (folder) =>
      databaseIn(folder, `PRAGMA application_id = ${0x74636874}; PRAGMA user_version = 99`),
    /tchat\.db has version 99, .*newer tchat; run that one$/,
  ],
  [
    'a database that is another program’s',
    (folder) => databaseIn(folder, 'CREATE TABLE theirs (x TEXT)'),
    /tchat\.db belongs to another program: choose another folder with --data$/,
  ],
  [
    'a file that is no database',
    (folder) => writeFileSync(`${folder}/tchat.db`, 'dear diary, '.repeat(100)),
    /tchat\.db is not a database: restore the last backup/,
  ],
  [
    'a key file that holds none',
    (folder) => {
      openDatabase(folder).close()
      writeFileSync(`${folder}/tls.pem`, 'not PEM')
    },
    /tls\.pem should hold a certificate in PEM/,
  ],
])('%s: the server says so in one line and exits 1', async (_, prepare, words) => {
  mkdirSync(home.path('data'), 0o700)
  prepare(home.path('data'))
  await expectRefusal(serve([], ['--data', home.path('data')]), words)
})

test('a database that another program has locked is said to be', async () => {
  mkdirSync(home.path('data'), 0o700)
  using other = new DatabaseSync(home.path('data', 'tchat.db'))
  other.exec('BEGIN EXCLUSIVE; CREATE TABLE theirs (x TEXT)')
  const words = /tchat\.db is locked by another program: end that one, then start again$/
  await expectRefusal(serve([], ['--data', home.path('data')]), words)
})

test('a folder that cannot be made, an address that is not ours: one line, exit 1', async () => {
  // For the administrator, whom modes do not stop, one that the system keeps for itself.
  const folder = process.getuid?.() === 0 ? '/proc/tchat' : home.path('locked')
  if (process.getuid?.() !== 0) mkdirSync(folder, { mode: 0o500 })
  await expectRefusal(serve([], ['--data', folder]), /data folder .* cannot be/)
  await expectRefusal(serve([], ['--host', '192.0.2.77']), /192\.0\.2\.77 is no address of this/)
})

test.runIf(mayMount)('a disk that may only be read: one line, exit 1', async () => {
  const data = home.path('data')
  const token = await accountIn(data)
  const disk = home.path('disk')
  mkdirSync(disk)
  const mounted =
    'mount -t tmpfs tmpfs "$0" && cp -a "$1" "$0" && mount -o remount,ro "$0" && shift'
  const under = ['unshare', '-rm', 'sh', '-c', `${mounted} && exec "$@"`, disk, data]
  await expectRefusal(
    serve(under, ['--data', `${disk}/data`]),
    /disk\/data cannot be written, its disk may only be read: mount it for writing/,
  )
  // What was copied there is whole: it is the disk that was refused.
  const again = await plainClient(await portOf(serve([], ['--data', data])))
  await again.ask({ type: 'logIn', token })
})

test('a disk that takes nothing from the start: one line, exit 1', async () => {
  await expectRefusal(serve(limitedTo(8)), /the disk of the data folder .* fails .*: check it/)
})

test('a disk that becomes full: senders are told, others are served, what was acknowledged stays', async () => {
  const server = serve(limitedTo(3_000))
  const port = await portOf(server)
  const ann = await plainClient(port)
  const { token } = await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const acknowledged = await sayUntilRefused(ann, 'unavailable')
  expect(acknowledged.length).toBeGreaterThan(50)

  const again = await plainClient(port)
  await again.ask({ type: 'logIn', token })
  expect(await wordsOf(again)).toEqual(acknowledged)
  expect((await refusalOf(again, LONG)).code).toBe('unavailable')

  server.kill('SIGTERM')
  const { code, stderr } = await server.ended
  expect(code).toBe(0)
  expect(stderr).not.toMatch(/^\s+at /m)

  const roomy = await plainClient(await portOf(serve([])))
  await roomy.ask({ type: 'logIn', token })
  expect(await wordsOf(roomy)).toEqual(acknowledged)
  await roomy.ask({ type: 'sendDirect', to: 'ann', nonce: nonce(), text: 'room again' })
})

test.runIf(mayMount)(
  'before a real disk is full nothing new is taken, and with room again it goes on',
  async () => {
    const disk = home.path('disk')
    mkdirSync(disk)
    // A disk of its own, with 72 MiB free: of these 64 are kept for what is not new.
    const mounted = 'mount -t tmpfs -o size=120m tmpfs "$0" && head -c 48m /dev/zero > "$0/ballast"'
    const under = ['unshare', '-rm', 'sh', '-c', `${mounted} && exec "$@"`, disk]
    const server = serve(under, ['--data', `${disk}/data`])
    const ann = await plainClient(await portOf(server))
    await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
    const acknowledged = await sayUntilRefused(ann, 'storageFull')
    expect(await wordsOf(ann)).toEqual(acknowledged)

    const [, pid] = await server.waitFor(/kill (\d+)/)
    rmSync(`/proc/${pid}/root${disk}/ballast`)
    await expect.poll(() => isTaken(ann)).toBe(true)
    expect((await wordsOf(ann)).slice(0, acknowledged.length)).toEqual(acknowledged)
  },
)

test('a database that is locked while it is served: senders are told, and go on when it is free', async () => {
  const port = await portOf(serve([], ['--data', home.path('data')]))
  const ann = await plainClient(port)
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const draft = { type: 'sendDirect', to: 'ann', nonce: nonce(), text: 'first' } as const
  const before = await ann.ask(draft)
  {
    using other = new DatabaseSync(home.path('data', 'tchat.db'))
    other.exec('BEGIN IMMEDIATE')
    expect((await refusalOf(ann, 'while locked')).code).toBe('unavailable')
    other.exec('ROLLBACK')
  }
  expect((await ann.ask(draft)).seq).toBe(before.seq)
  await ann.ask({ ...draft, nonce: nonce(), text: 'second' })
  expect(await wordsOf(ann)).toEqual(['first', 'second'])
})

/** A data folder that was served, with an account in it; answers its token. */
async function accountIn(folder: string): Promise<Uint8Array> {
  const server = serve([], ['--data', folder])
  const ann = await plainClient(await portOf(server))
  const { token } = await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  server.kill('SIGTERM')
  await server.ended
  return token
}

function serve(under: readonly string[], args: readonly string[] = []): Program {
  const host = args.includes('--host') ? [] : ['--host', '127.0.0.1']
  const all = ['--serve', '--port', '0', ...host, ...args]
  const program = home.keep(new Program(all, home.env, PROGRAM, under))
  return program
}

async function portOf(server: Program): Promise<number> {
  const [, port] = await server.waitFor(/127\.0\.0\.1:(\d+)[\s\S]*Ctrl-C/)
  return Number(port)
}

async function expectRefusal(server: Program, words: RegExp): Promise<void> {
  const { code, stdout, stderr } = await server.ended
  expect(stderr).toMatch(/^tchat: .*\n$/)
  expect(stderr.trimEnd()).toMatch(words)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
}

function databaseIn(folder: string, sql: string): void {
  using db = new DatabaseSync(`${folder}/tchat.db`)
  db.exec(`CREATE TABLE something (x TEXT); ${sql}`)
}

/** Long texts to oneself, until the server takes no more: the first word of each. */
async function sayUntilRefused(
  client: RawClient,
  code: 'unavailable' | 'storageFull',
): Promise<readonly string[]> {
  const acknowledged: string[] = []
  for (;;) {
    const word = `${acknowledged.length}`
    const text = `${word} ${LONG}`
    const said = client.ask({ type: 'sendDirect', to: 'ann', nonce: nonce(), text })
    const refused = await said.then(
      () => undefined,
      (error: Error) => error.message,
    )
    if (refused === undefined) acknowledged.push(word)
    else {
      expect(refused).toMatch(new RegExp(`^${code}: `))
      return acknowledged
    }
  }
}

function isTaken(client: RawClient): Promise<boolean> {
  return client.ask({ type: 'sendDirect', to: 'ann', nonce: nonce(), text: 'more' }).then(
    () => true,
    () => false,
  )
}

function refusalOf(client: RawClient, text: string) {
  return client.refusal({ type: 'sendDirect', to: 'ann', nonce: nonce(), text })
}

/** What the client's Notes hold: the first word of each. */
async function wordsOf(client: RawClient): Promise<readonly string[]> {
  const { heads } = await client.ask({ type: 'sync' })
  const notes = heads.find(({ kind }) => kind === 'direct')
  const log = await wholeLog(client, notes?.conversation ?? '')
  return log.map(({ text }) => text.split(' ')[0] ?? '')
}
