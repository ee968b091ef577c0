import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

test('of a deleted account it is said that it is gone, and Tab offers it no more', async () => {
  const [alice, albert] = [person('alice'), person('albert')]
  const world = new ScriptedWorld()
  for (const one of [alice, albert]) {
    const chat = world.direct(one)
    world.say(chat, one, 12, `from ${one.name}`)
    world.allRead(chat)
  }
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  world.lastTarget = albert.id
  world.answers['find'] = () => ({ users: [albert], groups: [], next: '' })
  const parts = { connector: world, now: () => NINE }
  const screen = Screen.open({ columns: 80, rows: 24 }, {}, parts)
  await screen.waitFor('albert · offline')
  screen.type('/goto alice\r')
  await screen.waitFor('alice · this account is gone')
  expect(screen.text).toContain('from alice')
  screen.type('@al\t')
  await screen.waitFor('> @albert')
  screen.type('\t')
  await screen.waitFor(/> @al$/m)
})
