import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const ALICE = person('alice')
const HOUR = 3_600_000

/** Somebody logged in whose connection is lost, for so long, while others say so much. */
async function away(hours: number, count: number) {
  const world = new ScriptedWorld()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const lobby = world.group('lobby', ALICE)
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('● online')
  world.say(lobby, ALICE, 1, 'before')
  await screen.waitFor('before')
  const head = world.head(lobby)
  world.emit({ type: 'link', link: { state: 'connecting', attempt: 1 } })
  world.changeHead(lobby, { ...head, last: head.last + count, n: head.n + count })
  world.emit({ type: 'away', from: NINE, to: NINE + hours * HOUR })
  world.online()
  world.changeHead(lobby, head)
  for (let n = 1; n <= count; n += 1) world.say(lobby, ALICE, hours * 60, `missed ${n}`)
  return screen
}

test('a line says how long one was away, and what came meanwhile', async () => {
  const screen = await away(7, 3)
  await screen.waitFor(/before\n.*── away 09:00–16:00 · 3 caught up ─+\n.*── 3 new ─+\n.*missed 1/)
})

test('of another day the date is said', async () => {
  const screen = await away(24, 2)
  await screen.waitFor(/away Sat 21 Nov 2026 09:00–09:00 · 2 caught up/)
})

test.each([
  { hours: 0.05, count: 2, said: 'a short absence' },
  { hours: 7, count: 0, said: 'an absence in which nothing was said' },
])('$said is no line', async ({ hours, count }) => {
  const screen = await away(hours, count)
  await screen.waitFor('● online')
  await screen.waitFor(count === 0 ? 'before' : `missed ${count}`)
  expect(screen.text).not.toContain('caught up')
})
