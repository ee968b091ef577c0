import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, NINE, ScriptedWorld } from '../support/scripted-world.ts'

test('the first frame after a loss counts from now', async () => {
  const world = new ScriptedWorld()
  world.group('lobby')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const parts = { connector: world, now: () => NINE }
  const screen = Screen.open({ columns: 80, rows: 24 }, {}, parts)
  await screen.waitFor('#lobby')
  const link = { state: 'waiting', retryAt: NINE + 4_000, attempt: 1, reason: 'lost' } as const
  world.emit({ type: 'link', link })
  await screen.waitFor('next try in')
  expect(screen.rows[0]).toContain('lost, next try in 4 s')
})
