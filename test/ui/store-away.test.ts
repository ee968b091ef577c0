import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, NINE, ScriptedWorld } from '../support/scripted-world.ts'

test.each([
  { columns: 100, row: 0 },
  { columns: 40, row: -1 },
])('that the server can save nothing now is on the screen with $columns columns', async (size) => {
  const world = new ScriptedWorld()
  world.group('lobby')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const parts = { connector: world, now: () => NINE }
  const screen = Screen.open({ columns: size.columns, rows: 24 }, {}, parts)
  await screen.waitFor('#lobby')
  world.emit({ type: 'link', link: { state: 'online', latencyMs: 7, stuck: true } })
  await screen.waitFor('the server cannot save now')
  expect(screen.rows.at(size.row)).toContain('◌ the server cannot save now')
  const again = { state: 'waiting', retryAt: NINE + 4_000, attempt: 1, reason: 'away' } as const
  world.emit({ type: 'link', link: { ...again, stuck: true } })
  await screen.waitFor('the server cannot save now, ')
  world.emit({ type: 'link', link: { state: 'online', latencyMs: 7 } })
  await screen.waitFor(({ text }) => !text.includes('cannot save'))
})
