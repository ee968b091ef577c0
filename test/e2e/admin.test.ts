import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { SessionFolder } from '../../src/net/files/sessions.ts'
import { jsonLines } from '../support/json-lines.ts'
import { type Output, run } from '../support/program.ts'
import type { RawClient } from '../support/raw-client.ts'
import { nonce, PASSWORD } from '../support/server.ts'
import { tlsClient } from '../support/sockets.ts'
import { type HomeServer, TestHome } from '../support/test-home.ts'

const home = new TestHome()

type Row = Readonly<Record<string, unknown>>

async function stop({ program }: HomeServer): Promise<Output> {
  program.kill('SIGTERM')
  return program.ended
}

async function register(server: HomeServer, name: string): Promise<RawClient> {
  const client = await tlsClient(server.port)
  await client.ask({ type: 'register', name, password: PASSWORD })
  return client
}

function say(client: RawClient, to: string, text: string) {
  return client.ask({ type: 'sendDirect', to, nonce: nonce(), text })
}

/** Succeeds, and answers what was printed. */
async function admin(...args: string[]): Promise<readonly Row[]> {
  const { code, stdout, stderr } = await run(['admin', '--json', ...args], home.env)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return jsonLines(stdout)
}

test('the same verbs work beside a running server and on its folder when it is stopped', async () => {
  const server = await home.serve()
  const ann = await register(server, 'ann')
  const bob = await register(server, 'bob')
  await say(ann, 'bob', 'hi')
  expect(await admin('status')).toMatchObject([{ online: 2, users: 2 }])
  expect(await admin('kick', 'bob')).toEqual([{ user: 'bob', sessionsEnded: 1 }])
  expect(await bob.closed).toBe('revoked')
  await admin('ban', 'bob', 'no', 'reason')
  const logIn = { type: 'logIn', name: 'bob', password: PASSWORD } as const
  expect((await (await tlsClient(server.port)).refusal(logIn)).text).toContain('no reason')
  await stop(server)

  expect(await admin('users')).toMatchObject([
    { user: 'ann', banned: false, online: false },
    { user: 'bob', banned: true, reason: 'no reason' },
  ])
  await admin('unban', 'bob')
  const [made] = await admin('password', 'bob')
  expect(await admin('export', 'user', 'ann')).toMatchObject([
    { group: 'lobby', kind: 'joined' },
    { between: ['ann', 'bob'], text: 'hi' },
  ])
  expect(await admin('verify')).toMatchObject([{ users: 2, faults: 0 }])

  const again = await home.serve()
  const password = String(made?.['password'])
  await (await tlsClient(again.port)).ask({ ...logIn, password })
})

test('an operator’s account works from elsewhere, with a password or a kept log-in', async () => {
  const server = await home.serve()
  const ann = await tlsClient(server.port)
  const { token } = await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  await register(server, 'bob')
  const to = ['--server', `127.0.0.1:${server.port}`, '--user', 'ann']
  const env = { ...home.env, TCHAT_PASSWORD: PASSWORD }
  const refused = await run(['admin', 'users', ...to], env)
  expect(refused).toMatchObject({ code: 1, stderr: 'tchat: only operators may do that\n' })
  await admin('operator', 'ann', 'on')
  const { code, stdout } = await run(['admin', 'users', ...to], env)
  expect({ code, lines: stdout.split('\n').length }).toEqual({ code: 0, lines: 4 })
  expect(stdout).toMatch(/^user +id +created +operator +banned/)
  expect(await admin('sessions', 'ann')).toHaveLength(1)
  const wrong = await run(['admin', 'users', ...to], { ...env, TCHAT_PASSWORD: 'not that one' })
  expect(wrong).toMatchObject({ code: 1, stderr: 'tchat: name or password is wrong\n' })
  const none = await run(['admin', 'users', ...to], home.env)
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('TCHAT_PASSWORD') })
  const own = await run(['admin', 'backup', home.path('b'), ...to], env)
  expect(own).toMatchObject({ code: 1, stderr: expect.stringContaining('owns the data folder') })
  await new SessionFolder(home.path('.local', 'state', 'tchat')).keep({
    server: `127.0.0.1:${server.port}`,
    plaintext: false,
    user: { id: '~u1', name: 'ann' },
    token,
    usedAt: 1,
  })
  expect(await admin('operators', ...to)).toMatchObject([{ user: 'ann' }])
  expect(await admin('sessions', 'ann')).toHaveLength(1)
})

test('a backup of a running server becomes a server with the same key and everything said', async () => {
  const server = await home.serve()
  const ann = await register(server, 'ann')
  await register(server, 'bob')
  for (let at = 0; at < 50; at += 1) await say(ann, 'bob', `text ${at}`)
  const writing = Array.from({ length: 200 }, (_, at) => say(ann, 'bob', `during ${at}`))
  const file = home.path('backup')
  expect(await admin('backup', file)).toMatchObject([{ file }])
  await Promise.all(writing)
  expect((await run(['admin', 'backup', file], home.env)).stderr).toContain('exists already')
  expect((await run(['admin', 'restore', file], home.env)).stderr).toContain('is not empty')

  const data = home.path('restored')
  expect(await admin('restore', file, '--data', data)).toMatchObject([{ users: 2, faults: 0 }])
  expect(await admin('verify', '--data', data)).toMatchObject([{ faults: 0 }])
  const second = await home.serve('--data', data)
  expect(second.key).toBe(server.key)
  const client = await tlsClient(second.port)
  await client.ask({ type: 'logIn', name: 'bob', password: PASSWORD })
  const { heads } = await client.ask({ type: 'sync' })
  const direct = heads.find(({ kind }) => kind === 'direct')
  expect(direct?.n).toBeGreaterThanOrEqual(50)
})

test('verify names what is damaged and ends with 1; a folder without data is never made', async () => {
  const server = await home.serve()
  const ann = await register(server, 'ann')
  await say(ann, 'ann', 'one')
  await say(ann, 'ann', 'two')
  await stop(server)
  const folder = home.path('.local', 'share', 'tchat', 'server')
  const db = new DatabaseSync(join(folder, 'tchat.db'))
  db.exec("DELETE FROM entries WHERE text = 'one'")
  db.close()
  const { code, stdout } = await run(['admin', 'verify'], home.env)
  expect(code).toBe(1)
  expect(stdout).toMatch(/^faults +[1-9]\n/m)
  expect(stdout).toMatch(/^fault +conversation ~c\w+: entry 2 stands where 1 should/m)
  const nowhere = await run(['admin', 'users', '--data', home.path('nowhere')], home.env)
  expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('--data') })
  expect(await run(['admin', 'verify', '--data', home.path('nowhere')], home.env)).toMatchObject({
    code: 1,
  })
})

test('no log has a password, a token, a code, a secret or what anybody said, at any level', async () => {
  const server = await home.serve('--log-level', 'debug', '--metrics', '0')
  const ann = await register(server, 'ann')
  const bob = await tlsClient(server.port)
  const { token } = await bob.ask({ type: 'register', name: 'bob', password: 'bob-password-1' })
  await say(ann, 'bob', 'a-text-of-ann')
  const group = { type: 'createGroup', nonce: nonce(), name: 'ops', members: ['bob'] } as const
  await ann.ask(group)
  await ann.ask({ type: 'sendGroup', group: 'ops', nonce: nonce(), text: 'a-text-in-ops' })
  await ann.refusal({ type: 'sendGroup', group: 'nowhere', nonce: nonce(), text: 'a-text-refused' })
  const logIn = { type: 'logIn', name: 'bob' } as const
  await (await tlsClient(server.port)).refusal({ ...logIn, password: 'a-wrong-password' })
  await (await tlsClient(server.port)).refusal({
    type: 'logIn',
    token: Buffer.from('a-token-that-is-wrong'),
  })
  const [invite] = await admin('invite', 'ops')
  await admin('revoke', String(invite?.['code']))
  const [made] = await admin('password', 'bob')
  await admin('ban', 'bob', 'a-reason-for-bob')
  const broken = await tlsClient(server.port)
  broken.stream.write('a-frame-that-is-none')
  await broken.closed
  const secret = readFileSync(home.path('.local', 'share', 'tchat', 'server', 'operator.secret'))
  const { stderr } = await stop(server)

  const events = stderr.trim().split('\n')
  for (const line of events) expect(Object.keys(JSON.parse(line)).slice(0, 3)).toHaveLength(3)
  expect(stderr).toContain('"event":"an operator acts"')
  expect(stderr).toContain('"event":"a log-in failed"')
  expect(stderr).toContain('"level":"debug"')
  const known = [
    PASSWORD,
    'bob-password-1',
    'a-wrong-password',
    'a-text-of-ann',
    'a-text-in-ops',
    'a-text-refused',
    'a-token-that-is-wrong',
    'a-reason-for-bob',
    'a-frame-that-is-none',
    String(invite?.['code']),
    String(made?.['password']),
    secret.toString(),
    Buffer.from(token).toString('hex'),
    Buffer.from(token).toString('base64'),
    'PRIVATE KEY',
  ]
  expect(known.filter((each) => stderr.includes(each))).toEqual([])
})

test('the metrics of a server are where it says, and it knows which flags are wrong', async () => {
  const server = await home.serve('--metrics', '0')
  const [url] = await server.program.waitFor(/http:\S+\/health/)
  const health = await fetch(url)
  expect({ status: health.status, text: await health.text() }).toEqual({
    status: 200,
    text: 'ok\n',
  })
  for (const [flag, value] of [
    ['--metrics', 'here'],
    ['--metrics', '1.2.3.4.5:80'],
    ['--log-level', 'loud'],
  ] as const) {
    const { code, stderr } = await run(['--serve', flag, value], home.env)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`${flag} '`) })
  }
})
