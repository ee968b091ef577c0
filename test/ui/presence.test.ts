import { expect, test } from 'vitest'
import type { User } from '../../src/protocol/messages.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const [ALICE, BOB, CAROL] = [person('alice'), person('bob'), person('carol')]
const CROWD = Array.from({ length: 250 }, (_, at) => person(`m${at}`))
const SIZE = { columns: 80, rows: 24 }

/** In #ops with alice, who is online; or with others, of whom nobody has said anything. */
function talk(others?: readonly User[]): Readonly<{ world: ScriptedWorld; ops: string }> {
  const world = new ScriptedWorld()
  const ops = world.group('ops', ...(others ?? [ALICE]))
  world.say(ops, others === undefined ? ALICE : ME, 12, 'morning')
  world.allRead(ops)
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  return { world, ops }
}

async function open(world: ScriptedWorld): Promise<Screen> {
  const screen = Screen.open(SIZE, {}, { connector: world, now: () => NINE })
  await screen.waitFor('morning')
  return screen
}

test('a new contact who is online is shown so before anything is said', async () => {
  const { world } = talk()
  const contacts = [
    { user: BOB, online: true, status: 'available' as const, removed: false, blocked: false },
  ]
  world.answers['addContact'] = () => {
    world.emit({ type: 'contacts', contacts, complete: false })
    return { contacts }
  }
  const screen = await open(world)
  await screen.waitFor('2/2 online')
  screen.type('/add bob\r')
  await screen.waitFor('bob is a contact now.')
  await screen.waitFor('bob · online')
  screen.type('hello')
  await screen.waitFor('> hello')
  expect(screen.text).toContain('bob · online')
  const gone = [
    { user: BOB, online: false, status: 'available' as const, removed: false, blocked: false },
  ]
  world.emit({ type: 'contacts', contacts: gone, complete: false })
  await screen.waitFor('bob · offline')
})

test('of a stranger whose presence nobody tells nothing is said', async () => {
  const { world } = talk()
  world.answers['find'] = ({ text }) => ({
    users: [ALICE, BOB].filter(({ name }) => name === text),
    groups: [],
    next: '',
  })
  const screen = await open(world)
  await screen.waitFor('2/2 online')
  screen.type('/goto bob\r')
  await screen.waitFor('Nothing here yet.')
  expect(screen.rows[1]?.slice(21)).toBe('bob')
  world.emit({ type: 'presences', users: [{ user: ALICE.id, online: true, status: 'available' }] })
  screen.type('/goto alice\r')
  await screen.waitFor('alice · online')
})

test('who comes into the open group is watched from then on', async () => {
  const { world, ops } = talk()
  const screen = await open(world)
  await screen.waitFor('2/2 online')
  const all = [ME, ALICE, CAROL]
  world.members.set(
    ops,
    all.map((user) => ({
      user,
      role: 'member',
      online: true,
      status: 'available',
      classic: false,
    })),
  )
  // As last heard, long ago.
  world.emit({ type: 'presences', users: [{ user: CAROL.id, online: false, status: 'available' }] })
  world.event(ops, ALICE, 13, 'added', CAROL)
  await screen.waitFor('3/3 online')
  expect(world.askedOf('watch').at(-1)).toMatchObject({ conversation: ops })
})

test('how far a message has got is asked anew whenever its conversation is opened', async () => {
  const { world, ops } = talk()
  const chat = world.direct(BOB)
  world.say(chat, BOB, 1, 'hi')
  world.allRead(chat)
  world.say(ops, ME, 14, 'are you there?')
  world.cursors.set(ops, [{ user: ALICE.id, delivered: 0, read: 0 }])
  const screen = await open(world)
  await screen.waitFor('✓')
  world.cursors.set(ops, [{ user: ALICE.id, delivered: 9, read: 9 }])
  screen.type('/goto bob\r')
  await screen.waitFor('your chat with bob')
  expect(screen.text).not.toContain('✓✓✓')
  screen.type('/goto #ops\r')
  await screen.waitFor('✓✓✓')
})

test('what was refused is counted apart from what goes out by itself', async () => {
  const { world, ops } = talk()
  const chat = world.direct(BOB)
  world.say(chat, BOB, 1, 'hi')
  world.allRead(chat)
  const screen = await open(world)
  world.waits({ kind: 'group', id: ops }, 'on its way', 15)
  world.waits({ kind: 'direct', id: BOB.id }, 'no', 16, 'blocked')
  world.waits({ kind: 'direct', id: BOB.id }, 'no again', 17, 'blocked')
  await screen.waitFor('outbox 1  ✗ 2 refused')
  expect(screen.text).toMatch(/bob +✗ 2 refused│/)
  expect(screen.text).toMatch(/#ops +1 queued│/)
})

test('of a group of 251 the title counts who is online as the server told it, from then on anew', async () => {
  const { world, ops } = talk(CROWD)
  world.answers['watch'] = ({ conversation }) => {
    world.emit({ type: 'crowd', conversation: String(conversation), online: 57 })
    return { conversation, online: 57, users: [] }
  }
  const screen = await open(world)
  await screen.waitFor('#ops · 57/251 online')
  world.emit({ type: 'crowd', conversation: ops, online: 56 })
  await screen.waitFor('#ops · 56/251 online')
  screen.type('/group\r')
  await screen.waitFor(/251, 56 online/)
})

test('the list of the members of such a group counts them, too', async () => {
  const { world, ops } = talk(CROWD)
  const parts = { connector: world, now: () => NINE }
  const screen = Screen.open({ columns: 140, rows: 40 }, {}, parts)
  await screen.waitFor('MEMBERS 251')
  world.emit({ type: 'crowd', conversation: ops, online: 56 })
  await screen.waitFor('MEMBERS 56/251')
})
