import { expect, test } from 'vitest'
import { ChatError } from '../../src/protocol/errors.ts'
import { defaults } from '../../src/ui/configuration/options.ts'
import { keysThatFit } from '../../src/ui/panes/window.ts'
import { aroundCursor } from '../../src/ui/view/Prompt.tsx'
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

const LOW = { columns: 20, rows: 5 }
const SIZES = [LOW, { columns: 30, rows: 10 }, { columns: 50, rows: 20 }]
const ENTER = '\r'
const TAB = '\t'

/** The row of the cursor, up to it. */
function beforeCursor({ cursor, rows }: Screen): string | undefined {
  return cursor && rows[cursor.y]?.slice(0, cursor.x)
}

test.each(SIZES)(
  'each field of the log-in is in view with its cursor: $columns x $rows',
  async (size) => {
    const world = new ScriptedWorld()
    world.group('lobby')
    world.refusals.push(new ChatError('inviteNeeded'))
    const screen = Screen.open(size, { env: {} }, { connector: world })
    await screen.waitFor('Name')
    screen.type('a-rather-long-name')
    await screen.waitFor((it) => beforeCursor(it)?.endsWith('name') === true)
    screen.type(`${TAB}correct horse battery staple`)
    await screen.waitFor(/Password +•+$/m)
    screen.type(TAB)
    await screen.waitFor('▸ Log in')
    screen.type(TAB)
    await screen.waitFor('▸ Create account')
    screen.type(ENTER)
    await screen.waitFor('Invite')
    screen.type('k3m2')
    await screen.waitFor((it) => beforeCursor(it)?.endsWith('k3m2') === true)
    screen.type('\x1b[Z')
    await screen.waitFor(/Password +•+$/m)
    screen.type('\x1b[Z')
    await screen.waitFor((it) => beforeCursor(it)?.endsWith('name') === true)
  },
)

test('20x5: why one was refused is read whole, beside the field; an unencrypted line leaves the fields', async () => {
  const world = new ScriptedWorld()
  world.refusals.push(new ChatError('wrongLogin'))
  const start = { address: 'office:8000', plaintext: true }
  const screen = Screen.open(LOW, { start }, { connector: world })
  await screen.waitFor('Name')
  expect(screen.rows).toEqual([
    '  Log in to office:…',
    '  Name      me',
    '  Password',
    '  [ Log in ]',
    '  [ Create account ]',
  ])
  screen.type(`wrong horse${ENTER}`)
  await screen.waitFor('wrong.')
  expect(screen.rows.join(' ')).toMatch(/Password .*Name or password +is wrong\./)
})

test('20x5: an address is typed where it is seen, and what is wrong with it is said', async () => {
  const world = new ScriptedWorld()
  world.checks.push(new TypeError('A port is 1 to 65535.'))
  const screen = Screen.open(LOW, { start: 'menu' }, { connector: world })
  await screen.waitFor('▸ Host')
  screen.type(`\x1b[B`)
  await screen.waitFor('▸ Connect')
  screen.type(ENTER)
  await screen.waitFor('Address')
  screen.type('server.example.org:99999')
  await screen.waitFor(({ rows }) => rows.some((row) => row.endsWith(':99999')))
  screen.type(ENTER)
  await screen.waitFor(({ rows }) => rows.slice(1).some((row) => row.includes('A port is 1')))
})

test('20x5: of a list of servers the chosen one is in view', async () => {
  const servers = ['one', 'two', 'three', 'four', 'five', 'six'].map((name) => ({
    name,
    address: `${name}:8000`,
    user: '',
  }))
  const configuration = { ...defaults, servers }
  const parts = { connector: new ScriptedWorld() }
  const screen = Screen.open(LOW, { start: 'menu', configuration }, parts)
  await screen.waitFor('▸ Host')
  screen.type('\x1b[A')
  await screen.waitFor('▸ me@old')
  screen.type('\x1b[A')
  await screen.waitFor('▸ six')
  screen.type('\x1b[A\x1b[A\x1b[A')
  await screen.waitFor('▸ three')
})

test('below 20x5 one line says that this is too small', async () => {
  const { screen } = await chat(LOW)
  for (const window of ['/search hello', '/join', '\x0b']) {
    screen.resize(LOW)
    screen.type(window.startsWith('/') ? `${window}${ENTER}` : window)
    await screen.waitFor(({ cursor }) => cursor?.y === 1)
    for (const size of [
      { columns: 19, rows: 5 },
      { columns: 20, rows: 4 },
    ]) {
      screen.resize(size)
      await screen.waitFor(/^Too small: min 20x5$/m)
    }
    screen.resize(LOW)
    await screen.waitFor(({ cursor }) => cursor?.y === 1)
    screen.type('\x1b')
    await screen.waitFor(({ cursor }) => cursor?.y === 4)
  }
})

test('below 20x5 the log-in says that this is too small', async () => {
  const screen = Screen.open({ columns: 19, rows: 5 }, {}, { connector: new ScriptedWorld() })
  await screen.waitFor(/^Too small: min 20x5$/m)
  screen.resize(LOW)
  await screen.waitFor('Password')
})

async function chat(size: Readonly<{ columns: number; rows: number }>) {
  const world = new ScriptedWorld()
  const alice = person('alice')
  const lobby = world.group('lobby', alice)
  const entry = world.say(lobby, alice, 12, 'hello')
  world.answers['search'] = () => ({ hits: [{ conversation: lobby, entry }], next: '' })
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(size, {}, { connector: world, now: () => NINE })
  await screen.waitFor('hello')
  return { world, screen }
}

test.each(SIZES)(
  'what is searched for is seen above what is found: $columns x $rows',
  async (size) => {
    const { screen } = await chat(size)
    screen.type('\x06hel')
    await screen.waitFor((it) => beforeCursor(it)?.endsWith('> hel') === true)
    await screen.waitFor(/hello/)
    const at = screen.cursor?.y ?? 0
    expect(screen.rows.slice(at + 1).some((row) => row.includes('hello'))).toBe(true)
  },
)

test.each(SIZES)(
  'which group one joins is seen, and what is refused: $columns x $rows',
  async (size) => {
    const { world, screen } = await chat(size)
    const ops = { id: 'ops', name: 'ops', joined: false }
    world.groups.push(...world.groups.map((group) => ({ ...group, ...ops })))
    world.answers['joinGroup'] = () => {
      throw new ChatError('banned')
    }
    screen.type(`/join${ENTER}`)
    await screen.waitFor('#ops')
    screen.type('op')
    await screen.waitFor((it) => beforeCursor(it)?.endsWith('> op') === true)
    await screen.waitFor(/▸ #ops/)
    screen.type(ENTER)
    await screen.waitFor(/banned/)
    expect(beforeCursor(screen)).toMatch(/> op$/)
  },
)

test.each(SIZES)(
  'each field of a form is in view with its cursor: $columns x $rows',
  async (size) => {
    const { screen } = await chat(size)
    screen.type(`/password${ENTER}`)
    for (const _ of ['old', 'new', 'again']) {
      screen.type('abc')
      await screen.waitFor((it) => beforeCursor(it)?.endsWith('•••') === true)
      screen.type(TAB)
    }
    screen.type('\x1b')
    await screen.waitFor('hello')
    screen.type(`/create${ENTER}`)
    for (const typed of ['crew', 'ali']) {
      screen.type(typed)
      await screen.waitFor((it) => beforeCursor(it)?.endsWith(typed) === true)
      screen.type(TAB)
    }
    // Of a label and what stands behind it the label is cut.
    await screen.waitFor('‹ anyone')
  },
)

test.each([
  ['/leave', '\x1b[A'],
  ['/group', '\x1b[B'],
  ['/settings', '\x1b[B'],
])('20x5: what one is asked by %s can be chosen where it is seen', async (command, key) => {
  const { screen } = await chat(LOW)
  screen.type(`${command}${ENTER}`)
  await screen.waitFor(/^ ▸ \S/m)
  const [first] = screen.rows.filter((row) => row.startsWith(' ▸'))
  screen.type(key)
  await screen.waitFor(({ rows }) => rows.some((row) => row.startsWith(' ▸') && row !== first))
})

test('20x5: an emoji is looked for where it is seen, above what is found', async () => {
  const { screen } = await chat(LOW)
  screen.type(`/react${ENTER}`)
  await screen.waitFor('React')
  screen.type('tada')
  await screen.waitFor((it) => beforeCursor(it)?.endsWith('> tada') === true)
  await screen.waitFor(/^ ▸ 🎉/m)
})

test.each([
  ['abc\x1b[7m \x1b[27m', 4, 'abc\x1b[7m \x1b[27m'],
  ['abcdef\x1b[7m \x1b[27m', 4, 'def\x1b[7m \x1b[27m'],
  ['\x1b[7ma\x1b[27mbcdef', 4, '\x1b[7ma\x1b[27mbcd'],
  ['ab\x1b[7mc\x1b[27mdef', 4, 'ab\x1b[7mc\x1b[27md'],
  ['张三\x1b[7m李\x1b[27m四', 5, '三\x1b[7m李\x1b[27m'],
  ['abcdef', 4, 'cdef'],
])('of %j what is around the cursor is in view in %i cells', (text, cells, shown) => {
  expect(aroundCursor(text, cells)).toBe(shown)
})

test('20x5: a window shows what can be chosen rather than the end of what it says', async () => {
  const world = new ScriptedWorld()
  const alice = person('alice')
  const ops = world.group('ops', alice)
  world.changeHead(ops, { role: 'owner' })
  world.members.set(
    ops,
    [ME, alice].map((user) => ({
      user,
      role: user === ME ? 'owner' : 'member',
      online: true,
      status: 'available',
      classic: false,
    })),
  )
  world.say(ops, alice, 12, 'hello')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(LOW, {}, { connector: world, now: () => NINE })
  await screen.waitFor('hello')
  screen.type('/leave\r')
  await screen.waitFor('Leave #ops?')
  await screen.waitFor(({ rows }) => rows[1] === '   Leave' && rows[2] === ' ▸ Stay')
  screen.type('\x1b')
  await screen.waitFor('hello')
  screen.type('\x18i')
  await screen.waitFor('Group #ops')
  expect(screen.rows[1]).toBe(' ▸ m  its members')
  expect(screen.rows[2]).toMatch(/^ ↓ s/)
})

test.each([LOW, { columns: 30, rows: 8 }, { columns: 60, rows: 10 }])(
  '$columns×$rows: why something is not done is read whole',
  async (size) => {
    const world = new ScriptedWorld()
    const alice = person('alice')
    world.say(world.group('ops', alice), alice, 12, 'hello')
    world.keptSession = { user: ME, token: Buffer.alloc(32) }
    const screen = Screen.open(size, {}, { connector: world, now: () => NINE })
    await screen.waitFor('hello')
    screen.type('/ban alice\r')
    await screen.waitFor('Only admins')
    const said = screen.rows.map((row) => row.replace(/^.*│ */, '').trim()).join(' ')
    expect(said).toContain('Only admins and owners of #ops may do that.')
    screen.type('\x03')
    await screen.waitFor('hello')
  },
)
