import { describe, expect, test } from 'vitest'
import { browserFor, openInBrowser } from '../../src/ui/browser.ts'
import { defaults } from '../../src/ui/configuration/options.ts'
import { parseMouse } from '../../src/ui/input/mouse.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const ALICE = person('alice')
const [ENTER, ESC, CTRL_X] = ['\r', '\x1b', '\x18']
const configuration = { ...defaults, look: { ...defaults.look, mouse: true } }

function office() {
  const world = new ScriptedWorld()
  const ops = world.group('ops', ALICE)
  for (let n = 1; n <= 60; n++) world.say(ops, ALICE, n, `line ${n}`)
  world.allRead(ops)
  for (let n = 10; n < 40; n++) world.group(`g${n}`, ALICE)
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  world.lastTarget = ops
  return world
}

async function open(size = { columns: 80, rows: 24 }, options = {}) {
  const world = office()
  const screen = Screen.open(size, options, { connector: world, now: () => NINE })
  await screen.waitFor('line 60')
  world.tell('~g-g38', ALICE, 1, { kind: 'text', text: '@me', mentions: [ME.id] })
  await screen.waitFor(/@1|▾ .*#g38/)
  return screen
}

/** A press in a cell counted from 0, as a terminal reports it. */
function press(button: number, x: number, y: number): string {
  return `\x1b[<${button};${x + 1};${y + 1}M`
}

function placeOf({ rows }: Screen, text: string): readonly [number, number] {
  const y = rows.findIndex((row) => row.includes(text))
  return [rows[y]?.indexOf(text) ?? -1, y]
}

test.each([
  [80, 24],
  [140, 40],
])(
  '%i×%i: a click opens a conversation or selects a message, the wheel scrolls what is under it',
  async (columns, rows) => {
    const screen = await open({ columns, rows }, { configuration })
    await screen.waitFor(() => screen.isMouseTaken)
    const inLog = placeOf(screen, 'line 55')
    screen.type(press(64, ...inLog))
    await screen.waitFor(({ text }) => !text.includes('line 60') && text.includes('line 57'))
    screen.type(press(0, ...placeOf(screen, 'line 50')))
    await screen.waitFor('▸line 50')
    screen.type(press(65, ...inLog))
    await screen.waitFor('line 60')
    screen.type(press(65, 3, placeOf(screen, '#g11')[1]))
    await screen.waitFor('in the list')
    await screen.waitFor(/^GROUPS 31.* @1/m)
    screen.type(press(0, 3, placeOf(screen, '#g20')[1]))
    await screen.waitFor(/│ ?#g20 · /)
    screen.type(press(0, 3, rows - 3))
    await screen.waitFor('type a message')
  },
)

test('50x20: a click on the first row goes to another conversation; the wheel goes through a window', async () => {
  const screen = await open({ columns: 50, rows: 20 }, { configuration })
  await screen.waitFor(() => screen.isMouseTaken)
  screen.type(press(0, 3, 0))
  await screen.waitFor('Go to')
  const chosen = () => screen.rows.find((row) => row.startsWith(' ▸'))
  const first = chosen()
  screen.type(press(65, 3, 9))
  await screen.waitFor(() => chosen() !== first)
})

test('it is off until one wants it, and off where one selects; every end gives it back', async () => {
  const screen = await open()
  screen.type(press(64, 30, 9))
  screen.type('a')
  await screen.waitFor('> a')
  expect(screen.text).toContain('line 60')
  expect(screen.isMouseTaken).toBe(false)
  screen.type(`\x7f/mouse on${ENTER}`)
  await screen.waitFor(() => screen.isMouseTaken)
  screen.type(`${CTRL_X}0`)
  await screen.waitFor(() => !screen.isMouseTaken)
  screen.type(ESC)
  await screen.waitFor(() => screen.isMouseTaken)
  screen.type(`/quit${ENTER}`)
  await screen.exitCode
  await screen.waitFor(() => !screen.isMouseTaken)
})

test('the head of a list says what is out of view, and that one is named there', async () => {
  const screen = await open()
  await screen.waitFor(/^GROUPS 31 .*↓\d+/m)
  screen.type('\t\t')
  await screen.waitFor('in the list')
  screen.type('G')
  await screen.waitFor(/^GROUPS 31 .*↑\d+ @1/m)
})

describe('what a terminal reports', () => {
  test.each([
    ['\x1b[<0;1;1M', { kind: 'click', x: 0, y: 0 }],
    ['\x1b[<64;300;20M', { kind: 'wheelUp', x: 299, y: 19 }],
    ['\x1b[<65;2;3M', { kind: 'wheelDown', x: 1, y: 2 }],
    ['\x1b[<0;1;1m', undefined],
    ['\x1b[<2;1;1M', undefined],
    ['\x1b[<0;0;1M', undefined],
    ['\x1b[<0;;M', undefined],
    ['\x1b[<0;1M', undefined],
    ['\x1b[<99999999;1;1M', undefined],
  ])('%j is %j', (report, meant) => expect(parseMouse(report)).toEqual(meant))
})

describe('the browser', () => {
  const URL = 'https://a.example/x?y=1&z=$(w)'
  test.each([
    [{ DISPLAY: ':0' }, 'linux', ['xdg-open', URL]],
    [{ WAYLAND_DISPLAY: 'w' }, 'linux', ['xdg-open', URL]],
    [{}, 'linux', undefined],
    [{}, 'darwin', ['open', URL]],
    [{ BROWSER: 'firefox --new-window:lynx' }, 'linux', ['firefox', '--new-window', URL]],
    [{ BROWSER: 'go --to=%s now' }, 'linux', ['go', `--to=${URL}`, 'now']],
    [{ DISPLAY: ':0', SSH_CONNECTION: '1 2 3 4' }, 'linux', undefined],
    [{ BROWSER: 'firefox', SSH_TTY: '/dev/pts/1' }, 'linux', undefined],
  ] as const)('with %j on %s is %j', (env, platform, command) => {
    expect(browserFor(URL, env, platform)).toEqual(command)
  })

  test.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    '-rm',
    'https://a b',
    'https://',
    'mailto:a@b.example',
  ])('is given nothing like %j', (url) =>
    expect(browserFor(url, { DISPLAY: ':0' }, 'linux')).toBeUndefined(),
  )
})

describe('a program that is to open an address', () => {
  const own = (script: string) => ({ BROWSER: `${process.execPath} -e ${script} --` })
  test('has opened it when it ends well', async () => {
    expect(await openInBrowser('https://a.example/', own('0'))).toEqual({ state: 'opened' })
  })

  test('is named with what it said when it does not', async () => {
    const program = process.execPath
    expect(await openInBrowser('https://a.example/', own('process.exit(3)'))).toEqual({
      state: 'failed',
      program,
      reason: 'exit code 3',
    })
    const missing = await openInBrowser('https://a.example/', { BROWSER: '/nonexistent/browser' })
    expect(missing).toMatchObject({ state: 'failed', program: '/nonexistent/browser' })
  })
})
