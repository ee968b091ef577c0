import { expect, test } from 'vitest'
import { FakeHosted } from '../support/fake-hosted.ts'
import { Screen } from '../support/screen.ts'
import { ME, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const CTRL_X = '\x18'

test('a client that cannot be closed leaves the terminal as it was, and says why in one line', async () => {
  const screen = await opened(() => Promise.reject(new Error('ENOENT: no such folder')))
  screen.type(`${CTRL_X}q`)
  expect(await screen.exitCode).toBe(0)
  await screen.waitFor('the outbox could not be closed: ENOENT: no such folder')
  expect(screen.isAlternate).toBe(false)
  expect(screen.cursor).toBeDefined()
})

test('a client that never closes keeps nobody waiting', async () => {
  const screen = await opened(() => new Promise(() => {}))
  screen.type(`${CTRL_X}q`)
  expect(await screen.exitCode).toBe(0)
  await screen.waitFor('it took too long')
  expect(screen.isAlternate).toBe(false)
})

test('who hosts and logged out is asked before the server ends, on every screen', async () => {
  const calls: string[] = []
  const hosted = new FakeHosted({ calls, users: 1 })
  const world = new ScriptedWorld()
  const host = () => Promise.resolve(hosted)
  const screen = Screen.open(SIZE, { start: 'menu', host }, { connector: world })
  await screen.waitFor('Host here')
  screen.type('\r')
  await screen.waitFor('Log in to')
  screen.type('\x03')
  await screen.waitFor('1 other is connected.')
  screen.type('\x1b')
  await screen.waitFor('Log in to')
  screen.type('\x1b')
  await screen.waitFor('Host here')
  screen.type('q')
  await screen.waitFor('1 other is connected.')
  expect(calls).toEqual([])
  expect(screen.text).toContain('▸ Keep serving')
  screen.type('\r')
  expect(await screen.exitCode).toBe(0)
  expect(calls).toEqual(['keep'])
  await screen.waitFor('tchat: the server goes on at 127.0.0.1:9123; stop it with: kill 4711')
  expect(screen.isAlternate).toBe(false)
})

/** Logged in, with a client whose end is as given. */
async function opened(close: () => Promise<void>): Promise<Screen> {
  const world = new ScriptedWorld()
  world.group('lobby')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const open = world.open.bind(world)
  world.open = async (...place) => Object.assign(await open(...place), { close })
  const screen = Screen.open(SIZE, {}, { connector: world, closeMs: 50 })
  await screen.waitFor('#lobby')
  return screen
}
