import { expect, test } from 'vitest'
import type { Preferences, Status } from '../../src/protocol/messages.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const WIDE = { columns: 140, rows: 40 }
const SIZE = { columns: 80, rows: 24 }
const [ALICE, BOB, CAROL] = [person('alice'), person('bob'), person('carol')]
const CTRL_X = '\x18'
const ESC = '\x1b'

test.each([SIZE, WIDE])(
  'what is muted is faint, says so and is not counted: $columns',
  async (size) => {
    const { world, screen, ops } = await office(size)
    world.say(ops, BOB, 31, 'noise')
    await screen.waitFor('1 unread')
    prefers(world, ops, { muted: true })
    await screen.waitFor(/#ops +muted 1/)
    expect(screen.rows[0]).not.toContain('unread')
    expect(screen.text).toMatch(/GROUPS 3 *[│ ]/)
    const row = screen.rows.findIndex((text) => text.includes('#ops'))
    expect(screen.look(row, '#ops').faint).toBe(true)
    screen.type('\x1ba')
    await screen.waitFor('Nothing is unread.')
    world.tell(ops, BOB, 32, { kind: 'text', text: '@me', mentions: [ME.id] })
    await screen.waitFor(/#ops +@1 2/)
    await screen.waitFor('1 unread @1')
    screen.type('\x1ba')
    await screen.waitFor(/▸ #ops/)
  },
)

test('what is pinned stands first with a sign, whatever is unread', async () => {
  const { world, screen, alice } = await office()
  const bob = world.direct(BOB)
  world.emit({ type: 'heads', heads: [world.head(bob)], complete: false })
  await screen.waitFor('bob')
  world.say(alice, ALICE, 31, 'tea?')
  await screen.waitFor(/alice +1/)
  prefers(world, bob, { pinned: true })
  await screen.waitFor(/◆bob/)
  const names = screen.rows.flatMap((row) => /(alice|bob) /.exec(row.slice(0, 20))?.[1] ?? [])
  expect(names).toEqual(['bob', 'alice'])
})

test('keys in the lists mute, pin and mark the row, commands what is open', async () => {
  const { world, screen, ops, lobby } = await office()
  answers(world)
  screen.type('\t\t')
  await screen.waitFor('in the list')
  screen.type('gz')
  await screen.waitFor('#book is muted: only mentions of you count.')
  screen.type('jjp')
  await screen.waitFor('#ops is pinned: it stands first.')
  await screen.waitFor('◆#ops')
  screen.type(ESC)
  await screen.waitFor('type a message')
  screen.type('/mute\r')
  await screen.waitFor('#lobby is muted')
  screen.type('/mute off\r')
  await screen.waitFor('#lobby is not muted any more.')
  screen.type('/mute perhaps\r')
  await screen.waitFor('Write it so: /mute [on|off]')
  screen.type('\x03/pin\r')
  await screen.waitFor('◆#lobby')
  const asked = world.askedOf('changePreferences').map(({ type: _, ...rest }) => rest)
  expect(asked).toEqual([
    { conversation: '~g-book', muted: 'on' },
    { conversation: ops, pinned: 'on' },
    { conversation: lobby, muted: 'on' },
    { conversation: lobby, muted: 'off' },
    { conversation: lobby, pinned: 'on' },
  ])
})

test('from the selected message on it is marked unread, shown so here, and seen when it is opened', async () => {
  const { world, screen, lobby, ops } = await office()
  answers(world)
  world.say(lobby, BOB, 32, 'second')
  world.say(lobby, BOB, 33, 'third')
  await screen.waitFor('third')
  screen.type(ESC)
  await screen.waitFor('reading back')
  screen.type('ku')
  await screen.waitFor('#lobby is marked unread.')
  await screen.waitFor('2 new ──')
  const rows = screen.rows.map((row) => row.slice(21))
  expect(rows.findIndex((row) => row.includes('2 new'))).toBe(
    rows.findIndex((row) => row.includes('second')) - 1,
  )
  await screen.waitFor(/#lobby +2/)
  screen.type(ESC)
  await screen.waitFor('type a message')
  screen.type('/goto #ops\r')
  await screen.waitFor('▸ #ops')
  expect(screen.rows[0]).toContain('2 unread')
  screen.type('\x1ba')
  await screen.waitFor('▸ #lobby')
  await screen.waitFor('2 new ──')
  await expect.poll(() => world.askedOf('changePreferences').at(-1)).toMatchObject({ seen: true })
  await screen.waitFor(({ rows: shown }) => shown[0]?.includes('unread') === false)
  // Where it is open already it stays marked, until one writes there.
  prefers(world, lobby, { unread: 2, unreadN: 1 })
  await screen.waitFor(/#lobby +2/)
  screen.type('answer\r')
  await expect.poll(() => world.askedOf('changePreferences')).toHaveLength(3)
  expect(world.askedOf('changePreferences').at(-1)).toMatchObject({ seen: true })
  expect(ops).toBe('~g-ops')
})

test('what one is told of is set by a word, or goes on to the next; the window shows it', async () => {
  const { world, screen, lobby } = await office()
  answers(world)
  screen.type('/notify all\r')
  await screen.waitFor('You are told of every message from #lobby.')
  screen.type('/notify loud\r')
  await screen.waitFor('Write all, mentions, none or default.')
  screen.type(`\x03${CTRL_X}i`)
  await screen.waitFor('For you  told of all')
  screen.type('n')
  await screen.waitFor('For you  told of mentions')
  screen.type('zf')
  await screen.waitFor('For you  pinned · muted · told of mentions')
  const levels = world.askedOf('changePreferences').flatMap(({ notify }) => notify ?? [])
  expect([levels, world.head(lobby).conversation]).toEqual([['all', 'mentions'], lobby])
})

test('what one is told of is not said as if nothing were muted and nobody busy', async () => {
  const { world, screen } = await office(WIDE)
  answers(world)
  screen.type('/mute on\r')
  await screen.waitFor('#lobby is muted')
  screen.type('/notify all\r')
  await screen.waitFor('every message from #lobby. But while it is muted, of mentions only.')
  screen.type('/notify mentions\r')
  await screen.waitFor('You are told when #lobby mentions you.')
  expect(screen.text).not.toContain('But')
  screen.type('/dnd\r')
  await screen.waitFor(({ rows }) => rows[0]?.includes('◐ busy') === true)
  screen.type('/notify mentions\r')
  await screen.waitFor('mentions you. But of nothing until do not disturb ends')
  screen.type('/notify none\r')
  await screen.waitFor('You are told of nothing from #lobby.')
  expect(screen.text).not.toContain('But')
})

test('away and busy are said by command, key and in the header, and ended by the same', async () => {
  const { world, screen } = await office()
  answers(world)
  screen.type('/away\r')
  await screen.waitFor('You are away now')
  await screen.waitFor(({ rows }) => rows[0]?.includes('◐ away') === true)
  screen.type(`${CTRL_X}B`)
  await screen.waitFor(({ rows }) => rows[0]?.includes('◐ busy') === true)
  screen.type('/dnd off\r')
  await screen.waitFor('You are available again.')
  expect(screen.rows[0]).not.toContain('◐')
  expect(world.askedOf('setStatus').map(({ status }) => status)).toEqual([
    'away',
    'busy',
    'available',
  ])
})

test('of others it is shown that they are away or busy: in lists, members and the title', async () => {
  const { world, screen, alice } = await office(WIDE)
  world.emit({ type: 'presences', users: [{ user: ALICE.id, online: true, status: 'away' }] })
  await screen.waitFor(/◐ alice +away/)
  world.emit({ type: 'presences', users: [{ user: ALICE.id, online: true, status: 'busy' }] })
  // In the list and among the members of #lobby.
  await screen.waitFor(({ text }) => text.match(/◐ alice +busy/g)?.length === 2)
  screen.type('/goto alice\r')
  await screen.waitFor('▸ alice')
  await expect.poll(() => world.askedOf('watch')).toHaveLength(2)
  await screen.waitFor('offline;')
  world.emit({ type: 'presences', users: [{ user: ALICE.id, online: true, status: 'busy' }] })
  await screen.waitFor('online, but busy')
  screen.type('/whois alice\r')
  await screen.waitFor(({ rows }) => rows.some((row) => row.endsWith('│ online, but busy')))
  world.emit({ type: 'presences', users: [{ user: ALICE.id, online: false, status: 'available' }] })
  await screen.waitFor('not online')
  expect(world.head(alice).peer?.id).toBe(ALICE.id)
})

test('one’s own status is asked for after each log-in', async () => {
  const { world, screen } = await office(SIZE, 'away')
  await screen.waitFor(({ rows }) => rows[0]?.includes('◐ away') === true)
  const link = { state: 'waiting', retryAt: NINE, attempt: 1, reason: '' } as const
  world.emit({ type: 'link', link })
  await screen.waitFor('next try')
  world.online()
  await expect.poll(() => world.askedOf('getSettings')).toHaveLength(2)
})

const NONE = { pinned: false, muted: false, notify: 'default', unread: 0, unreadN: 0 } as const

async function office(size = SIZE, status?: Status) {
  const world = new ScriptedWorld()
  const lobby = world.group('lobby', ALICE, BOB)
  const ops = world.group('ops', BOB)
  world.group('book', CAROL)
  const alice = world.direct(ALICE)
  world.say(lobby, ALICE, 12, 'morning all')
  world.allRead(lobby)
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  if (status !== undefined) {
    world.answers['getSettings'] = () =>
      world.emit({ type: 'settings', hideReceipts: false, status })
  }
  const screen = Screen.open(size, { env: {} }, { connector: world, now: () => NINE })
  await screen.waitFor('morning all')
  await screen.waitFor('#ops')
  return { world, screen, lobby, ops, alice }
}

function prefers(world: ScriptedWorld, conversation: string, values: Partial<Preferences>): void {
  const now = { ...(world.head(conversation).preferences ?? NONE), ...values }
  world.changeHead(conversation, { preferences: now })
  world.emit({ type: 'preferences', conversation, preferences: now })
}

/** As the server would. */
function answers(world: ScriptedWorld): void {
  world.answers['changePreferences'] = (asked) => {
    const { conversation, pinned, muted, notify, unread, seen } = asked
    const id = String(conversation)
    // Of this office every entry is a text.
    const marked =
      unread === undefined ? {} : { unread: Number(unread), unreadN: Number(unread) - 1 }
    prefers(world, id, {
      ...(pinned === undefined ? {} : { pinned: pinned === 'on' }),
      ...(muted === undefined ? {} : { muted: muted === 'on' }),
      ...(notify === undefined ? {} : { notify: notify as Preferences['notify'] }),
      ...(seen === true ? { unread: 0, unreadN: 0 } : marked),
    })
    return {}
  }
  world.answers['setStatus'] = ({ status }) => {
    world.emit({ type: 'settings', hideReceipts: false, status: status as Status })
    return {}
  }
}
