import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, NINE, ScriptedWorld } from '../support/scripted-world.ts'

const HERE = { state: 'online', latencyMs: 7 } as const

test.each([
  { columns: 100, row: 0 },
  { columns: 40, row: -1 },
])('that no answer comes is on the screen with $columns columns', async (size) => {
  const world = new ScriptedWorld()
  world.group('lobby')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  let now = NINE
  const screen = Screen.open(
    { columns: size.columns, rows: 24 },
    {},
    { connector: world, now: () => now },
  )
  await screen.waitFor('#lobby')
  now = NINE + 6_000
  world.emit({ type: 'link', link: { ...HERE, silentSince: NINE } })
  await screen.waitFor('no answer')
  expect(screen.rows.at(size.row)).toContain('◌ no answer for 6 s')
  // It counts on, though nothing else happens.
  now = NINE + 9_000
  await screen.waitFor('no answer for 9 s')
  world.emit({ type: 'link', link: HERE })
  await screen.waitFor(({ text }) => !text.includes('no answer'))
})
