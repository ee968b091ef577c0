import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const ESC = '\x1b'

function lobby(): ScriptedWorld {
  const world = new ScriptedWorld()
  world.group('lobby')
  return world
}

test.each(['kept', 'lastOpen', 'keep'] as const)(
  'Esc while the files of a session are read (%s) leads to the start screen and stays there',
  async (step) => {
    const world = lobby()
    world.keptSession = { user: ME, token: Buffer.alloc(32) }
    const reached = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const done = Promise.withResolvers<void>()
    const before = world[step].bind(world) as (...given: unknown[]) => Promise<unknown>
    const waiting = async (...given: unknown[]) => {
      reached.resolve()
      await held.promise
      // What follows in the flow is a turn of the event loop later.
      setImmediate(done.resolve)
      return before(...given)
    }
    Object.assign(world, { [step]: waiting })
    const screen = Screen.open(SIZE, {}, { connector: world })
    await reached.promise
    await screen.waitFor('Connecting to')
    screen.type(ESC)
    await screen.waitFor('Host here')
    held.resolve()
    await done.promise
    screen.type('\x1b[B')
    await screen.waitFor('▸ Connect to')
    expect(screen.text).not.toContain('#lobby')
  },
)

test('without a name in the environment the form has that of the account', async () => {
  const parts = { connector: lobby(), accountName: () => 'ada' }
  const screen = Screen.open(SIZE, { env: {} }, parts)
  await screen.waitFor('Log in to')
  expect(screen.rows[3]).toBe('  Name      ada')
})
