import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const ALICE = person('alice')
const [PAGE_UP, ALT_A, ALT_U, UNFOCUSED] = ['\x1b[5~', '\x1ba', '\x1bu', '\x1b[O']

/** Sixty texts in the lobby, which is open, all of them read. */
async function lobby() {
  const world = new ScriptedWorld()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const id = world.group('lobby', ALICE)
  for (let n = 1; n <= 60; n += 1) world.say(id, ALICE, 1, `text ${n} of it`)
  world.allRead(id)
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('text 60 of it')
  return { world, screen, id }
}

test('what came below while one reads back is next, when nothing else is unread', async () => {
  const { world, screen, id } = await lobby()
  screen.type(PAGE_UP.repeat(2))
  await screen.waitFor(({ text }) => !text.includes('text 60 of it'))
  for (let n = 61; n <= 100; n += 1) world.say(id, ALICE, 2, `text ${n} of it`)
  await screen.waitFor('↓ 40 new')
  screen.type(ALT_A)
  await screen.waitFor('text 61 of it')
  expect(screen.text).toMatch(/── 40 new ─+\n.*text 61 of it/)
  expect(screen.text).not.toContain('text 60 of it')
  expect(screen.text).not.toContain('Nothing is unread')
})

test('so is what is above the screen', async () => {
  const { world, screen, id } = await lobby()
  screen.type(UNFOCUSED)
  for (let n = 61; n <= 100; n += 1) world.say(id, ALICE, 2, `text ${n} of it`)
  await screen.waitFor('text 100 of it')
  screen.type('\x1b[I')
  await screen.waitFor('↑ 40 new from above')
  screen.type(ALT_A)
  await screen.waitFor('text 61 of it')
  expect(screen.text).not.toContain('text 100 of it')
})

test('Alt-U says so where nothing is unread; else it goes to the first that is', async () => {
  const { world, screen, id } = await lobby()
  screen.type(ALT_U)
  await screen.waitFor('Nothing is unread here.')
  screen.type(PAGE_UP.repeat(2))
  await screen.waitFor(({ text }) => !text.includes('text 60 of it'))
  for (let n = 61; n <= 100; n += 1) world.say(id, ALICE, 2, `text ${n} of it`)
  await screen.waitFor('↓ 40 new')
  screen.type(ALT_U)
  await screen.waitFor('text 61 of it')
  expect(screen.text).not.toContain('text 60 of it')
})

test('Alt-U says so where nothing is open, too', async () => {
  const world = new ScriptedWorld()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('type a message')
  screen.type(ALT_U)
  await screen.waitFor('Open a conversation first')
})

test('another conversation comes before what is out of view in this one', async () => {
  const { world, screen, id } = await lobby()
  const ops = world.group('ops', ALICE)
  world.say(ops, ALICE, 2, 'over there')
  world.emit({ type: 'heads', heads: [world.head(ops)], complete: false })
  screen.type(PAGE_UP.repeat(2))
  await screen.waitFor(({ text }) => !text.includes('text 60 of it'))
  world.say(id, ALICE, 3, 'down here')
  await screen.waitFor('↓ 1 new')
  screen.type(ALT_A)
  await screen.waitFor('over there')
  expect(screen.text).toContain('▸ #ops')
})

test.each([
  ['on an empty line', '', '', 'End'],
  ['while a text stands there', 'half a text', '', 'Ctrl-End'],
  ['in the lists', '', '\t', 'Ctrl-End'],
])('%s it is said which key goes to the newest: there End means what it says', async (...it) => {
  const [, draft, tab, key] = it
  const { screen } = await lobby()
  screen.type(PAGE_UP)
  await screen.waitFor('↓ End: newest')
  screen.type(draft + tab)
  await screen.waitFor(`↓ ${key}: newest`)
  screen.type(key === 'End' ? '\x1b[F' : '\x1b[1;5F')
  await screen.waitFor('text 60 of it')
})

test('50x20: who waits stands in the first row, where one is named first, then where most is said', async () => {
  const world = new ScriptedWorld()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const lobby = world.group('lobby', ALICE)
  world.lastTarget = lobby
  const few = world.group('few', ALICE)
  const many = world.group('many', ALICE)
  const named = world.group('named', ALICE)
  world.say(lobby, ALICE, 1, 'here')
  const screen = Screen.open({ columns: 50, rows: 20 }, {}, { connector: world })
  await screen.waitFor('here')
  world.say(few, ALICE, 2, 'one')
  for (let n = 0; n < 4; n += 1) world.say(many, ALICE, 3, 'more')
  world.tell(named, ALICE, 4, { kind: 'text', text: '@me', mentions: [ME.id] })
  await screen.waitFor(/^.*#lobby.*@1 #named +4 #many +1 #few/)
})
