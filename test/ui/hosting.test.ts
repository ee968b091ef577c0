import { expect, test } from 'vitest'
import { fingerprintWords } from '../../src/net/fingerprint.ts'
import { HostError, type HostOptions } from '../../src/ui/options.ts'
import { FakeHosted } from '../support/fake-hosted.ts'
import { Screen } from '../support/screen.ts'
import { ME, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const WORDS = /The key of this server/
const ESC = '\x1b'
const DOWN = '\x1b[B'

type Host = Readonly<{ screen: Screen; calls: string[]; servers: FakeHosted[] }>

/** Somebody started a server here, did not log in, and goes to office:8000 instead. */
async function elsewhere(users: number): Promise<Host> {
  const calls: string[] = []
  const servers: FakeHosted[] = []
  const world = new ScriptedWorld()
  world.group('lobby')
  const host = () => {
    calls.push('host')
    const share = ['npx tchat connect 192.168.1.5:9123']
    const server = new FakeHosted({ calls, users, share })
    servers.push(server)
    return Promise.resolve(server)
  }
  const screen = Screen.open(SIZE, { start: 'menu', host }, { connector: world })
  await screen.waitFor('Host here')
  screen.type('\r')
  await screen.waitFor('Log in to 127.0.0.1:9123')
  screen.type(ESC)
  await screen.waitFor('Host here')
  screen.type(`${DOWN}\r`)
  await screen.waitFor('Connect to a server')
  screen.type('office:8000\r')
  await screen.waitFor('Log in to office:8000')
  return { screen, calls, servers }
}

async function logIn(screen: Screen): Promise<void> {
  screen.type('correct horse\r')
  await screen.waitFor('#lobby')
}

test('a hosted server that nobody uses ends when one goes to another; it can be started again', async () => {
  const { screen, calls } = await elsewhere(0)
  expect(screen.text).toContain('The server that ran here is stopped: nobody used it.')
  expect(calls).toEqual(['host', 'stop'])
  screen.type(ESC)
  await screen.waitFor('Host here')
  screen.type('\r')
  await screen.waitFor('Log in to 127.0.0.1:9123')
  expect(calls).toEqual(['host', 'stop', 'host'])
})

test('a hosted server that others use goes on while one is elsewhere, and nothing there is said to be here', async () => {
  const { screen, calls, servers } = await elsewhere(2)
  expect(screen.text).toContain('Your server at 127.0.0.1:9123 goes on: 2 people use it.')
  await logIn(screen)
  expect(screen.text).not.toContain('9123')
  expect(screen.text).not.toMatch(WORDS)
  screen.type('/share\r')
  await screen.waitFor('npx tchat connect tchat://office:8000/lobby')
  expect(screen.text).not.toMatch(WORDS)
  screen.type(ESC)
  await screen.waitFor('#lobby ·')
  for (const server of servers) server.users = 1
  screen.type('/quit\r')
  await screen.waitFor('A server that you started still runs here.')
  await screen.waitFor('1 person is connected to it.')
  screen.type('\r')
  expect(await screen.exitCode).toBe(0)
  expect(calls).toEqual(['host', 'keep'])
})

test('with a session at the other server one is told in the chat that the own one was stopped', async () => {
  const calls: string[] = []
  const hosted = new FakeHosted({ calls })
  const world = new ScriptedWorld()
  world.group('lobby')
  const host = () => Promise.resolve(hosted)
  const screen = Screen.open(SIZE, { start: 'menu', host }, { connector: world })
  await screen.waitFor('Host here')
  screen.type('\r')
  await screen.waitFor('Log in to 127.0.0.1:9123')
  screen.type(ESC)
  await screen.waitFor('me@old.example:8000')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  screen.type(`${DOWN}${DOWN}\r`)
  await screen.waitFor('The server that ran here is stopped')
  await screen.waitFor('#lobby')
  expect(calls).toEqual(['stop'])
})

/** In the lobby of a server that one hosts. Where it is started again and again, `fails` may throw. */
async function hosting(fails: () => void = () => undefined) {
  const ports: HostOptions['port'][] = []
  const servers: FakeHosted[] = []
  const world = new ScriptedWorld()
  world.group('lobby')
  const host = async ({ port }: HostOptions) => {
    ports.push(port)
    if (servers.length > 0) fails()
    const server = new FakeHosted({ users: 1 })
    servers.push(server)
    return server
  }
  const screen = Screen.open(SIZE, { start: 'menu', host }, { connector: world })
  await screen.waitFor('Host here')
  screen.type('\r')
  await screen.waitFor('Log in to 127.0.0.1:9123')
  await logIn(screen)
  return { screen, servers, ports }
}

test('a hosted server that was killed is started again at the same port, and one is told', async () => {
  const { screen, servers, ports } = await hosting()
  servers[0]?.end('SIGKILL')
  await screen.waitFor('Your server had ended (SIGKILL); it was started again.')
  expect(ports.slice(1)).toEqual([9123])
  screen.type('/quit\r')
  await screen.waitFor('You are hosting the server here.')
})

test('a hosted server that cannot be started again is not said to be here', async () => {
  const { screen, servers } = await hosting(() => {
    throw new HostError('other', 'the disk is full')
  })
  servers[0]?.end('exit code 1')
  await screen.waitFor('Your server has ended (exit code 1)')
  await screen.waitFor('the disk is full')
  screen.type('/quit\r')
  expect(await screen.exitCode).toBe(0)
})

test('a hosted server that ends again and again is let be', async () => {
  const { screen, servers, ports } = await hosting()
  for (let at = 0; at <= 5; at += 1) {
    await screen.waitFor(() => servers.length === at + 1)
    servers[at]?.end('SIGSEGV')
  }
  await screen.waitFor('Your server has ended (SIGSEGV)')
  expect(ports.length).toBe(6)
})

test.each([
  { columns: 80, rows: 24, addresses: 1, isAll: true },
  { columns: 80, rows: 24, addresses: 6, isAll: false },
  { columns: 140, rows: 40, addresses: 3, isAll: true },
])('at $columns×$rows with $addresses addresses the host sees the key to compare', async (at) => {
  const world = new ScriptedWorld()
  const lobby = world.group('lobby', person('alice'))
  world.event(lobby, ME, 1, 'created')
  world.event(lobby, person('alice'), 2, 'joined')
  const share = Array.from({ length: at.addresses }, (_, n) => `npx tchat connect 10.0.0.${n}:9123`)
  const host = () => Promise.resolve(new FakeHosted({ users: 1, share }))
  const screen = Screen.open(at, { start: 'menu', host }, { connector: world })
  await screen.waitFor('Host here')
  screen.type('\r')
  await screen.waitFor('Log in to 127.0.0.1:9123')
  await logIn(screen)
  await screen.waitFor('tchat://10.0.0.0:9123/lobby')
  const [, key = ''] = screen.text.split('The key of this server, to compare:')
  for (const word of fingerprintWords(new FakeHosted().fingerprint)) expect(key).toContain(word)
  // In full, and with all the ways here, where there is room.
  expect(key.includes('sha256:abab')).toBe(at.isAll)
  expect(screen.text.includes(`10.0.0.${at.addresses - 1}:9123`)).toBe(at.isAll)
})
