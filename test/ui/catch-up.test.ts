import { expect, test } from 'vitest'
import { defaults } from '../../src/ui/configuration/options.ts'
import { Screen } from '../support/screen.ts'
import { ME, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const NARROW = { columns: 50, rows: 20 }
const ENTER = '\r'
const ESC = '\x1b'
const [ALICE, BOB] = [person('alice'), person('bob')]

/** In five conversations something is new; in one of them somebody names me, one is muted. */
function busyWorld(): ScriptedWorld {
  const world = new ScriptedWorld()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const lobby = world.group('lobby', ALICE)
  const ops = world.group('ops', ALICE, BOB)
  const noise = world.group('noise', ALICE)
  const bob = world.direct(BOB)
  const dan = world.group('dan-and-friends', ALICE)
  world.say(lobby, ALICE, 1, 'morning all')
  world.say(ops, ALICE, 2, 'the first of ops')
  const mentions = { mentions: [ME.id] }
  world.tell(ops, BOB, 3, { kind: 'text', text: '@me the keys?', ...mentions })
  world.changeHead(ops, { mentions: 1 })
  for (let n = 0; n < 30; n += 1) world.say(noise, ALICE, 50, `noise ${n}`)
  const muted = { pinned: false, muted: true, notify: 'default', unread: 0, unreadN: 0 } as const
  world.changeHead(noise, { preferences: muted })
  world.say(bob, BOB, 5, 'between us\nand a second line')
  for (let n = 0; n < 40; n += 1) world.say(dan, ALICE, 9, `text ${n}`)
  world.lastTarget = lobby
  return world
}

function open(world: ScriptedWorld, size = SIZE, catchUp = true): Screen {
  const configuration = { ...defaults, notify: { ...defaults.notify, catchUp } }
  const screen = Screen.open(size, { configuration }, { connector: world })
  return screen
}

/** The entries are told when the heads have been, as a client does. */
function tellAll(world: ScriptedWorld): void {
  for (const id of ['~g-lobby', '~g-ops', '~g-noise', '~d-bob', '~g-dan-and-friends']) {
    for (const entry of world.logOf(id)) world.emit({ type: 'entry', conversation: id, entry })
  }
}

function heads(screen: Screen): readonly string[] {
  const found = screen.rows.map((row) =>
    /[▸ ] +(\S.*?) {2,}.*\bnew\b/.exec(row.replace(/^.*│/, '')),
  )
  return found.flatMap((match) => match?.[1] ?? [])
}

test.each([SIZE, NARROW])('$columns×$rows: much that is new is a page of its own', async (size) => {
  const world = busyWorld()
  const screen = open(world, size)
  await screen.waitFor('74 new in 5 conversations')
  tellAll(world)
  await screen.waitFor('alice: the first of ops')
  await screen.waitFor('bob: between us')
  expect(heads(screen)).toEqual(['#ops', 'bob', '#dan-and-friends', '#lobby', '#noise'])
  expect(screen.text).toMatch(/#ops +2 new @1/)
  expect(screen.text).toMatch(/#noise +muted {2}30 new/)
  expect(screen.text).not.toContain('and a second line')
  expect(world.askedOf('mark')).toEqual([])
})

test('what is new is shown from where it begins, though its end comes first', async () => {
  const world = busyWorld()
  world.held.add('getPage')
  const screen = open(world)
  await screen.waitFor('74 new in 5 conversations')
  const [dan, ops] = ['~g-dan-and-friends', '~g-ops']
  const newest = world.logOf(dan).at(-1)
  if (newest !== undefined) world.emit({ type: 'entry', conversation: dan, entry: newest })
  for (const entry of world.logOf(ops)) world.emit({ type: 'entry', conversation: ops, entry })
  await screen.waitFor('alice: the first of ops')
  expect(screen.text).toMatch(/#dan-and-friends.*\n.*loading/)
  expect(screen.text).not.toContain('text 39')
  world.release()
  await screen.waitFor(/#dan-and-friends.*\n.*alice: text 0/)
})

test('what somebody does is shown as that, on the page and in a look', async () => {
  const world = busyWorld()
  world.say('~g-lobby', ALICE, 1, '/me waves')
  world.say('~g-ops', ALICE, 1, '/me yawns')
  const screen = open(world)
  await screen.waitFor('▸ #ops')
  tellAll(world)
  await screen.waitFor('* alice waves')
  await pastGuard(screen)
  screen.type('z')
  await screen.waitFor('* alice yawns')
  expect(screen.text).not.toContain('/me')
})

test('z looks without a trace, Enter opens at the first that is new', async () => {
  const world = busyWorld()
  const screen = open(world)
  await screen.waitFor('▸ #ops')
  tellAll(world)
  await pastGuard(screen)
  screen.type('\x1b[B\x1b[B')
  await screen.waitFor('▸ #dan-and-friends')
  screen.type('z')
  await screen.waitFor('New in #dan-and-friends')
  await screen.waitFor(/alice\n.*text 0\n/)
  screen.type('G')
  screen.type('\x1b[F')
  await screen.waitFor('text 39')
  expect(marked(world, '~g-dan-and-friends')).toEqual([])
  screen.type('z')
  await screen.waitFor('▸ #dan-and-friends')
  screen.type(ENTER)
  await screen.waitFor(/── 40 new ─+\n.*text 0\n/)
  expect(screen.text).not.toContain('text 39')
  await screen.waitFor(() => marked(world, '~g-dan-and-friends').length > 0)
  // No more than was in view.
  for (const read of marked(world, '~g-dan-and-friends')) expect(read).toBeLessThan(25)
})

test('x marks one as read, X all of them; Esc leads to the chat', async () => {
  const world = busyWorld()
  const screen = open(world)
  await screen.waitFor('▸ #ops')
  await pastGuard(screen)
  screen.type('x')
  await screen.waitFor('71 new in 3 conversations')
  expect(marked(world, '~g-ops')).toEqual([2])
  await screen.waitFor('▸ bob')
  screen.type(ESC)
  await screen.waitFor(({ text }) => !text.includes('conversations'))
  screen.type(`/catch-up${ENTER}`)
  await screen.waitFor('in 3 conversations')
  screen.type('X')
  await screen.waitFor(({ rows }) => rows[0]?.includes('unread') === false)
})

test('where nothing is left, no keys are named that would do nothing', async () => {
  const world = busyWorld()
  const screen = open(world)
  await screen.waitFor('▸ #ops')
  await pastGuard(screen)
  screen.type('X')
  await screen.waitFor(({ rows }) => rows[0]?.includes('unread') === false)
  screen.type(`/catch-up${ENTER}`)
  await screen.waitFor('Nothing is unread.')
  await screen.waitFor('Esc to the chat')
  expect(screen.text).not.toMatch(/all read|Enter open/)
})

test('who types at that moment goes on typing', async () => {
  const world = busyWorld()
  const screen = open(world)
  await screen.waitFor('74 new in 5 conversations')
  screen.type(ENTER)
  screen.type('x')
  screen.type('yz')
  await screen.waitFor('> xyz')
  expect(screen.text).toContain('▸ #lobby')
  expect(marked(world, '~g-ops')).toEqual([])
})

test.each([
  { size: SIZE, catchUp: false, said: 'who does not want it' },
  { size: SIZE, catchUp: true, said: 'little' },
])('$said: the chat comes first', async ({ size, catchUp, said }) => {
  const world = said === 'little' ? new ScriptedWorld() : busyWorld()
  if (said === 'little') {
    world.keptSession = { user: ME, token: Buffer.alloc(32) }
    world.say(world.group('lobby', ALICE), ALICE, 1, 'morning all')
  }
  const screen = open(world, size, catchUp)
  await screen.waitFor('> type a message')
  await screen.waitFor('▸ #lobby')
  expect(screen.text).not.toContain('conversations')
})

test('a draft elsewhere has a sign in the list, until it is sent or emptied', async () => {
  const world = busyWorld()
  const screen = open(world, SIZE, false)
  await screen.waitFor('▸ #lobby')
  screen.type('a thought')
  await screen.waitFor('> a thought')
  screen.type('\x1ba')
  await screen.waitFor('▸ #ops')
  await screen.waitFor(/ {2}#lobby +✎/)
  screen.type('\x1bs')
  await screen.waitFor('> a thought')
  screen.type('\x03')
  screen.type('\x1bs')
  await screen.waitFor('▸ #ops')
  expect(screen.text).not.toContain('✎')
})

function marked(world: ScriptedWorld, id: string): readonly number[] {
  const marks = world.askedOf('mark').filter(({ conversation }) => conversation === id)
  return marks.map(({ read }) => Number(read))
}

/** The page came by itself a second ago: keys are meant for it. */
async function pastGuard(screen: Screen): Promise<void> {
  screen.type(ESC)
  await screen.waitFor(({ text }) => !text.includes('conversations'))
  screen.type('\x18h')
  await screen.waitFor('conversations')
}
