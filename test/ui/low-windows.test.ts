import { expect, test } from 'vitest'
import { keysThatFit } from '../../src/ui/panes/window.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

test.each([
  [49, 'type a name · ↑↓ choose · Enter put · Esc close'],
  [46, 'type a name · ↑↓ choose · Esc close'],
  [30, 'type a name · Esc close'],
  [20, 'Esc close'],
  [5, 'Esc …'],
])('in %i cells a line of keys has what fits whole, and how one leaves', (width, line) => {
  expect(keysThatFit('type a name · ↑↓ choose · Enter put · Esc close', width)).toBe(line)
})

test('in ASCII, too', () => {
  expect(keysThatFit('^v choose - Enter put - Esc close', 25)).toBe('^v choose - Esc close')
})

test('20x5: what is gone to is seen below what is typed', async () => {
  const alice = person('alice')
  const world = new ScriptedWorld()
  world.say(world.direct(alice), alice, 12, 'hello')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  world.lastTarget = alice.id
  const parts = { connector: world, now: () => NINE }
  const screen = Screen.open({ columns: 20, rows: 5 }, {}, parts)
  await screen.waitFor('hello')
  screen.type('\x0bali')
  await screen.waitFor('> ali')
  expect(screen.rows.slice(0, 2)).toEqual(['Go to', ' > ali'])
  expect(screen.rows[2]).toMatch(/^ ▸ alice/)
})
