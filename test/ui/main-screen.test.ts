import { expect, test } from 'vitest'
import { ChangedKeyError } from '../../src/net/dial.ts'
import { PLAIN_GROUP } from '../support/plain.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const ALICE = person('alice')
const BOB = person('bob')
const CAROL = person('carol')
const PAGE_UP = '\x1b[5~'
const PAGE_DOWN = '\x1b[6~'
const CTRL_X = '\x18'
const ENTER = '\r'
const ESC = '\x1b'

/** The office as in the layouts: three groups, four people, a morning's talk. */
function office(): Readonly<{ world: ScriptedWorld; lobby: string; ops: string; alice: string }> {
  const world = new ScriptedWorld()
  const lobby = world.group('lobby', ALICE, BOB, CAROL)
  const ops = world.group('ops', ALICE)
  world.say(lobby, ALICE, 12, 'morning all')
  world.say(lobby, ALICE, 12, 'deploy is at 10, see https://ci.example/42')
  world.say(lobby, BOB, 14, 'on it 👍')
  world.allRead(lobby)
  world.say(lobby, CAROL, 31, '日本語 and emoji keep the column straight')
  world.say(ops, ALICE, 32, 'one')
  world.say(ops, ALICE, 33, 'two')
  const alice = world.direct(ALICE)
  world.say(alice, ALICE, 35, 'psst')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  return { world, lobby, ops, alice }
}

async function open(
  world: ScriptedWorld,
  size: Readonly<{ columns: number; rows: number }>,
  env = {},
): Promise<Screen> {
  const screen = Screen.open(size, { env }, { connector: world, now: () => NINE })
  await screen.waitFor(({ text }) => /\d\d:\d\d /.test(text) && !text.includes('loading…'))
  return screen
}

function contacts(world: ScriptedWorld): void {
  const of = (user: typeof ALICE, online: boolean) => ({
    user,
    online,
    removed: false,
    status: 'available' as const,
    blocked: false,
  })
  world.emit({
    type: 'contacts',
    contacts: [of(ALICE, true), of(BOB, true), of(person('dave'), false)],
    complete: true,
  })
}

test('80x24 is as drawn in the layouts', async () => {
  const { world, lobby } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  contacts(world)
  await screen.waitFor('4/4 online')
  world.say(lobby, ME, 32, 'ok, sending the notes now')
  await screen.waitFor('sending the notes')
  world.waits({ kind: 'group', id: lobby }, 'written while offline', 40)
  world.waits({ kind: 'direct', id: '~dave' }, 'for later', 41)
  await screen.waitFor('◷')
  await screen.waitFor('1 queued')
  expect(screen.rows).toEqual([
    ' tchat  me@office:8000  ● online 12ms  outbox 2                3 unread   ? help',
    'CONTACTS 3     1 new│#lobby · 4/4 online',
    '● alice            1│──────────────── the beginning of #lobby ─────────────────',
    '● bob               │──────────────────── Sat 21 Nov 2026 ─────────────────────',
    '○ dave      1 queued│09:12 alice     morning all',
    '                    │                deploy is at 10, see https://ci.example/42',
    'GROUPS 2       2 new│09:14 bob       on it 👍',
    '  #ops             2│09:31 carol     日本語 and emoji keep the column straight',
    '▸ #lobby    1 queued│09:32 you     ✓ ok, sending the notes now',
    '                    │09:40 you     ◷ written while offline',
    ...Array(8).fill('                    │'),
    'n new  J join  a add│',
    '────────────────────┴───────────────────────────────────────────────────────────',
    '> type a message, /command, or @name',
    '',
    '────────────────────────────────────────────────────────────────────────────────',
    ' Enter send · Alt-Enter newline · Ctrl-K go to · Alt-A next unread · Ctrl-X menu',
  ])
  expect(screen.cursor).toEqual({ x: 2, y: 20 })
})

test('140x40 has members on the right, and the text capped', async () => {
  const { world, lobby } = office()
  world.say(lobby, BOB, 32, 'x'.repeat(90))
  const screen = await open(world, { columns: 140, rows: 40 })
  contacts(world)
  await screen.waitFor('MEMBERS 4')
  await screen.waitFor('CONTACTS 3')
  await screen.waitFor('  3 unread')
  const left = (row: string) => row.slice(0, 27)
  expect(screen.rows[0]).toBe(
    ` tchat  me@office:8000  ● online 12ms${' '.repeat(86)}3 unread   ? help`,
  )
  expect(screen.rows.slice(1, 10).map(left)).toEqual([
    'CONTACTS 3           1 new│',
    '● alice                  1│',
    '● bob                     │',
    '○ dave                    │',
    '                          │',
    'GROUPS 2             2 new│',
    '  #ops                   2│',
    '▸ #lobby                  │',
    '                          │',
  ])
  expect(screen.rows[1]?.slice(27)).toBe(` #lobby · 4/4 online${' '.repeat(68)}│MEMBERS 4`)
  expect(screen.rows.slice(4, 12).map((row) => row.slice(27))).toEqual([
    ` 09:12 alice      morning all${' '.repeat(59)}│● carol`,
    `                  deploy is at 10, see https://ci.example/42${' '.repeat(28)}│● me             ★ owner`,
    ` 09:14 bob        on it 👍${' '.repeat(62)}│`,
    ` ${'─'.repeat(39)} 2 new ${'─'.repeat(40)} │`,
    ` 09:31 carol      日本語 and emoji keep the column straight${' '.repeat(29)}│`,
    ` 09:32 bob        ${'x'.repeat(69)} │`,
    `                  ${'x'.repeat(21)}${' '.repeat(49)}│`,
    `${' '.repeat(88)}│`,
  ])
  expect(screen.rows[2]?.endsWith('│● alice')).toBe(true)
  expect(screen.rows[3]?.endsWith('│● bob')).toBe(true)
  expect(screen.rows[34]).toMatch(/^n new · J join · a add {4}│ +│i info · L leave group$/)
  expect(screen.rows[35]).toBe(`${'─'.repeat(26)}┴${'─'.repeat(88)}┴${'─'.repeat(24)}`)
  expect(screen.rows[36]).toBe('> type a message, /command, or @name')
  expect(screen.rows[39]).toContain(' Enter send · Alt-Enter newline')
})

test('whether the owner is online is seen as of everybody else, beside the log and in the window', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 140, rows: 40 })
  await screen.waitFor(/│● me +★ owner$/m)
  world.emit({ type: 'presences', users: [{ user: ME.id, online: false, status: 'available' }] })
  await screen.waitFor(/│○ me +★ owner$/m)
  screen.type(`${CTRL_X}m`)
  await screen.waitFor('Members of #lobby')
  expect(screen.text).toMatch(/ {2}○ me +★ owner/)
})

test('50x20 is one pane: who waits on top, names above the text', async () => {
  const { world, lobby } = office()
  const screen = await open(world, { columns: 50, rows: 20 })
  world.say(lobby, ME, 32, 'ok')
  await screen.waitFor('ok')
  expect(screen.rows).toEqual([
    '● #lobby 4 ▾   2 #ops  1 alice',
    '─'.repeat(50),
    '──────────── the beginning of #lobby ────────────',
    '──────────────── Sat 21 Nov 2026 ────────────────',
    '09:12 alice',
    ' morning all',
    ' deploy is at 10, see https://ci.example/42',
    '09:14 bob',
    ' on it 👍',
    '09:31 carol',
    ' 日本語 and emoji keep the column straight',
    '09:32 you ✓',
    ' ok',
    ...Array(4).fill(''),
    '─'.repeat(50),
    '> type a message, /command, or @name',
    ' Ctrl-K go to · Ctrl-X menu',
  ])
  expect(screen.cursor).toEqual({ x: 2, y: 18 })
})

test('names and counts are all that 60 columns have room for; 12 rows have no header', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 62, rows: 12 })
  await screen.waitFor('│#lobby · 4/4 online')
  expect(screen.rows).toEqual([
    'CONTACTS 1   1│#lobby · 4/4 online',
    '● alice      1│────────────── Sat 21 Nov 2026 ───────────────',
    '              │09:12 alice     morning all',
    'GROUPS 2     2│                deploy is at 10, see',
    '  #ops       2│                https://ci.example/42',
    '▸ #lobby      │09:14 bob       on it 👍',
    '              │─────────────────── 1 new ────────────────────',
    '              │09:31 carol     日本語 and emoji keep the',
    '              │                column straight',
    'n new J join  │',
    '──────────────┴───────────────────────────────────────────────',
    '> type a message, /command, or @name',
  ])
})

test('a window too small for anything but the last lines never ends the program', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.resize({ columns: 20, rows: 5 })
  await screen.waitFor(({ rows }) => rows[4] === '> type a message, …')
  expect(screen.rows).toEqual([
    ' 日本語 and emoji',
    ' keep the column',
    ' straight',
    '',
    '> type a message, …',
  ])
  screen.resize({ columns: 1, rows: 1 })
  screen.resize({ columns: 300, rows: 100 })
  await screen.waitFor(({ rows }) => rows[99]?.includes('Enter send') === true)
  expect(screen.rows[0]).toMatch(/^ tchat {2}me@office:8000/)
})

test('unread is the server’s number; opening marks read what came into view', async () => {
  const { world, ops } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  expect(screen.rows[5]).toMatch(/^ {2}#ops {13}2│/)
  expect(screen.look(5, '#ops')).toMatchObject({ bold: true })
  screen.type('\x1ba')
  await screen.waitFor('▸ #ops')
  await screen.waitFor('2 new ─')
  expect(screen.rows.slice(1, 7).map((row) => row.slice(21))).toEqual([
    '#ops · 2/2 online',
    '───────────────── the beginning of #ops ──────────────────',
    '──────────────────── Sat 21 Nov 2026 ─────────────────────',
    '───────────────────────── 2 new ──────────────────────────',
    '09:32 alice     one',
    '09:33 alice     two',
  ])
  await screen.waitFor('▸ #ops              │')
  expect(world.askedOf('mark')).toContainEqual({ type: 'mark', conversation: ops, read: 2 })
  // Another client of mine read the direct message: the server says so, and this one believes it.
  const head = world.head('~d-alice')
  world.emit({ type: 'marked', conversation: '~d-alice', delivered: 1, read: 1, readN: head.n })
  await screen.waitFor(({ rows }) => rows[0]?.includes('unread') === false)
})

test('nothing is read while the terminal has no focus or an overlay covers the log', async () => {
  const { world, lobby } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  await screen.waitFor(() => world.askedOf('mark').length === 1)
  screen.type('\x1b[O')
  screen.type('?')
  await screen.waitFor('Keys and commands')
  world.say(lobby, BOB, 33, 'unseen')
  await screen.waitFor('1 new│')
  screen.type(ESC)
  await screen.waitFor('unseen')
  expect(screen.text).toMatch(/── 1 new ──+\n.*09:33 bob +unseen/)
  expect(world.askedOf('mark')).toHaveLength(1)
  screen.type('\x1b[I')
  await screen.waitFor(() => world.askedOf('mark').length === 2)
  expect(world.askedOf('mark')[1]).toMatchObject({ conversation: lobby, read: 5 })
})

test('somebody who joins is among the members at once, and no list is asked for', async () => {
  const { world, lobby } = office()
  const screen = await open(world, { columns: 140, rows: 40 })
  await screen.waitFor('MEMBERS 4')
  world.event(lobby, person('dave'), 40, 'joined')
  await screen.waitFor('dave joined')
  expect(screen.text).toContain('● alice')
  expect(screen.text).toContain('5/5 online')
  expect(world.askedOf('listMembers')).toHaveLength(1)
})

test('a key that changes in the middle of a chat stops it; nothing was sent to the other', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  const address = { host: 'office', port: 8000 }
  const error = new ChangedKeyError(address, `sha256:${'0'.repeat(64)}`, `sha256:${'1'.repeat(64)}`)
  world.emit({ type: 'link', link: { state: 'blocked', error } })
  await screen.waitFor('has CHANGED')
  expect(screen.text).toContain('0'.repeat(64))
})

test('the open conversation is watched, and remembered for the next start', async () => {
  const { world, lobby, ops, alice } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  await screen.waitFor(() => world.askedOf('watch').length === 1)
  expect(world.askedOf('watch')[0]).toMatchObject({ conversation: lobby })
  expect(world.lastTarget).toBe(lobby)
  screen.type('\x1b3')
  await screen.waitFor('▸ #lobby')
  screen.type('\x1b2')
  await screen.waitFor('▸ #ops')
  expect(world.askedOf('watch').at(-1)).toMatchObject({ conversation: ops })
  expect(world.lastTarget).toBe(ops)
  screen.type('/msg alice\r')
  await screen.waitFor('▸ alice')
  expect(world.askedOf('watch').at(-1)).toMatchObject({ conversation: alice })
  expect(world.lastTarget).toBe(ALICE.id)
})

test('somebody new sees where they are, who is online, which groups there are, and three keys', async () => {
  const world = new ScriptedWorld()
  const lobby = world.group('lobby', ALICE)
  world.groups.push({ id: '~g-book', name: 'book-club', members: 7, joined: false, ...PLAIN_GROUP })
  world.event(lobby, ME, 0, 'joined')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = await open(world, { columns: 80, rows: 24 })
  await screen.waitFor('book-club')
  expect(screen.rows.slice(1, 10).map((row) => row.slice(21))).toEqual([
    '#lobby · 2/2 online',
    '──────────────── the beginning of #lobby ─────────────────',
    '──────────────────── Sat 21 Nov 2026 ─────────────────────',
    '09:00 →         me joined',
    '',
    ' You are in #lobby.',
    ' Online: alice',
    ' Public groups: #lobby (2) · #book-club (7)',
    ' Tab, then  a add contact   n new group   J join group',
  ])
  world.say(lobby, ME, 1, 'hello')
  await screen.waitFor('hello')
  expect(screen.text).not.toContain('Public groups')
})

test('joined, quit, added and created are lines of the log', async () => {
  const world = new ScriptedWorld()
  const ops = world.group('ops', ALICE)
  world.event(ops, ME, 0, 'created')
  world.event(ops, ME, 0, 'added', ALICE)
  world.event(ops, BOB, 1, 'joined')
  world.event(ops, BOB, 2, 'quit')
  world.event(ops, BOB, 3, 'unknown')
  world.say(ops, ALICE, 4, 'hi')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = await open(world, { columns: 80, rows: 24 })
  expect(screen.rows.slice(4, 9).map((row) => row.slice(21))).toEqual([
    '09:00 *         me created the group',
    '09:00 +         me added alice',
    '09:01 …         bob came and went',
    '───────────────────────── 1 new ──────────────────────────',
    '09:04 alice     hi',
  ])
})

test('with NO_COLOR there is none, and every mark is still there', async () => {
  const { world, lobby } = office()
  const screen = await open(world, { columns: 80, rows: 24 }, { NO_COLOR: '1' })
  world.waits({ kind: 'group', id: lobby }, 'later', 40, 'only members may do that')
  await screen.waitFor('✗')
  const coloured = screen.rows.flatMap((row, y) =>
    row === '' ? [] : [...row.trim().split(/\s+/)].filter((word) => screen.look(y, word).colour),
  )
  expect(coloured).toEqual([])
})

test('own names, and what was refused, have a colour', async () => {
  const { world, lobby } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  world.waits({ kind: 'group', id: lobby }, 'later', 40, 'only members may do that')
  await screen.waitFor('✗')
  const row = screen.rows.findIndex((text) => text.includes('✗ later'))
  expect(screen.rows.slice(row, row + 4).map((text) => text.slice(21))).toEqual([
    '09:40 you     ✗ later',
    '                not sent: only members may do that. /retry',
    '                sends it again, /discard drops it',
    '',
  ])
  expect(screen.look(row, '✗').colour).toBe(1)
  expect(screen.look(row, 'you').colour).toBe(6)
  screen.type('/discard\r')
  await screen.waitFor('1 dropped.')
  expect(screen.text).not.toContain('✗')
})

test('lost and found again: the header counts down, what is written waits, then arrives once', async () => {
  const { world, lobby } = office()
  let now = NINE
  const screen = Screen.open(
    { columns: 80, rows: 24 },
    { env: {} },
    { connector: world, now: () => now },
  )
  await screen.waitFor('4/4 online')
  const link = { state: 'waiting', retryAt: NINE + 4_000, attempt: 1, reason: 'lost' } as const
  world.emit({ type: 'link', link })
  await screen.waitFor('○ lost, next try in 4 s')
  expect(screen.text).toContain('#lobby · 4 members')
  now += 1_000
  await screen.waitFor('○ lost, next try in 3 s')
  screen.type(`are you there?${ENTER}`)
  await screen.waitFor(() => world.said.length === 1)
  expect(world.said).toEqual([{ target: { kind: 'group', id: lobby }, text: 'are you there?' }])
  const item = world.waits({ kind: 'group', id: lobby }, 'are you there?', 40)
  await screen.waitFor('◷')
  world.emit({ type: 'link', link: { state: 'online', latencyMs: 7 } })
  await screen.waitFor('● online 7ms  outbox 1')
  world.acknowledge(item, lobby, 41)
  await screen.waitFor(({ text }) => !text.includes('outbox'))
  expect(screen.text.match(/are you there\?/g)).toHaveLength(1)
  expect(screen.text).toMatch(/09:41 you +✓ are you there\?/)
})

test('scrolling back loads older pages, and nothing moves while new messages come', async () => {
  const { world, lobby } = office()
  for (let n = 1; n <= 300; n++) world.say(lobby, ALICE, 60 + Math.floor(n / 10), `line ${n}`)
  const screen = await open(world, { columns: 80, rows: 24 })
  await screen.waitFor('line 300')
  expect(screen.text).not.toContain('↓')
  expect(world.askedOf('getPage')).toEqual([
    { type: 'getPage', conversation: lobby, before: 0, limit: 100 },
  ])
  screen.type(PAGE_UP)
  await screen.waitFor('↓ End: newest')
  const before = screen.rows.slice(2, 18)
  expect(before[0]).toContain('line 271')
  world.say(lobby, BOB, 99, 'new one')
  world.say(lobby, BOB, 99, 'new two')
  await screen.waitFor('↓ 2 new')
  expect(screen.rows.slice(2, 18).map((row) => row.slice(20))).toEqual(
    before.map((row) => row.slice(20)),
  )
  for (let n = 0; n < 30; n++) screen.type(PAGE_UP)
  await screen.waitFor('the beginning of #lobby')
  expect(world.askedOf('getPage').map(({ before: seq }) => seq)).toEqual([0, 205, 105, 5])
  expect(screen.text).toContain('morning all')
  screen.type(ESC)
  await screen.waitFor('new two')
  await screen.waitFor(({ text }) => !text.includes('↓'))
  await screen.waitFor(() => world.head(lobby).readN === 306)
})

test('Alt-U goes to the first unread message, however far back, and the hole behind it can be filled', async () => {
  const { world, lobby } = office()
  world.allRead(lobby)
  for (let n = 1; n <= 300; n++) world.say(lobby, ALICE, 60 + n, `line ${n}`)
  const screen = await open(world, { columns: 80, rows: 24 })
  await screen.waitFor('line 300')
  screen.type('\x1bu')
  await screen.waitFor(/── 300 new ─+\n.*alice +line 1\n/)
  expect(world.askedOf('getPage').at(-1)).toMatchObject({ after: 4, limit: 100 })
  for (let n = 0; n < 7; n++) screen.type(PAGE_DOWN)
  await screen.waitFor(/line 100\n[\s\S]*line 101\n/)
  expect(screen.text).not.toContain('not loaded yet')
})

test('a page on its way is shown as such, and one that failed can be asked for again', async () => {
  const { world, lobby } = office()
  for (let n = 1; n <= 150; n++) world.say(lobby, ALICE, 60 + n, `line ${n}`)
  const screen = await open(world, { columns: 80, rows: 24 })
  await screen.waitFor('line 150')
  world.held.add('getPage')
  screen.type('\x1b[1;5H')
  await screen.waitFor('─ loading… ─')
  world.release()
  await screen.waitFor('morning all')
  expect(screen.text).toContain('the beginning of #lobby')
})

test('the view keeps its message when the window changes its size', async () => {
  const { world, lobby } = office()
  for (let n = 1; n <= 80; n++) world.say(lobby, ALICE, n, `line ${n} ${'word '.repeat(20)}`)
  const screen = await open(world, { columns: 80, rows: 24 })
  await screen.waitFor('line 80')
  const first = ({ rows }: Screen) => /line \d+/.exec(rows.slice(2).join('\n'))?.[0]
  screen.type(PAGE_UP)
  screen.type(PAGE_UP)
  await screen.waitFor((it) => first(it) === 'line 67')
  for (let width = 40; width < 140; width += 7) screen.resize({ columns: width, rows: 30 })
  screen.resize({ columns: 100, rows: 30 })
  await screen.waitFor(({ rows }) => rows[29]?.includes('Enter send') === true)
  expect(first(screen)).toBe('line 67')
  screen.type(PAGE_DOWN)
  screen.type(PAGE_DOWN)
  screen.type(PAGE_DOWN)
  await screen.waitFor(({ text }) => text.includes('line 80') && !text.includes('↓'))
})

test('a group is created by Ctrl-X c, its first members in the same form', async () => {
  const { world } = office()
  world.answers['createGroup'] = ({ name }) => {
    const id = world.group(String(name), BOB)
    world.emit({ type: 'heads', heads: [world.head(id)], complete: false })
    return { group: { id, name, members: 2, joined: true } }
  }
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type(`${CTRL_X}c`)
  await screen.waitFor('Create group')
  expect(screen.cursor).toEqual({ x: 37, y: 3 })
  screen.type('读书\tbob, carol')
  await screen.waitFor('bob, carol')
  expect(screen.rows[3]?.slice(21)).toBe(' Name           读书')
  screen.type(ENTER)
  await screen.waitFor('▸ #读书')
  expect(world.askedOf('createGroup')[0]).toMatchObject({ name: '读书', members: ['bob', 'carol'] })
  expect(screen.text).toContain('#读书 is made.')
})

test('what the server refuses stands in the form, where it can be mended', async () => {
  const { world } = office()
  const { ChatError } = await import('../../src/protocol/errors.ts')
  world.answers['createGroup'] = () => {
    throw new ChatError('nameTaken')
  }
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type(`${CTRL_X}c`)
  await screen.waitFor('Create group')
  screen.type(`ops${ENTER}`)
  await screen.waitFor('The name belongs to someone else')
  expect(screen.rows[3]?.slice(21)).toBe(' Name           ops')
})

test('a group is joined from the list that Ctrl-X j shows', async () => {
  const { world } = office()
  world.groups.push({ id: '~g-book', name: 'book-club', members: 7, joined: false, ...PLAIN_GROUP })
  world.answers['joinGroup'] = () => {
    const id = world.group('book', BOB)
    world.emit({ type: 'heads', heads: [world.head(id)], complete: false })
    return { group: { id, name: 'book-club', members: 8, joined: true }, seq: 9 }
  }
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type(`${CTRL_X}j`)
  await screen.waitFor('7 members')
  screen.type('boo')
  await screen.waitFor('> boo')
  expect(screen.rows[5]?.slice(21)).toMatch(/^ ▸ #book-club +7 members$/)
  screen.type(ENTER)
  await screen.waitFor('You are in #book-club.')
  expect(world.askedOf('joinGroup')).toEqual([{ type: 'joinGroup', group: 'book-club' }])
})

test('the list of groups to join goes on over all pages that the server gives', async () => {
  const { world } = office()
  const page = (first: number, next: string) => {
    const groups = Array.from({ length: 73 }, (_, at) => {
      const name = `room-${first + at}`
      return { id: `~${name}`, name, members: 7, joined: false, ...PLAIN_GROUP }
    })
    return { users: [], groups, next }
  }
  world.answers['find'] = ({ after }) => (after === 'more' ? page(174, '') : page(101, 'more'))
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type(`${CTRL_X}j`)
  await screen.waitFor('room-101')
  screen.type('room-24')
  await screen.waitFor(/▸ #room-240 +7 members/)
})

test('go to finds people, groups and commands, and offers a new group', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('\x0b')
  await screen.waitFor('Go to')
  screen.type('op')
  await screen.waitFor('Join group "op"')
  const rows = screen.rows.slice(3, 12).map((row) => row.slice(21))
  expect(rows[0]).toBe(' > op')
  expect(rows[2]).toMatch(/^ ▸ #ops +2 · group$/)
  expect(rows.join('\n')).toMatch(/Create group "op"/)
  screen.type(ENTER)
  await screen.waitFor('▸ #ops')
})

test('go to makes and joins groups of the name that was typed', async () => {
  const { world } = office()
  const entered = (name: string) => {
    const id = world.group(name, BOB)
    world.emit({ type: 'heads', heads: [world.head(id)], complete: false })
    return { group: { id, name, members: 2, joined: true }, seq: 1 }
  }
  world.answers['createGroup'] = ({ name }) => entered(String(name))
  world.answers['joinGroup'] = ({ group }) => entered(String(group))
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('\x0b')
  await screen.waitFor('Go to')
  screen.type('zebra')
  await screen.waitFor('Create group "zebra"')
  await screen.waitFor('▸ Write to "zebra"')
  screen.type('\x1b[B')
  await screen.waitFor('▸ Create group "zebra"')
  screen.type(ENTER)
  await screen.waitFor('▸ #zebra')
  expect(world.askedOf('createGroup')[0]).toMatchObject({ name: 'zebra', members: [] })
  screen.type('\x07yak')
  await screen.waitFor('Join group "yak"')
  screen.type('\x1b[B')
  screen.type('\x1b[B')
  await screen.waitFor('▸ Join group "yak"')
  screen.type(ENTER)
  await screen.waitFor('▸ #yak')
  expect(world.askedOf('joinGroup')).toEqual([{ type: 'joinGroup', group: 'yak' }])
})

test('a menu that has no room for all goes on by ↑↓, and its keys work on every page', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 50, rows: 20 })
  screen.type(CTRL_X)
  await screen.waitFor('Ctrl-X then… 1/4')
  expect(screen.text).toContain('↑↓ page · Esc close')
  expect(screen.text).toContain('c  create a group')
  expect(screen.text).not.toMatch(/q +quit/)
  screen.type('\x1b[A')
  await screen.waitFor('Ctrl-X then… 4/4')
  expect(screen.text).toMatch(/q +quit/)
  screen.type('c')
  await screen.waitFor('First members')
})

test('the menu opens after a moment and says what Ctrl-X can do', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type(CTRL_X)
  await screen.waitFor('Ctrl-X then…')
  expect(screen.text).toMatch(/c +create a group/)
  screen.type('m')
  await screen.waitFor('Members of #lobby')
  expect(screen.text).toMatch(/▸ ● alice/)
  expect(screen.text).toMatch(/● me +★ owner/)
  screen.type(ESC)
  await screen.waitFor('morning all')
  screen.type(`${CTRL_X}!`)
  await screen.waitFor('Ctrl-X ! does nothing')
  screen.type(`${CTRL_X}\x1b?`)
  await screen.waitFor('Ctrl-X Alt-? does nothing')
})

test('the panes are reached by Tab, and their keys work', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('\t')
  await screen.waitFor(({ cursor }) => cursor === undefined)
  screen.type('\t')
  screen.type('j')
  screen.type('j')
  await screen.waitFor((it) =>
    it.rows.some((row, y) => /^▸.#lobby/.test(row) && it.look(y, '▸').inverse),
  )
  screen.type('n')
  await screen.waitFor('Create group')
  screen.type(ESC)
  await screen.waitFor('morning all')
  screen.type('k')
  screen.type(ENTER)
  await screen.waitFor('▸ #ops')
  expect(screen.cursor).toEqual({ x: 2, y: 20 })
})

test('leaving asks first', async () => {
  const { world, lobby } = office()
  world.answers['quitGroup'] = () => {
    world.emit({ type: 'left', conversation: lobby })
    return { group: lobby, seq: 9 }
  }
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('/leave\r')
  await screen.waitFor('Leave #lobby?')
  screen.type(`\x1b[A${ENTER}`)
  await screen.waitFor('You left #lobby.')
  await screen.waitFor('GROUPS 1')
  expect(world.askedOf('quitGroup')).toEqual([{ type: 'quitGroup', group: lobby }])
})

test('an unknown command is one notice and stays to be mended; // sends a slash', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('/creat ops\r')
  await screen.waitFor('No command /creat: did you mean /create?')
  expect(screen.rows[20]).toBe('> /creat ops')
  screen.type('\x15')
  screen.type('//shrug\r')
  await screen.waitFor(() => world.said.length === 1)
  expect(world.said[0]?.text).toBe('/shrug')
})

test('a command that fails says why and comes back to be mended', async () => {
  const { world } = office()
  const { ChatError } = await import('../../src/protocol/errors.ts')
  world.answers['joinGroup'] = () => {
    throw new ChatError('unknownGroup')
  }
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type(`/join opps${ENTER}`)
  await screen.waitFor('There is no such group')
  expect(screen.rows[20]).toBe('> /join opps')
  screen.type(`\x15/msg${ENTER}`)
  await screen.waitFor('Write it so: /msg name text')
  expect(screen.rows[20]).toBe('> /msg')
  screen.type(`\x15/leave nowhere${ENTER}`)
  await screen.waitFor('There is no group #nowhere.')
  screen.type(`\x15/part #ops${ENTER}`)
  await screen.waitFor('Leave #ops?')
})

test('a message to somebody else goes there, and this stays open', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type(`/msg alice psst 你好${ENTER}`)
  await screen.waitFor('Said to alice.')
  expect(world.said).toEqual([{ target: { kind: 'direct', id: ALICE.id }, text: 'psst 你好' }])
  expect(screen.text).toContain('▸ #lobby')
})

test('a refusal elsewhere is said, and can be dropped from here', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  world.waits({ kind: 'group', id: '~gone' }, 'too late', 40, 'only members may do that')
  await screen.waitFor('Something was not sent: only members may do that.')
  expect(screen.rows[0]).toContain('✗ 1 refused')
  expect(screen.rows[0]).not.toContain('outbox')
  screen.type(`/discard${ENTER}`)
  await screen.waitFor('1 dropped.')
  expect(screen.rows[0]).not.toContain('refused')
})

test('of a text that is too long it is asked how to send it, and it stays', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type(`\x1b[200~${'x'.repeat(9000)}\x1b[201~`)
  await screen.waitFor('Paste 8.8 KB as…')
  screen.type('i')
  await screen.waitFor(({ rows }) => rows[20]?.startsWith('  xxx') === true)
  screen.type(ENTER)
  await screen.waitFor('Send 8.8 KB as…')
  expect(screen.text).toContain('It makes 8.8 KB; a message holds 8 KB.')
  expect(world.said).toEqual([])
  expect(screen.rows[20]).toMatch(/^ {2}x+$/)
})

test('Chinese, emoji and the cursor: every cell where it should be', async () => {
  const { world, lobby } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('你好👍🏽a')
  await screen.waitFor(({ cursor }) => cursor?.x === 2 + 4 + 2 + 1)
  screen.type('\x1b[D\x1b[D')
  await screen.waitFor(({ cursor }) => cursor?.x === 2 + 4)
  screen.type('\x7f')
  await screen.waitFor(({ cursor }) => cursor?.x === 2 + 2)
  expect(screen.rows[20]).toMatch(/^> 你👍/)
  world.say(lobby, person('张三丰很长的名字'), 50, '汉字'.repeat(30))
  await screen.waitFor('张三')
  const row = screen.rows.findIndex((text) => text.includes('张三'))
  expect(screen.rows.slice(row, row + 3).map((text) => text.slice(21))).toEqual([
    `09:50 张三丰很… ${'汉字'.repeat(10)}汉`,
    `                ${'字汉'.repeat(10)}字`,
    `                ${'汉字'.repeat(9)}`,
  ])
})

test('the first frame with a conversation in it takes what is typed and sent', async () => {
  const { world, lobby } = office()
  const screen = Screen.open({ columns: 80, rows: 24 }, { env: {} }, { connector: world })
  await screen.waitFor('#lobby')
  screen.type(`early bird${ENTER}`)
  await screen.waitFor(() => world.said.length === 1)
  expect(world.said).toEqual([{ target: { kind: 'group', id: lobby }, text: 'early bird' }])
})

test('a long line and Enter that arrive in one chunk are said', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  const line = 'a message that is long enough to be wrapped in a narrow window, once at least'
  screen.type(`${line}${ENTER}`)
  await screen.waitFor(() => world.said.length === 1)
  expect(world.said[0]?.text).toBe(line)
})

test('several lines: the composer grows to a third of the screen and sends them as one', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  for (const line of ['one', 'two', 'three']) {
    screen.type(line)
    screen.type('\n')
  }
  screen.type('four')
  await screen.waitFor('  four')
  expect(screen.rows.slice(18, 22)).toEqual(['> one', '  two', '  three', '  four'])
  expect(screen.cursor).toEqual({ x: 6, y: 21 })
  screen.type(ENTER)
  await screen.waitFor(() => world.said.length === 1)
  expect(world.said[0]?.text).toBe('one\ntwo\nthree\nfour')
  await screen.waitFor(({ rows }) => rows[20] === '> type a message, /command, or @name')
})

test.each([
  ['without brackets', 'first quick\rsecond quick\r'],
  ['with brackets', '\x1b[200~first quick\nsecond quick\n\x1b[201~'],
])('lines that arrive at once %s: it is said that they are one message', async (_, keys) => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type(keys)
  await screen.waitFor('2 lines pasted: Enter sends them as one message')
  expect(screen.text).toMatch(/> first quick\n {2}second quick/)
  expect(world.said).toEqual([])
  screen.type(ENTER)
  await screen.waitFor(() => world.said.length === 1)
  expect(world.said[0]?.text).toBe('first quick\nsecond quick')
  await screen.waitFor(({ text }) => !text.includes('lines pasted'))
})

test('one line that is pasted needs no word', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('\x1b[200~just this\n\x1b[201~')
  await screen.waitFor('> just this')
  expect(screen.text).not.toContain('pasted')
})

test('lines below a command are not its argument: nothing is done, and the draft stays', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('\x1b[200~/goto ops\nhello\x1b[201~')
  await screen.waitFor('> /goto ops')
  expect(screen.text).not.toContain('pasted')
  screen.type(ENTER)
  await screen.waitFor('A command is one line: delete the lines below it.')
  expect(screen.text).toMatch(/> \/goto ops\n {2}hello/)
  expect(screen.text).toContain('▸ #lobby')
  screen.type('\x15')
  screen.type('\x7f')
  screen.type(ENTER)
  await screen.waitFor('▸ #ops')
})

test('a message to somebody else may have several lines', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('\x1b[200~/msg alice one\n  two\x1b[201~')
  await screen.waitFor('> /msg alice one')
  screen.type(ENTER)
  await screen.waitFor('Said to alice.')
  expect(world.said).toEqual([{ target: { kind: 'direct', id: ALICE.id }, text: 'one\n  two' }])
})

test('each conversation keeps its draft', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('for the lobby')
  await screen.waitFor('> for the lobby')
  screen.type('\x1ba')
  await screen.waitFor('▸ #ops')
  expect(screen.text).not.toContain('for the lobby')
  screen.type('\x1bs')
  await screen.waitFor('> for the lobby')
})

test('Ctrl-C clears, and on an empty line twice it leaves the screen as it was', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('something\x03')
  await screen.waitFor('> type a message')
  screen.type('\x03')
  await screen.waitFor('Press Ctrl-C again to quit')
  screen.type('\x03')
  expect(await screen.exitCode).toBe(0)
  await screen.waitFor(({ isAlternate }) => !isAlternate)
  expect(screen.cursor).toBeDefined()
})

test('logging out asks when something was not sent, and leaves nothing behind', async () => {
  const { world, lobby } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  world.waits({ kind: 'group', id: lobby }, 'unsent', 40)
  await screen.waitFor('◷')
  screen.type('/logout\r')
  await screen.waitFor('1 message was not sent yet.')
  screen.type(`\x1b[B${ENTER}`)
  await screen.waitFor('You are logged out.')
  expect(world.keptSession).toBeUndefined()
  expect(world.askedOf('logOut')).toHaveLength(1)
  expect(screen.text).toContain('Log in to office:8000')
})

test('Home and End go to the ends of the help, PgUp and PgDn a page of it less a row', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('/help\r')
  await screen.waitFor('Keys and commands')
  const shown = () => screen.rows.slice(3, 18).map((row) => row.slice(21))
  const top = shown()
  expect(top[0]).toBe(' Everywhere')
  screen.type(PAGE_DOWN)
  await screen.waitFor(() => shown()[0] === top.at(-1))
  screen.type(PAGE_UP)
  await screen.waitFor(() => shown()[0] === top[0])
  screen.type('\x1b[F')
  await screen.waitFor(/\/quit +quit/)
  screen.type('\x1b[H')
  await screen.waitFor(() => shown()[0] === top[0])
})

test('Home in a window goes to the first row, but in a text to its start', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('\x0b')
  await screen.waitFor('▸ alice')
  screen.type('\x1b[F')
  await screen.waitFor(/▸ \/quit/)
  screen.type('\x1b[H')
  await screen.waitFor('▸ alice')
  screen.type('ps')
  await screen.waitFor('> ps')
  screen.type('\x1b[H')
  screen.type('o')
  await screen.waitFor('> ops')
})

test('help lists the live keys and the commands', async () => {
  const { world } = office()
  const screen = await open(world, { columns: 80, rows: 24 })
  screen.type('/help\r')
  await screen.waitFor('Keys and commands')
  expect(screen.text).toMatch(/Ctrl-X c +create a group/)
  for (let n = 0; n < 30; n++) screen.type('\x1b[6~')
  await screen.waitFor(/\/quit +quit/)
})
