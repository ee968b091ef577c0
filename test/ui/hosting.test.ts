import { expect, test } from 'vitest'
import type { Hosted } from '../../src/ui/options.ts'
import { Screen } from '../support/screen.ts'
import { ME, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const KEY = `sha256:${'ab'.repeat(32)}` as const
const WORDS = /The key of this server/
const ESC = '\x1b'
const DOWN = '\x1b[B'

type Host = Readonly<{ screen: Screen; calls: string[]; users: { n: number } }>

/** Somebody started a server here, did not log in, and goes to office:8000 instead. */
async function elsewhere(n: number): Promise<Host> {
  const calls: string[] = []
  const users = { n }
  const hosted: Hosted = {
    address: '127.0.0.1:9123',
    fingerprint: KEY,
    share: ['npx tchat connect 192.168.1.5:9123'],
    connected: () => Promise.resolve(users.n),
    keep: () => {
      calls.push('keep')
      return 4711
    },
    stop: () => Promise.resolve(void calls.push('stop')),
  }
  const world = new ScriptedWorld()
  world.group('lobby')
  const host = () => {
    calls.push('host')
    return Promise.resolve(hosted)
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
  return { screen, calls, users }
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
  const { screen, calls, users } = await elsewhere(2)
  expect(screen.text).toContain('Your server at 127.0.0.1:9123 goes on: 2 people use it.')
  await logIn(screen)
  expect(screen.text).not.toContain('9123')
  expect(screen.text).not.toMatch(WORDS)
  screen.type('/share\r')
  await screen.waitFor('npx tchat connect tchat://office:8000/lobby')
  expect(screen.text).not.toMatch(WORDS)
  screen.type(ESC)
  await screen.waitFor('#lobby ·')
  users.n = 1
  screen.type('/quit\r')
  await screen.waitFor('A server that you started still runs here.')
  await screen.waitFor('1 person is connected to it.')
  screen.type('\r')
  expect(await screen.exitCode).toBe(0)
  expect(calls).toEqual(['host', 'keep'])
})

test('with a session at the other server one is told in the chat that the own one was stopped', async () => {
  const calls: string[] = []
  const hosted: Hosted = {
    address: '127.0.0.1:9123',
    fingerprint: KEY,
    share: [],
    connected: () => Promise.resolve(0),
    keep: () => undefined,
    stop: () => Promise.resolve(void calls.push('stop')),
  }
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
