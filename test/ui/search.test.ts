import { expect, test } from 'vitest'
import { ChatError } from '../../src/protocol/errors.ts'
import type { Entry, Hit } from '../../src/protocol/messages.ts'
import { Screen } from '../support/screen.ts'
import { type Asked, ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const ALICE = person('alice')
const CTRL_F = '\x06'
const DOWN = '\x1b[B'
const END = '\x1b[F'
const ENTER = '\r'
const ESC = '\x1b'

type Archive = Readonly<{ world: ScriptedWorld; screen: Screen; lobby: string; ops: string }>

/** #lobby with 400 messages is open; #ops beside it. The script finds what contains the words. */
async function archive(size = SIZE, env = {}): Promise<Archive> {
  const world = new ScriptedWorld()
  const lobby = world.group('lobby', ALICE)
  const ops = world.group('ops', ALICE)
  const logs = new Map<string, Entry[]>([
    [lobby, []],
    [ops, []],
  ])
  for (let n = 1; n <= 400; n++) {
    const text = n === 7 ? 'the release plan 发布 is ready' : `message ${n}`
    logs.get(lobby)?.push(world.say(lobby, ALICE, n, text))
  }
  logs.get(ops)?.push(world.say(ops, ALICE, 500, 'Release at ten'))
  world.allRead(lobby)
  world.answers['search'] = (asked) => ({ hits: hitsOf(logs, asked), next: '' })
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(size, { env }, { connector: world, now: () => NINE })
  await screen.waitFor('message 400')
  return { world, screen, lobby, ops }
}

function hitsOf(logs: ReadonlyMap<string, readonly Entry[]>, { text, conversation }: Asked): Hit[] {
  const words = String(text).toLowerCase().split(/\s+/)
  const hits = [...logs].flatMap(([id, entries]) =>
    entries
      .filter((entry) => words.every((word) => entry.text.toLowerCase().includes(word)))
      .map((entry) => ({ conversation: id, entry })),
  )
  const here = hits.filter((hit) => conversation === '' || hit.conversation === conversation)
  return here.sort((one, other) => other.entry.time - one.entry.time)
}

test('Ctrl-F searches what is open, Ctrl-F again everywhere; words are marked without colours', async () => {
  const { world, screen, lobby } = await archive(SIZE, { NO_COLOR: '1' })
  screen.type(CTRL_F)
  await screen.waitFor('Search #lobby')
  await screen.waitFor('Type words')
  screen.type('release')
  await screen.waitFor(/▸ Sat 21 Nov 2026 09:07 {2}#lobby {2}alice/)
  const row = screen.rows.findIndex((line) => line.includes('the release plan'))
  expect(screen.look(row, 'release')).toMatchObject({ bold: true, underlined: true })
  expect(screen.look(row, 'plan')).toMatchObject({ bold: false, underlined: false })
  screen.type(CTRL_F)
  await screen.waitFor('Search everywhere')
  await screen.waitFor(/▸ .*#ops {2}alice\n.*Release at ten\n.*#lobby {2}alice/)
  expect(world.askedOf('search')).toEqual([
    { type: 'search', after: '', text: 'release', conversation: lobby },
    { type: 'search', after: '', text: 'release', conversation: '' },
  ])
})

test.each([SIZE, { columns: 140, rows: 40 }, { columns: 50, rows: 20 }])(
  'what is found fits: $columns columns',
  async (size) => {
    const { screen } = await archive(size)
    screen.type('/search release plan\r')
    await screen.waitFor(/▸ Sat 21 Nov 2026 09:07 {2}#lobby {2}alice/)
    expect(screen.text).toMatch(/the release plan 发布 is ready/)
    expect(screen.text).toMatch(/> release plan/)
  },
)

test('Enter goes to the message, also when it is not loaded; End comes back to the newest', async () => {
  const { world, screen } = await archive()
  screen.type('/search 发布\r')
  await screen.waitFor('the release plan 发布')
  screen.type(ENTER)
  await screen.waitFor(/09:06 alice +message 6\n.*▸the release plan 发布 is ready/)
  expect(screen.text).toContain('message 8')
  expect(screen.text).not.toContain('Search')
  expect(world.askedOf('getPage').at(-1)).toMatchObject({ around: 7 })
  screen.type(END)
  await screen.waitFor('message 400')
})

test('what is found elsewhere opens that conversation', async () => {
  const { screen } = await archive()
  screen.type('/search-all ten release\r')
  await screen.waitFor('Release at ten')
  screen.type(ENTER)
  await screen.waitFor('▸ #ops')
  await screen.waitFor(/alice +▸Release at ten/)
})

test('Chinese is typed with an input method: the cursor stands behind the words', async () => {
  const { screen } = await archive()
  screen.type(CTRL_F)
  await screen.waitFor('Search #lobby')
  screen.type('发布')
  await screen.waitFor('> 发布')
  expect(screen.cursor).toEqual({ x: 21 + 1 + 2 + 4, y: 3 })
  await screen.waitFor('the release plan 发布')
})

test('more is asked for as one scrolls down, and nothing twice', async () => {
  const { world, screen, lobby } = await archive()
  const all = Array.from({ length: 60 }, (_, index) => ({
    conversation: lobby,
    entry: world.say(lobby, ALICE, 600 + index, `tea ${index}`),
  })).reverse()
  world.answers['search'] = ({ after }) => {
    const from = Number(after === '' ? 0 : after)
    const next = from + 20 < all.length ? String(from + 20) : ''
    return { hits: all.slice(from, from + 20), next }
  }
  screen.type('/search tea\r')
  await screen.waitFor('tea 59')
  for (let row = 0; row < 59; row++) {
    const index = 59 - row
    await screen.waitFor(new RegExp(`▸ .*\\n.* tea ${index}$`, 'm'))
    screen.type(DOWN)
  }
  await screen.waitFor(/▸ .*\n.* tea 0$/m)
  expect(world.askedOf('search').map(({ after }) => after)).toEqual(['', '20', '40'])
})

test('only the last words are searched for, once typing pauses', async () => {
  const { world, screen } = await archive()
  screen.type(CTRL_F)
  await screen.waitFor('Search #lobby')
  for (const letter of 'release') screen.type(letter)
  await screen.waitFor('the release plan')
  expect(world.askedOf('search').map(({ text }) => text)).toEqual(['release'])
})

test('messages that pour in do not put the search off', async () => {
  const { world, screen, ops } = await archive()
  screen.type(CTRL_F)
  await screen.waitFor('Search #lobby')
  screen.type('release')
  await screen.waitFor(() => {
    world.say(ops, ALICE, 600, 'noise')
    return world.askedOf('search').length === 1
  })
})

test('an answer that comes late is not shown under other words', async () => {
  const { world, screen } = await archive()
  world.held.add('search')
  screen.type('/search release\r')
  await screen.waitFor('Searching…')
  await screen.waitFor(() => world.askedOf('search').length === 1)
  screen.type('\x15nowhere')
  await screen.waitFor(() => world.askedOf('search').length === 2)
  world.release()
  await screen.waitFor('Nothing found here. Ctrl-F searches everywhere.')
  expect(screen.text).not.toContain('release plan')
})

test('an index that is being built is said; Enter tries again', async () => {
  const { world, screen } = await archive()
  const search = world.answers['search']
  world.answers['search'] = () => {
    throw new ChatError('unavailable')
  }
  screen.type('/search release\r')
  await screen.waitFor('its index is being built')
  world.answers['search'] = search ?? (() => ({ hits: [], next: '' }))
  screen.type(ENTER)
  await screen.waitFor('the release plan')
})

test('without a connection that is said; with a new one it is searched', async () => {
  const { world, screen } = await archive()
  const search = world.answers['search']
  world.answers['search'] = () => {
    throw new Error('not connected')
  }
  world.emit({ type: 'link', link: { state: 'offline' } })
  screen.type('/search release\r')
  await screen.waitFor('Not connected: searching needs the server.')
  world.answers['search'] = search ?? (() => ({ hits: [], next: '' }))
  world.emit({ type: 'link', link: { state: 'online', latencyMs: 3 } })
  await screen.waitFor('the release plan')
})

test('too long words, and whatever else is refused, are said', async () => {
  const { world, screen } = await archive()
  world.answers['search'] = () => {
    throw new ChatError('badRequest', 'There is no word in that')
  }
  screen.type('/search !!\r')
  await screen.waitFor('There is no word in that')
  screen.type(ESC)
  await screen.waitFor('message 400')
})
