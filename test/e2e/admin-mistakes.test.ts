import { rmSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { parseShareLine } from '../../src/net/share-line.ts'
import { run } from '../support/program.ts'
import { PASSWORD } from '../support/server.ts'
import { tlsClient } from '../support/sockets.ts'
import { TestHome } from '../support/test-home.ts'

const home = new TestHome()

test('an operator who sets their own password from elsewhere is told the new one', async () => {
  const { to, env } = await operatorElsewhere()
  for (const verb of ['kick', 'ban', 'erase']) {
    const { code, stderr } = await run(['admin', verb, 'ann', ...to], env)
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/^tchat: ann is the account that asks.*\n$/),
    })
  }
  const { code, stdout, stderr } = await run(['admin', 'password', 'ann', ...to], env)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const [, password = ''] = /^password +(\S+)$/m.exec(stdout) ?? []
  const again = await run(['admin', 'operators', ...to], { ...env, TCHAT_PASSWORD: password })
  expect(again.code).toBe(0)
})

test('an invite comes with the line to connect with, or with how to make one', async () => {
  const { to, env, port, key } = await operatorElsewhere()
  const { stdout } = await run(['admin', 'invite', 'lobby', ...to], env)
  const [, line = ''] = /^npx tchat connect (tchat:\S+)$/m.exec(stdout) ?? []
  const address = { host: '127.0.0.1', port }
  const invite = expect.stringMatching(/^\w{16}$/)
  expect(parseShareLine(line)).toEqual({ address, group: 'lobby', fingerprint: key, invite })
  const beside = await run(['admin', 'invite'], home.env)
  expect(beside.stdout).toMatch(/tchat:\/\/HOST:PORT\/lobby\/KEY\/\w{16}\n$/)
})

test('a server that hangs up on plain text is said in a line', async () => {
  const server = createServer((socket) => socket.once('data', () => socket.destroy()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const args = ['admin', 'status', '--plaintext', '--server', `127.0.0.1:${port}`, '--user', 'ann']
  const { code, stderr } = await run(args, { ...home.env, TCHAT_PASSWORD: PASSWORD })
  server.close()
  expect(code).toBe(1)
  expect(stderr).toMatch(/^tchat: [^\n]*leave --plaintext out\n$/)
})

test('a secret of the operator that was lost under a running server is made again', async () => {
  await home.serve()
  const secret = home.path('.local', 'share', 'tchat', 'server', 'operator.secret')
  rmSync(secret)
  const { code, stderr } = await run(['admin', 'status'], home.env)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(statSync(secret).mode & 0o777).toBe(0o600)
})

describe('wrong use is one line with exit code 2', () => {
  test.each([
    [['restore', 'x', '--server', 'h', '--user', 'ann'], 'it goes with --data'],
    [['restore', ''], "restore ''"],
    [['invite', '--uses', '0'], "--uses '0' is no number from 1 to"],
    [['invite', '--days', 'x'], "--days 'x' is no number from 1 to"],
    [['invite', '--days', '-1'], '--days'],
  ])('%j', async (args, words) => {
    const { code, stderr } = await run(['admin', ...args], home.env)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(/^tchat: .*\n$/) })
    expect(stderr).toContain(words)
  })

  test.each(['foo', '127.0.0.1:99999'])('--metrics %s', async (text) => {
    const { code, stderr } = await run(['--serve', '--metrics', text], home.env)
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`'${text}'`) })
  })
})

/** Ann's account is an operator's. */
async function operatorElsewhere() {
  const { port, key } = await home.serve()
  const ann = await tlsClient(port)
  await ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
  await run(['admin', 'operator', 'ann', 'on'], home.env)
  const to = ['--server', `127.0.0.1:${port}`, '--user', 'ann']
  return { to, port, key, env: { ...home.env, TCHAT_PASSWORD: PASSWORD } }
}
