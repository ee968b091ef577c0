import { test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const carol = person('carol-with-a-name')

/** The log as one line, however it is broken. */
const logOf = ({ text }: Screen) => text.replace(/^.*│ */gm, '').replace(/\s+/g, ' ')

test.each([
  { columns: 20, rows: 8 },
  { columns: 80, rows: 24 },
])('at $columns×$rows what happened is said in as many rows as it takes', async (size) => {
  const world = new ScriptedWorld()
  const ops = world.group('ops', carol)
  world.event(ops, carol, 1, 'joined')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(size, {}, { connector: world, now: () => NINE })
  await screen.waitFor((it) => logOf(it).includes('→ carol-with-a-name joined'))
  world.event(ops, carol, 2, 'topic', undefined, 'what is on the table, and who takes care of it')
  await screen.waitFor((it) => logOf(it).includes('table, and who takes care of it'))
})

test('what is to be sent again while there is no connection is said to wait for it', async () => {
  const world = new ScriptedWorld()
  const ops = world.group('ops', carol)
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const parts = { connector: world, now: () => NINE }
  const screen = Screen.open({ columns: 100, rows: 24 }, {}, parts)
  await screen.waitFor('#ops · ')
  world.waits({ kind: 'group', id: ops }, 'no', 1, 'blocked')
  await screen.waitFor('1 refused')
  screen.type('/retry\r')
  await screen.waitFor('1 sent again.')
  const lost = { state: 'waiting', retryAt: NINE + 60_000, attempt: 1, reason: 'lost' } as const
  world.emit({ type: 'link', link: lost })
  await screen.waitFor('next try in')
  screen.type('/retry\r')
  await screen.waitFor('Not connected: 1 will be sent again with the connection.')
})
