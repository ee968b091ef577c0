import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { textWidth } from '../../src/ui/text/width.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const ALICE = person('alice')
const CTRL_L = '\x0c'
const TEXTS = [
  'short',
  'a longer one that has to be broken into rows on every narrow screen',
  '汉字和😀',
  '👩‍👩‍👧‍👦 joined',
]

async function room(): Promise<Readonly<{ world: ScriptedWorld; id: string; screen: Screen }>> {
  const world = new ScriptedWorld()
  const id = world.group('lobby', ALICE, person('bob'))
  world.say(id, ALICE, 0, 'the first one')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(SIZE, {}, { connector: world, now: () => NINE })
  await screen.waitFor('the first one')
  return { world, id, screen }
}

function pour(world: ScriptedWorld, id: string, count: number, from: number): void {
  for (let at = from; at < from + count; at++) {
    world.say(id, ALICE, 1, `${TEXTS[at % TEXTS.length]} ${at}`)
  }
}

test('a hundred changes of the window’s size while messages pour in end with the right screen', async () => {
  const { world, id, screen } = await room()
  screen.type('half a mess')
  for (let turn = 0; turn < 100; turn++) {
    screen.resize({ columns: 1 + ((turn * 37) % 300), rows: 1 + ((turn * 23) % 100) })
    pour(world, id, 10, turn * 10)
    if (turn % 3 === 0) await setImmediate()
  }
  screen.resize(SIZE)
  pour(world, id, 1, 1_000)
  await screen.waitFor(({ rows }) => rows.some((row) => row.includes('short 1000')))
  await screen.waitFor('> half a mess')
  const { rows } = screen
  for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(SIZE.columns)
  expect(rows.filter((row) => row.startsWith('> '))).toHaveLength(1)
  expect(rows[0]).toMatch(/^ tchat {2}me@office:8000/)
  // What is there is what would be drawn now.
  const { written } = screen
  screen.type(CTRL_L)
  await screen.waitFor((it) => it.written > written && it.text.includes('short 1000'))
  await screen.waitFor(({ rows: again }) => again.join('\n') === rows.join('\n'))
})

test('keys that are pressed while thousands of messages come are all taken, in order', async () => {
  const { world, id, screen } = await room()
  const typed = 'the quick brown fox jumps over the lazy dog'
  for (const [at, letter] of [...typed].entries()) {
    pour(world, id, 100, at * 100)
    screen.type(letter)
    await setImmediate()
  }
  await screen.waitFor(`> ${typed}`)
  await screen.waitFor(`${TEXTS[3]?.slice(-6)} ${typed.length * 100 - 1}`)
  screen.type('\r')
  await screen.waitFor(() => world.said.length > 0)
  expect(world.said).toEqual([{ target: { kind: 'group', id }, text: typed }])
})
