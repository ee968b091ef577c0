import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

/** From one to the next it gets narrower or wider, lower or higher, or both. */
const SIZES = [
  [120, 40],
  [80, 40],
  [100, 40],
  [60, 40],
  [120, 40],
  [120, 24],
  [80, 30],
  [50, 20],
  [140, 20],
  [80, 20],
].map(([columns = 0, rows = 0]) => ({ columns, rows }))

test('whatever size the window gets, the screen is the one that is drawn for it at once', async () => {
  const [first = { columns: 1, rows: 1 }] = SIZES
  const screen = await chat(first)
  for (const size of SIZES) {
    const fresh = await chat(size)
    const isSame = ({ text }: Screen) => text === fresh.text
    screen.resize(size)
    await screen.waitFor(isSame)
    // What is drawn in part from then on is, too.
    screen.type('x')
    await screen.waitFor('> x')
    screen.type('\x7f')
    await screen.waitFor(isSame)
    await fresh.close()
  }
  expect(screen.text).toContain('line 30')
})

async function chat(size: Readonly<{ columns: number; rows: number }>): Promise<Screen> {
  const alice = person('alice')
  const world = new ScriptedWorld()
  const direct = world.direct(alice)
  for (let line = 1; line <= 30; line++) {
    world.say(direct, alice, line, `line ${line} 你好 ${'word '.repeat(12)}`)
  }
  world.allRead(direct)
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  world.lastTarget = alice.id
  const screen = Screen.open(size, {}, { connector: world, now: () => NINE })
  await screen.waitFor('line 30')
  return screen
}
