import { Client } from 'pg'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { copyFolder } from '../../src/server/admin/folder.ts'
import { emptySchema, postgresIsHere, runSql } from '../support/postgres.ts'
import { POSTGRES_LACKS } from '../support/postgres-server.ts'
import { type Output, Program, run } from '../support/program.ts'
import { nonce, PASSWORD } from '../support/server.ts'
import { tlsClient } from '../support/sockets.ts'
import { TestHome } from '../support/test-home.ts'

beforeEach(({ skip }) => skip(!postgresIsHere, POSTGRES_LACKS))

const home = new TestHome()

test('a server’s folder becomes a database of which a node shows the same key, knows who was logged in, and finds what was said', async () => {
  const server = await home.serve()
  const ann = await tlsClient(server.port)
  const { token } = await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  const bob = await tlsClient(server.port)
  await bob.ask({ type: 'register', name: 'bob', password: PASSWORD })
  for (const text of ['我的数据库', 'later']) {
    await bob.ask({ type: 'sendDirect', to: 'ann', nonce: nonce(), text })
  }
  const url = await emptySchema()
  const copy = (...args: string[]) => run(['admin', 'copy', ...args], home.env)
  expectRefused(await copy('--to', url), /is being served by another tchat \(process \d+ at /)
  server.program.kill('SIGKILL')
  await server.program.ended

  const done = await copy('--to', url)
  expect(done).toMatchObject({ code: 0, stderr: expect.stringContaining('users: 2 rows compared') })
  expect(done.stdout).toMatch(/^users +2$/m)
  expect(done.stdout).toContain('clients notice nothing')
  expectRefused(await copy('--to', url), /has the whole copy of .* already: start servers on it/)

  const node = await home.serve('--store', url, '--data', home.path('node'))
  expect(node.key).toBe(server.key)
  const again = await tlsClient(node.port)
  await again.ask({ type: 'logIn', token })
  const search = { type: 'search', text: '数据', limit: 10 } as const
  const found = async () => {
    const { hits } = await again.ask(search).catch(() => ({ hits: [] }))
    return hits.map(({ entry }) => entry?.text)
  }
  // The index is made by the first node that starts.
  await expect.poll(found, { timeout: 60_000, interval: 100 }).toEqual(['我的数据库'])
}, 120_000)

test('no server and no verb gets a copy that is not finished; the variable names the database, too', async () => {
  const server = await home.serve()
  server.program.kill('SIGTERM')
  await server.program.ended
  const url = await emptySchema()
  const env = { ...home.env, TCHAT_STORE: url }
  expect(await run(['admin', 'copy', '--json'], env)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\{"copied":.*"faults":0\}\n$/),
  })
  await runSql(url, "UPDATE tchat_copy SET phase = 'settled'")
  const words = /has a copy of .* that is not finished: 'tchat admin copy' goes on with it/
  const serve = ['--serve', '--port', '0', '--store', url, '--data', home.path('node')]
  expectRefused(await run(serve, home.env), words)
  expectRefused(await run(['admin', 'status', '--store', url], home.env), words)
  expect(await run(['admin', 'copy'], env)).toMatchObject({ code: 0 })
})

test('who ends it with Ctrl-C is told how far it is, and the same command goes on', async () => {
  const folder = home.path('data')
  const server = await home.serve('--data', folder)
  const ann = await tlsClient(server.port)
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  await ann.ask({ type: 'sendDirect', to: 'ann', nonce: nonce(), text: 'a note' })
  server.program.kill('SIGTERM')
  await server.program.ended
  const url = await emptySchema()
  const onProgress = () => {
    throw new Error('that is enough')
  }
  await expect(copyFolder(folder, { url, onProgress })).rejects.toThrow('enough')
  const holder = new Client({ connectionString: url })
  await holder.connect()
  onTestFinished(() => holder.end())
  await holder.query('BEGIN; LOCK TABLE nonces')
  const line = ['admin', 'copy', '--to', url, '--data', folder]
  const copy = home.keep(new Program(line, home.env))
  // It waits for the next table.
  await expect.poll(() => copy.stderr).toMatch(/entries: \d rows copied/)
  copy.kill('SIGINT')
  expect(await copy.ended).toMatchObject({ code: null, stdout: '' })
  expect(copy.stderr).toMatch(
    /\nthe copy was ended: \w+: \d+ rows copied; the same command goes on from there\n$/,
  )
  await holder.query('ROLLBACK')
  expect(await run(line, home.env)).toMatchObject({ code: 0 })
})

test('what copy cannot do with is wrong use', async () => {
  for (const [args, words] of [
    [['copy'], /copy needs a database: --to postgres:/],
    [['copy', '--to', 'mysql://x'], /--to takes postgres:/],
    [['copy', '--store', 'postgres://x', '--to', 'postgres://y'], /the database of --to/],
    [['copy', '--to', 'postgres://y', '--server', 'h', '--user', 'u'], /not --server/],
    [['users', '--to', 'postgres://y'], /--to goes with 'tchat admin copy'/],
  ] as const) {
    expect(await run(['admin', ...args], home.env)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(words),
    })
  }
})

/** In one line. */
function expectRefused(output: Output, words: RegExp): void {
  expect(output).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(words) })
  expect(output.stderr.trimEnd().split('\n')).toHaveLength(1)
}
