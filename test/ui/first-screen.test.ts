import { expect, test } from 'vitest'
import { helpLines } from '../../src/ui/commands/help.ts'
import { FakeHosted } from '../support/fake-hosted.ts'
import { lookOf } from '../support/look.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const ALICE = person('alice')
const KEY = `sha256:${'0123456789abcdef'.repeat(4)}` as const

/** Somebody new in the lobby, with alice. */
function lobby(): Readonly<{ world: ScriptedWorld; id: string }> {
  const world = new ScriptedWorld()
  const id = world.group('lobby', ALICE)
  world.event(id, ME, 0, 'joined')
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  return { world, id }
}

async function open(world: ScriptedWorld, size = SIZE): Promise<Screen> {
  const screen = Screen.open(size, {}, { connector: world, now: () => NINE })
  await screen.waitFor(/\d\d:\d\d /)
  return screen
}

test('what is for somebody new fills empty rows only: messages come first', async () => {
  const { world, id } = lobby()
  const screen = await open(world)
  await screen.waitFor('Public groups')
  for (let n = 1; n <= 40; n++) world.say(id, ALICE, n, `line ${n}`)
  await screen.waitFor('line 40')
  expect(screen.text).not.toContain('Public groups')
  expect(screen.rows[17]).toContain('line 40')
  screen.resize({ columns: 30, rows: 7 })
  await screen.waitFor(({ rows }) => rows[4]?.includes('line 40') === true)
})

test('the count of a group that one is in follows its log', async () => {
  const { world, id } = lobby()
  const screen = await open(world)
  await screen.waitFor('Public groups: #lobby (2)')
  world.event(id, person('bob'), 1, 'joined')
  await screen.waitFor('Public groups: #lobby (3)')
  expect(screen.text).toContain('Online: alice, bob')
})

test('without a connection nobody is said to be online or offline', async () => {
  const { world } = lobby()
  const direct = world.direct(ALICE)
  world.say(direct, ALICE, 1, 'hi')
  world.lastTarget = ALICE.id
  const screen = await open(world)
  world.emit({ type: 'presences', users: [{ user: ALICE.id, online: true, status: 'available' }] })
  await screen.waitFor('alice · online')
  expect(screen.text).toContain(' the beginning of your chat with alice ')
  const link = { state: 'waiting', retryAt: NINE + 4_000, attempt: 1, reason: 'lost' } as const
  world.emit({ type: 'link', link })
  await screen.waitFor('next try in')
  expect(screen.rows[1]?.slice(21)).toBe('alice')
  expect(screen.text).not.toMatch(/●|· o(n|ff)line/)
})

test('who hosts can read out the key: in the lobby, and with /share in whole lines', async () => {
  const share = ['npx tchat connect [2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:9123']
  const hosted = new FakeHosted({ share, fingerprint: KEY })
  const { world } = lobby()
  const host = () => Promise.resolve(hosted)
  const screen = Screen.open(SIZE, { start: 'menu', host }, { connector: world })
  await screen.waitFor('Host here')
  screen.type('\r')
  const words = 'abuse boss fly battle rubber wasp afraid hamster'
  await screen.waitFor(words)
  const welcome = screen.rows.map((row) => row.slice(21).trim()).join('')
  expect(welcome).toContain('/lobby/ASNFZ4mrze8')
  screen.type('/share\r')
  await screen.waitFor('Others connect with\n')
  // Nothing stands beside what is to be copied.
  const whole = screen.rows.map((row) => row.trim()).join('')
  const address = '%5B2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff%5D:9123'
  expect(whole).toContain(`npx tchat connect tchat://${address}/lobby/ASNFZ4mrze8`)
  expect(whole).toContain(words)
  expect(whole).toContain(KEY)
})

test('/away with a reason, as other programs have it, says how it is written, and stays', async () => {
  const { world } = lobby()
  const screen = await open(world)
  screen.type('/away lunch\r')
  await screen.waitFor('Write it so: /away [on|off]')
  await screen.waitFor('> /away lunch')
  expect(world.said).toEqual([])
})

test('help has the other names of a command', () => {
  const meaning = new Map(helpLines(lookOf())).get('/leave [group]')
  expect(meaning).toBe('leave this group; also /part, /quit-group')
})
