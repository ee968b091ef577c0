import { expect, test } from 'vitest'
import { defaults } from '../../src/ui/configuration/options.ts'
import { FakeClock } from '../support/fake-clock.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const ALICE = person('alice')
const SIZE = { columns: 80, rows: 24 }

async function open(world: ScriptedWorld, timers = new FakeClock()): Promise<Screen> {
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(SIZE, { env: {} }, { connector: world, now: () => NINE, timers })
  await screen.waitFor('hello')
  return screen
}

function direct(): Readonly<{ world: ScriptedWorld; id: string }> {
  const world = new ScriptedWorld()
  const id = world.direct(ALICE)
  world.say(id, ALICE, 0, 'hello')
  return { world, id }
}

test('one is said to be writing once, however much one types; never for a command', async () => {
  const { world, id } = direct()
  const screen = await open(world)
  screen.type('/msg bob')
  await screen.waitFor('> /msg bob')
  expect(world.askedOf('typing')).toEqual([])
  screen.type('\x15')
  for (const letter of 'a long message') screen.type(letter)
  await screen.waitFor('> a long message')
  expect(world.askedOf('typing')).toEqual([{ type: 'typing', conversation: id }])
})

test('nobody is told of notes to oneself, nor without a connection', async () => {
  const world = new ScriptedWorld()
  const notes = world.direct(ME)
  world.say(notes, ME, 0, 'hello')
  const screen = await open(world)
  screen.type('secret')
  await screen.waitFor('> secret')
  expect(world.askedOf('typing')).toEqual([])

  const { world: other } = direct()
  const away = await open(other)
  other.emit({ type: 'link', link: { state: 'connecting', attempt: 2 } })
  away.type('later')
  await away.waitFor('> later')
  expect(other.askedOf('typing')).toEqual([])
})

test('nobody is told where the configuration says so', async () => {
  const { world } = direct()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const compose = { ...defaults.compose, sendTyping: false }
  const configuration = { ...defaults, compose }
  const screen = Screen.open(SIZE, { env: {}, configuration }, { connector: world })
  await screen.waitFor('hello')
  screen.type('quiet')
  await screen.waitFor('> quiet')
  expect(world.askedOf('typing')).toEqual([])
})

test('who is writing is shown for five seconds, or until they have said it', async () => {
  const { world, id } = direct()
  const timers = new FakeClock()
  const screen = await open(world, timers)
  world.emit({ type: 'typed', conversation: id, user: ALICE })
  await screen.waitFor('alice is writing…')
  await timers.advance(4_900)
  expect(screen.text).toContain('alice is writing…')
  await timers.advance(200)
  await screen.waitFor(({ text }) => !text.includes('writing'))
  world.emit({ type: 'typed', conversation: id, user: ALICE })
  await screen.waitFor('alice is writing…')
  world.say(id, ALICE, 1, 'there')
  await screen.waitFor('there')
  await screen.waitFor(({ text }) => !text.includes('writing'))
})
