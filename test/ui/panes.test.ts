import { expect, test } from 'vitest'
import { PLAIN_GROUP } from '../support/plain.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const ALICE = person('alice')
const BOB = person('bob')
const TAB = '\t'
const SHIFT_TAB = '\x1b[Z'
const DOWN = '\x1b[B'

/** #lobby is open; #ops and two people beside it. */
async function office(env = {}): Promise<Readonly<{ world: ScriptedWorld; screen: Screen }>> {
  const world = new ScriptedWorld()
  const lobby = world.group('lobby', ALICE, BOB)
  world.group('ops', BOB)
  world.say(lobby, ALICE, 12, 'morning all')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(SIZE, { env }, { connector: world, now: () => NINE })
  await screen.waitFor('morning all')
  const of = (user: typeof ALICE) => ({
    user,
    online: true,
    status: 'available' as const,
    removed: false,
    blocked: false,
  })
  world.emit({ type: 'contacts', contacts: [of(ALICE), of(BOB)], complete: true })
  await screen.waitFor('CONTACTS 2')
  return { world, screen }
}

test('the first Tab into a list shows which row the keys act on, also without colours', async () => {
  const { screen } = await office({ NO_COLOR: '1' })
  screen.type(TAB)
  await screen.waitFor('●>alice')
  expect(screen.look(2, '●>alice').inverse).toBe(true)
  screen.type(DOWN)
  await screen.waitFor('●>bob')
  screen.type(TAB)
  await screen.waitFor('▸>#lobby')
  expect(screen.text).not.toContain('>bob')
  screen.type(`${DOWN}\r`)
  await screen.waitFor('#ops · ')
  expect(screen.text).toContain('▸ #ops')
  screen.type(SHIFT_TAB + SHIFT_TAB)
  await screen.waitFor('>#ops')
})

test('while the keys go elsewhere the input line says so, and what is no key there is typed', async () => {
  const { screen } = await office()
  screen.type('\x1b')
  await screen.waitFor('> reading back · Esc to write')
  screen.type('what time?')
  await screen.waitFor('> what time?')
  screen.type('\x15')
  await screen.waitFor('> type a message')
  screen.type(TAB)
  await screen.waitFor('> in the list · Enter opens, Esc to write')
  screen.type('what now?')
  await screen.waitFor('> what now?')
})

test('keys in a list concern the highlighted group, not the one that is open', async () => {
  const { screen } = await office()
  screen.type(TAB + TAB)
  await screen.waitFor('▸>#lobby')
  screen.type(`${DOWN}L`)
  await screen.waitFor('Leave #ops?')
  screen.type('\x1b')
  await screen.waitFor('#ops · ')
  screen.type(TAB + TAB)
  await screen.waitFor('▸>#ops')
  screen.type('\x1b[Am')
  await screen.waitFor('Members of #lobby')
})

test('a person cannot be left: that is said, and what would be right', async () => {
  const { screen } = await office()
  screen.type(`${TAB}L`)
  await screen.waitFor('/leave is for groups; /remove NAME drops a contact.')
  expect(screen.text).not.toContain('Leave #lobby?')
})

test('a blank before a command does not make it a message', async () => {
  const { world, screen } = await office()
  screen.type('  /members\r')
  await screen.waitFor('Members of #lobby')
  expect(world.said).toEqual([])
})

test('what is said about a wrong command fits beside the lists', async () => {
  const { screen } = await office()
  screen.type('/bogus\r')
  await screen.waitFor('No command /bogus: see /help; //bogus is a text.')
})

test('what can be joined comes first, not what one is in already', async () => {
  const { world, screen } = await office()
  world.groups.push({ id: '~g-tea', name: 'tea', members: 1, joined: false, ...PLAIN_GROUP })
  screen.type('\x18j')
  await screen.waitFor('▸ #tea')
  screen.type('#')
  await screen.waitFor('▸ #tea')
})

test('a contact who is removed but stays in the list for the conversation: that is said', async () => {
  const { world, screen } = await office()
  world.answers['removeContact'] = () => ({ contacts: [] })
  screen.type('/remove bob\r')
  await screen.waitFor('bob is no contact any more.')
  world.say(world.direct(ALICE), ALICE, 13, 'hello')
  world.online()
  await screen.waitFor('1 unread')
  screen.type('/remove alice\r')
  await screen.waitFor('alice is no contact now; your conversation stays listed.')
})

test('i in a list says who somebody is, and shows the group on the highlighted row', async () => {
  const { screen } = await office()
  screen.type(TAB)
  await screen.waitFor('●>alice')
  screen.type('i')
  await screen.waitFor('on your contact list')
  screen.type('\x1b')
  await screen.waitFor(({ text }) => !text.includes('on your contact list'))
  screen.type(TAB)
  await screen.waitFor('▸>#lobby')
  screen.type(`${DOWN}i`)
  await screen.waitFor('Group #ops')
})
