import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ClassicClient } from '../support/classic-client.ts'
import { jsonLines } from '../support/json-lines.ts'
import { Program, run } from '../support/program.ts'
import { RawClient } from '../support/raw-client.ts'
import { TestHome } from '../support/test-home.ts'

const home = new TestHome()

function serve(...args: string[]): Program {
  return home.keep(new Program(['--serve', ...args], home.env))
}

describe('a server', () => {
  test('prints on stdout how to connect, its key and how to stop, without a terminal', async () => {
    const server = serve('--port', '0', '--data', home.path('data'))
    const [, port] = await server.waitFor(/^npx tchat connect 127\.0\.0\.1:(\d+)$/m)
    await server.waitFor(/^.*sha256:[0-9a-f]{64}$/m)
    await server.waitFor(/(?:[a-z]+ ){7}[a-z]+$/m)
    await server.waitFor(/Ctrl-C/)
    const lines = server.stdout.split('\n').filter((line) => line.startsWith('npx '))
    expect(lines.every((line) => line.includes(`:${port}`))).toBe(true)
    expect(new Set(lines).size).toBe(lines.length)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('ends with exit code 0 on %s', async (signal) => {
    const server = serve('--port', '0')
    await server.waitFor(/Ctrl-C/)
    server.kill(signal)
    expect(await server.ended).toMatchObject({ code: 0 })
  })

  test('ends as cleanly when nobody reads its output any more', async () => {
    const server = serve('--port', '0')
    await server.waitFor(/Ctrl-C/)
    server.closeOutput()
    server.kill('SIGTERM')
    expect(await server.ended).toMatchObject({ code: 0 })
  })

  test('logs its beginning and its end to stderr, one object a line', async () => {
    const server = serve('--port', '0')
    await server.waitFor(/Ctrl-C/)
    server.kill('SIGTERM')
    const { stderr } = await server.ended
    const events = jsonLines<object>(stderr)
    expect(events).toMatchObject([
      { level: 'info', event: 'listening' },
      { event: 'stopping', by: 'SIGTERM' },
      { event: 'stopped' },
    ])
  })

  test('keeps its data in the data folder of who started it', async () => {
    const server = serve('--port', '0')
    await server.waitFor(/Ctrl-C/)
    expect(readdirSync(home.path('.local', 'share', 'tchat', 'server'))).not.toEqual([])
  })

  test('shows the same key after a restart', async () => {
    const first = serve('--port', '0')
    const [key] = await first.waitFor(/sha256:\w{64}/)
    first.kill('SIGTERM')
    await first.ended
    const second = serve('--port', '0')
    const [again] = await second.waitFor(/sha256:\w{64}/)
    expect(again).toBe(key)
  })

  test('that listens on one address names that one', async () => {
    const server = serve('--port', '0', '--host', '127.0.0.1')
    await server.waitFor(/Ctrl-C/)
    expect(server.stdout.match(/^npx .*$/gm)).toHaveLength(1)
  })

  test('takes its settings from the environment', async () => {
    const data = home.path('elsewhere')
    const env = { ...home.env, TCHAT_PORT: '0', TCHAT_HOST: '127.0.0.1', TCHAT_DATA: data }
    const server = home.keep(new Program(['--serve'], env))
    await server.waitFor(/^npx tchat connect 127\.0\.0\.1:\d+$/m)
    expect(readdirSync(data)).not.toEqual([])
  })
})

test('version 1 is spoken where --classic says so, and whoever started it is told what that means', async () => {
  const server = serve('--port', '0', '--classic')
  const [, port] = await server.waitFor(/127\.0\.0\.1:(\d+)[\s\S]*Ctrl-C/)
  expect(server.stdout).toContain('without TLS, and with passwords that are no secret')
  const client = await (await ClassicClient.connect(Number(port))).logIn('zhang')
  client.send(7, { userIdList: [] })
  expect(await client.expect(8)).toMatchObject({ userNameList: ['zhang'] })
})

test('the limits of a server are those that its flags say', async () => {
  const server = serve('--port', '0', '--max-connections', '1', '--rate-messages', '1')
  const [, port] = await server.waitFor(/127\.0\.0\.1:(\d+)[\s\S]*Ctrl-C/)
  const client = async () => {
    const socket = connect(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    return new RawClient(socket)
  }
  const first = await client()
  await first.barrier()
  const second = await client()
  second.send({ type: 'heartbeat', request: 1 })
  expect(await second.push('goodbye')).toMatchObject({
    text: 'this address has 1 connections, no more are taken; close one first',
  })
  first.end()
})

describe('a server that cannot start says why in one line', () => {
  test('port taken', async () => {
    await using taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const address = taken.address()
    const port = typeof address === 'object' ? `${address?.port}` : ''
    const { code, stderr, stdout } = await run(
      ['--serve', '--host', '127.0.0.1', '--port', port],
      home.env,
    )
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(oneLine(`port ${port} on 127\\.0\\.0\\.1 .*--port.*`))
  })

  test('data folder served already', async () => {
    const first = serve('--port', '0')
    const [, port] = await first.waitFor(/127\.0\.0\.1:(\d+)[\s\S]*Ctrl-C/)
    const { code, stderr } = await run(['--serve', '--port', '0'], home.env)
    expect(code).toBe(1)
    expect(stderr).toMatch(
      oneLine(`.*served by another tchat \\(process \\d+ at 127\\.0\\.0\\.1:${port}\\).*`),
    )
  })

  test.each([
    [['--port', '70000'], "--port '70000'"],
    [['--port', 'http'], "--port 'http'"],
    [['--port', ''], '--port needs a value'],
    [['--host', 'no such host'], "--host 'no such host'"],
    [['--tls-cert', 'cert.pem'], '--tls-key'],
    [['--registration', 'maybe'], 'say open (anybody)'],
    [['--rate-messages', '0'], "--rate-messages '0' is no rate"],
    [['--prot', '1'], "did you mean '--port'"],
  ])('%j is wrong use', async (args, words) => {
    const { code, stderr } = await run(['--serve', ...args], home.env)
    expect(code).toBe(2)
    expect(stderr).toContain(words)
    expect(stderr).toMatch(oneLine('.*'))
  })

  test('a wrong variable is called by its name', async () => {
    const { code, stderr } = await run(['--serve'], { ...home.env, TCHAT_PORT: 'x' })
    expect(code).toBe(2)
    expect(stderr).toMatch(oneLine(".*TCHAT_PORT 'x'.*"))
  })

  test('certificate that does not exist', async () => {
    const args = ['--serve', '--port', '0', '--tls-cert', '/none.pem', '--tls-key', '/none.key']
    const { code, stderr } = await run(args, home.env)
    expect(code).toBe(1)
    expect(stderr).toMatch(oneLine('.*/none.pem.*'))
  })
})

function oneLine(pattern: string): RegExp {
  return new RegExp(`^tchat: ${pattern}\n$`)
}
