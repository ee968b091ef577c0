import { expect, test } from 'vitest'
import type { UiOptions } from '../../src/ui/options.ts'
import type { UiParts } from '../../src/ui/run.tsx'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const ALICE = person('alice')
const BOB = person('bob')
const CAROL = person('carol')
const [ENTER, ESC, UP, CTRL_X] = ['\r', '\x1b', '\x1b[A', '\x18']
const SIZES = [
  { columns: 50, rows: 20 },
  { columns: 80, rows: 24 },
  { columns: 140, rows: 40 },
] as const
const MIDDLE = SIZES[1]

function talk() {
  const world = new ScriptedWorld()
  const ops = world.group('ops', ALICE, BOB)
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  world.lastTarget = ops
  return { world, ops }
}

async function open(
  world: ScriptedWorld,
  size: Readonly<{ columns: number; rows: number }> = MIDDLE,
  options: Partial<UiOptions> = {},
  parts: UiParts = {},
): Promise<Screen> {
  const screen = Screen.open(size, options, { connector: world, now: () => NINE, ...parts })
  await screen.waitFor(({ text }) => /\d\d:\d\d |line/.test(text) && !text.includes('loading…'))
  return screen
}

async function readBack(screen: Screen): Promise<void> {
  screen.type(ESC)
  await screen.waitFor('reading back')
}

test.each(SIZES)(
  '$columns×$rows: Markdown, codes and lists are drawn; links are links',
  async (size) => {
    const { world, ops } = talk()
    world.say(
      ops,
      ALICE,
      1,
      'see *this* at https://ci.example/42.\n- one\n> two\n```\nlet x = 1\n```',
    )
    world.say(ops, BOB, 2, '2*3*4 and snake_case_name stay')
    world.allRead(ops)
    const screen = await open(world, size)
    await screen.waitFor('snake_case_name')
    const row = screen.rows.findIndex((one) => one.includes('see *this* at'))
    expect(screen.look(row, 'this').bold).toBe(true)
    expect(screen.look(row, '*this').faint).toBe(true)
    expect(screen.look(row, 'https').underlined).toBe(true)
    expect(screen.rows[row + 1]).toContain('- one')
    expect(screen.rows[row + 2]).toContain('▏ two')
    expect(screen.rows[row + 3]).toContain('▏let x = 1')
    expect(screen.text).not.toContain('```')
    expect(screen.text).toContain('2*3*4 and snake_case_name stay')
    expect(screen.links).toEqual(['https://ci.example/42'])
  },
)

test('what is sent cannot make links of its own, nor anything else but text', async () => {
  const { world, ops } = talk()
  // As cleaned text comes: without its escapes.
  world.say(ops, ALICE, 1, ']8;;https://evil.example good]8;;  [2J https://a.example/]8;;x')
  const screen = await open(world)
  await screen.waitFor('[2J')
  expect(screen.links).toEqual(['https://evil.example/', 'https://a.example/]8;;x'])
})

test('y copies what was written, Y with who and when; /copy, too', async () => {
  const { world, ops } = talk()
  world.say(ops, ALICE, 1, '*a*\n```\nb\n```')
  const screen = await open(world)
  await readBack(screen)
  screen.type('y')
  await screen.waitFor('Copied')
  expect(screen.clipboard).toBe('*a*\n```\nb\n```')
  screen.type('Y')
  await screen.waitFor(() => screen.clipboard.startsWith('Sat 21 Nov 2026 09:01 alice: *a*'))
  screen.type(ESC)
  await screen.waitFor('type a message')
  screen.type(`/copy${ENTER}`)
  await screen.waitFor(() => screen.clipboard.startsWith('*a*'))
})

test('o opens the one address; of several it asks which', async () => {
  const { world, ops } = talk()
  world.say(ops, BOB, 1, 'nothing here')
  world.say(ops, ALICE, 2, 'https://a.example/1 and (https://b.example)')
  world.say(ops, ALICE, 4, 'https://c.example/?q=1&r=2')
  const opened: string[] = []
  const openUrl = (url: string) => {
    opened.push(url)
    return Promise.resolve({ state: 'opened' } as const)
  }
  const screen = await open(world, MIDDLE, {}, { openUrl })
  await readBack(screen)
  screen.type('o')
  await screen.waitFor(() => opened.length === 1)
  screen.type(`${UP}o`)
  await screen.waitFor('Open which address?')
  expect(screen.text).toContain('▸ https://a.example/1')
  screen.type(`\x1b[B${ENTER}`)
  await screen.waitFor(() => opened.length === 2)
  expect(opened).toEqual(['https://c.example/?q=1&r=2', 'https://b.example/'])
  screen.type(`${UP}o`)
  await screen.waitFor('There is no address in that message.')
})

test('where no browser is, an address is copied, and that is said', async () => {
  const { world, ops } = talk()
  world.say(ops, ALICE, 1, 'https://a.example/')
  const screen = await open(world, MIDDLE, { env: { USER: 'me', SSH_CONNECTION: '1 2 3 4' } })
  screen.type(`/open-link${ENTER}`)
  await screen.waitFor(/copied instead,\n.*https:\/\/a\.example\//)
  expect(screen.clipboard).toBe('https://a.example/')
})

test.each(SIZES)(
  '$columns×$rows: zoomed, texts begin in the first column and fill their rows',
  async (size) => {
    const { world, ops } = talk()
    const long = 'x'.repeat(size.columns + 5)
    world.say(ops, ALICE, 1, `> first\n${long}`)
    world.say(ops, ALICE, 1, 'second *one*')
    world.allRead(ops)
    const screen = await open(world, size)
    screen.type(`${CTRL_X}0`)
    await screen.waitFor(
      ({ text }) => !text.includes('│') && text.includes('09:01▸alice') === false,
    )
    await screen.waitFor('Esc back')
    screen.type('k')
    await screen.waitFor('09:01▸alice')
    const at = screen.rows.indexOf('09:01▸alice')
    expect(screen.rows.slice(at, at + 5)).toEqual([
      '09:01▸alice',
      '> first',
      'x'.repeat(size.columns),
      'xxxxx',
      'second *one*',
    ])
    expect(screen.text).not.toContain('reading back')
    screen.type('y')
    await screen.waitFor(() => screen.clipboard === `> first\n${long}`)
    screen.type(ESC)
    await screen.waitFor('type a message')
    screen.type(`${CTRL_X}0`)
    await screen.waitFor(({ rows }) => rows.includes('second *one*'))
    screen.type('hello')
    await screen.waitFor('> hello')
  },
)

test.each(SIZES)(
  '$columns×$rows: who comes and goes is one line, which Enter opens',
  async (size) => {
    const { world, ops } = talk()
    world.say(ops, ALICE, 1, 'before')
    const people = ['dan', 'eve', 'fay', 'gil', 'hal'].map(person)
    for (const user of people) world.event(ops, user, 2, 'joined')
    world.event(ops, ALICE, 3, 'added', CAROL)
    world.event(ops, person('dan'), 4, 'quit')
    world.event(ops, BOB, 5, 'quit')
    world.allRead(ops)
    const screen = await open(world, size)
    await screen.waitFor('eve, fay and 2 others joined')
    const line = screen.rows.find((row) => row.includes('others joined')) ?? ''
    if (size.columns > 100)
      expect(line).toContain(
        'eve, fay and 2 others joined, carol was added, bob left, dan came an…',
      )
    expect(screen.text).not.toContain('gil joined')
    expect(screen.text).not.toMatch(/\d (?:new|unread)/)
    world.say(ops, ALICE, 6, 'after')
    world.event(ops, person('ida'), 7, 'joined')
    await screen.waitFor('ida joined')
    await readBack(screen)
    screen.type(UP)
    await screen.waitFor(/09:02(?: … +)?▸.*· Enter shows each/)
    screen.type(ENTER)
    await screen.waitFor('gil joined')
    await screen.waitFor('bob left')
    expect(screen.text).not.toContain('others')
  },
)

test('a link that begins a row is one in the zoomed log, too, with emoji behind it', async () => {
  const { world, ops } = talk()
  world.say(ops, ALICE, 1, 'https://a.example/x 👨‍👩‍👧‍👦 汉')
  const screen = await open(world)
  screen.type(`${CTRL_X}0`)
  await screen.waitFor(({ rows }) => rows.includes('https://a.example/x 👨‍👩‍👧‍👦 汉'))
  expect(screen.links).toEqual(['https://a.example/x'])
})

test('switched off, everybody who comes has a line', async () => {
  const { world, ops } = talk()
  world.event(ops, person('dan'), 2, 'joined')
  world.event(ops, person('eve'), 2, 'joined')
  const { defaults } = await import('../../src/ui/configuration/options.ts')
  const look = { ...defaults.look, foldJoins: false }
  const screen = await open(world, MIDDLE, { configuration: { ...defaults, look } })
  await screen.waitFor('dan joined')
  await screen.waitFor('eve joined')
})

test('Alt-P and Alt-N go from mention to mention; what is missing is fetched', async () => {
  const { world, ops } = talk()
  for (let n = 1; n <= 400; n++) {
    const mentions = n === 20 || n === 380 || n === 390 ? [ME.id] : []
    world.tell(ops, ALICE, n / 60, { kind: 'text', text: `line ${n}`, mentions })
  }
  world.allRead(ops)
  const screen = await open(world)
  await screen.waitFor('line 400')
  expect(screen.text).toContain('»line 390')
  screen.type('\x1bp')
  await screen.waitFor('▸line 390')
  screen.type(`${CTRL_X}[`)
  await screen.waitFor('▸line 380')
  screen.type('\x1bp')
  await screen.waitFor('▸line 20')
  screen.type('\x1bp')
  await screen.waitFor('You are not mentioned further up here.')
  screen.type('\x1bn')
  await screen.waitFor('▸line 380')
  screen.type('\x1bn\x1bn')
  await screen.waitFor('You are not mentioned further down here.')
  expect(screen.text).toContain('▸line 390')
})

test('a mention in what is not loaded comes before one behind it', async () => {
  const { world, ops } = talk()
  world.say(ops, ALICE, 0, 'line 0')
  world.allRead(ops)
  for (let n = 1; n <= 399; n++) {
    const mentions = n === 250 || n === 390 ? [ME.id] : []
    world.tell(ops, ALICE, n / 60, { kind: 'text', text: `line ${n}`, mentions })
  }
  const screen = await open(world)
  await screen.waitFor('line 399')
  screen.type('\x1bu')
  await screen.waitFor(/line 1$/m)
  screen.type('\x1bn')
  await screen.waitFor('▸line 250')
  screen.type('\x1bn')
  await screen.waitFor('▸line 390')
})

test('what came below while one reads back is counted, with mentions', async () => {
  const { world, ops } = talk()
  for (let n = 1; n <= 60; n++) world.say(ops, ALICE, n, `line ${n}`)
  world.allRead(ops)
  const screen = await open(world)
  await screen.waitFor('line 60')
  screen.type('\x1b[5~')
  await screen.waitFor('↓ End: newest')
  world.say(ops, ALICE, 61, 'a')
  world.say(ops, ALICE, 61, 'b')
  world.tell(ops, ALICE, 61, { kind: 'text', text: '@me', mentions: [ME.id] })
  await screen.waitFor('↓ 3 new (1 @)')
})
