import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const ALICE = person('alice')
const PAGE_UP = '\x1b[5~'
const END = '\x1b[F'
const [UNFOCUSED, FOCUSED] = ['\x1b[O', '\x1b[I']

/** So many texts are unread in the lobby, which is open. */
async function open(count: number) {
  const world = new ScriptedWorld()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const lobby = world.group('lobby', ALICE)
  const screen = Screen.open(SIZE, {}, { connector: world })
  for (let n = 1; n <= count; n += 1) world.say(lobby, ALICE, 1, `text ${n} of it`)
  await screen.waitFor('▸ #lobby')
  for (const entry of world.logOf(lobby)) world.emit({ type: 'entry', conversation: lobby, entry })
  await screen.waitFor(`text ${count} of it`)
  return { world, screen, lobby }
}

function readTo(world: ScriptedWorld): number {
  return Math.max(0, ...world.askedOf('mark').map(({ read }) => Number(read)))
}

test('what fits is read when it is seen', async () => {
  const { world, screen } = await open(5)
  await screen.waitFor(() => readTo(world) === 5)
})

test('what stands above the screen is not read until it was in view', async () => {
  const { world, screen } = await open(40)
  await screen.waitFor('↑ 40 new from above · End: all read')
  expect(readTo(world)).toBe(0)
  screen.type(PAGE_UP)
  await screen.waitFor('text 12 of it')
  expect(readTo(world)).toBe(0)
  screen.type(PAGE_UP)
  await screen.waitFor('text 1 of it')
  // All of it was in view by now, from below.
  await screen.waitFor(() => readTo(world) === 40)
})

test('End says that what is above need not be seen', async () => {
  const { world, screen } = await open(40)
  await screen.waitFor('↑ 40 new')
  screen.type(END)
  await screen.waitFor(() => readTo(world) === 40)
  await screen.waitFor(({ text }) => !text.includes('↑ 40 new'))
})

test('without the focus nothing is read, and afterwards what is in view', async () => {
  const { world, screen, lobby } = await open(2)
  await screen.waitFor(() => readTo(world) === 2)
  screen.type(UNFOCUSED)
  for (let n = 3; n <= 60; n += 1) world.say(lobby, ALICE, 2, `text ${n} of it`)
  await screen.waitFor('text 60 of it')
  expect(readTo(world)).toBe(2)
  screen.type(FOCUSED)
  await screen.waitFor('↑ 58 new')
  expect(readTo(world)).toBe(2)
})

test('what goes by at the end while one looks on is read, however fast', async () => {
  const { world, screen, lobby } = await open(2)
  await screen.waitFor(() => readTo(world) === 2)
  for (let n = 3; n <= 300; n += 1) world.say(lobby, ALICE, 2, `text ${n} of it`)
  await screen.waitFor(() => readTo(world) === 300)
})

test('what came during a lost connection did not go by before one’s eyes', async () => {
  const { world, screen, lobby } = await open(2)
  await screen.waitFor(() => readTo(world) === 2)
  world.emit({ type: 'link', link: { state: 'connecting', attempt: 1 } })
  await screen.waitFor('connecting')
  for (let n = 3; n <= 60; n += 1) world.say(lobby, ALICE, 2, `text ${n} of it`)
  world.online()
  await screen.waitFor('text 60 of it')
  await screen.waitFor('↑ 58 new')
  expect(readTo(world)).toBe(2)
})
