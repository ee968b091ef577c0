import { expect, test, vi } from 'vitest'
import { PATIENCE } from '../../support/patience.ts'
import { Screen } from '../../support/screen.ts'
import { ME, person, ScriptedWorld } from '../../support/scripted-world.ts'

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 50, rows: 20 },
]
/** What was sent may change nothing on the screen, so it is looked for instead. */
const SIZE = { columns: 80, rows: 24 }

/** A chat in #lobby, its composer empty. */
async function chat(size = SIZE, before: (world: ScriptedWorld, lobby: string) => void = () => {}) {
  const world = new ScriptedWorld()
  before(world, world.group('lobby', person('bob')))
  const screen = Screen.open(size, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type('secret\r')
  await screen.waitFor('type a message')
  return { screen, world, said: () => world.said.map(({ text }) => text) }
}

/** The row of the composer and the column of the cursor in it. */
function written(screen: Screen): readonly [string, number] {
  const { x, y } = screen.cursor ?? { x: -1, y: 0 }
  return [screen.rows[y] ?? '', x]
}

test.each(SIZES)('the cursor stands behind what was written, $columns×$rows', async (size) => {
  const { screen } = await chat(size)
  for (const [keys, row, column] of [
    ['héllo', '> héllo', 7],
    ['\x15日本語', '> 日本語', 8],
    ['\x1b[D', '> 日本語', 6],
    ['X', '> 日本X語', 7],
    ['\x15\x05\x15👍🏽', '> 👍', 4],
    ['👨‍👩‍👧‍👦z', '> 👍👨z', 7],
    ['\x7f\x7f', '> 👍', 4],
    ['e\u0301e', '> 👍e\u0301e', 6],
  ] as const) {
    screen.type(keys)
    await screen.waitFor((now) => {
      const [text, x] = written(now)
      return text === row && x === column
    })
  }
})

test('everything arrives that comes in one chunk, and in many at once', async () => {
  const { screen, said } = await chat()
  screen.type('hello\r')
  for (const key of 'fast fingers\rmore\r') screen.type(key)
  await vi.waitFor(() => expect(said()).toEqual(['hello', 'fast fingers', 'more']), PATIENCE)
})

test('a paste of several lines is one message, tabs and all', async () => {
  const { screen, said } = await chat()
  screen.type('\x1b[200~if (x) {\r\n\treturn 日本\r\n}\x1b[201~')
  await screen.waitFor((now) => written(now)[0] === '  }')
  expect(screen.rows.slice(19, 22)).toEqual(['> if (x) {', '      return 日本', '  }'])
  screen.type('\r')
  await vi.waitFor(() => expect(said()).toEqual(['if (x) {\n\treturn 日本\n}']), PATIENCE)
})

test('empty lines around a text are not sent, indentation is', async () => {
  const { screen, said } = await chat()
  screen.type('\x1b[200~\n \n  one\n\n  two  \n\n\x1b[201~\r')
  screen.type('\x1b[200~\n  \n\x1b[201~\r\x15\x15\x15three\r')
  await vi.waitFor(() => expect(said()).toEqual(['  one\n\n  two', 'three']), PATIENCE)
})

test('a paste without brackets is one message, too', async () => {
  const { screen, said } = await chat()
  screen.type('one\ntwo\nthree')
  await screen.waitFor((now) => written(now)[0] === '  three')
  screen.type('\r')
  await vi.waitFor(() => expect(said()).toEqual(['one\ntwo\nthree']), PATIENCE)
})

test('escape sequences in a paste never reach the screen or the server', async () => {
  const { screen, said } = await chat()
  screen.type('\x1b[200~a\x1b[31mb\x1b]52;c;x\x07\u202ec\x1b[201~')
  await screen.waitFor('> abc')
  screen.type('\r')
  await vi.waitFor(() => expect(said()).toEqual(['abc']), PATIENCE)
})

test('a long text wraps, grows the composer to a third and scrolls in it', async () => {
  const { screen } = await chat()
  screen.type('word '.repeat(200))
  await screen.waitFor((now) => now.cursor?.y === 21)
  expect(screen.rows.filter((row) => row.includes('word word'))).toHaveLength(6)
  expect(screen.rows[16]).toMatch(/^↑ word/)
  screen.type('\x1b[A'.repeat(8))
  await screen.waitFor(/^↓ word/m)
  expect(screen.rows[16]).toMatch(/^↑ word/)
  expect(screen.rows[21]).toMatch(/^↓ word/)
  screen.type('\x01')
  await screen.waitFor(/^> word/m)
  for (const row of screen.rows) expect(row.length).toBeLessThanOrEqual(80)
})

test.each(['\\\r', '\x1b\r', '\n', '\x1b[13;2u', '\x1b[27;2;13~'])(
  '%j makes a new line, and Enter sends both',
  async (keys) => {
    const { screen, said } = await chat()
    screen.type(`one${keys}`)
    await screen.waitFor((now) => now.cursor?.x === 2 && now.cursor.y === 21)
    screen.type('two\r')
    await vi.waitFor(() => expect(said()).toEqual(['one\ntwo']), PATIENCE)
  },
)

test('Tab completes names and commands, and cycles', async () => {
  const { screen } = await chat(SIZE, (world) => {
    world.direct(person('carol'))
    world.direct(person('Carla'))
  })
  screen.type('hi @car\t')
  await screen.waitFor(/> hi @(carol|Carla)/)
  const first = written(screen)[0]
  screen.type('\t')
  await screen.waitFor((now) => /> hi @(carol|Carla)/.test(now.text) && written(now)[0] !== first)
  screen.type('\t')
  await screen.waitFor((now) => written(now)[0] === '> hi @car')
})

test.each([
  ['/notify \t', '> /notify all'],
  ['/notify m\t', '> /notify mentions'],
  ['/role bob a\t', '> /role bob admin'],
  ['/theme \t\t', '> /theme dark'],
  ['/dnd o\t', '> /dnd on'],
  ['/role b\t', '> /role @bob'],
])('what a command wants is completed: %j', async (keys, row) => {
  const { screen } = await chat()
  screen.type(keys)
  await screen.waitFor((now) => written(now)[0] === row)
})

test('no word is completed where none is begun and no command wants one', async () => {
  const { screen } = await chat()
  screen.type('/notify all \t/role \t!')
  await screen.waitFor((now) => written(now)[0] === '> /notify all /role !')
})

test('Ctrl-C clears, Ctrl-_ brings it back', async () => {
  const { screen } = await chat()
  screen.type('do not lose this')
  await screen.waitFor('> do not lose this')
  screen.type('\x03')
  await screen.waitFor('type a message')
  screen.type('\x1f')
  await screen.waitFor('> do not lose this')
})

test('up goes through what was sent here before, also in another run, and keeps the draft', async () => {
  const { screen } = await chat(SIZE, (world, lobby) => {
    world.say(lobby, ME, 1, 'yesterday')
    world.say(lobby, person('bob'), 2, 'of bob')
    world.say(lobby, ME, 3, '/slash')
  })
  screen.type('now\r')
  await screen.waitFor('type a message')
  screen.type('draft')
  await screen.waitFor('> draft')
  for (const row of ['> now', '> //slash', '> yesterday', '> yesterday']) {
    screen.type('\x1b[A')
    await screen.waitFor((now) => written(now)[0] === row)
  }
  screen.type('\x1b[B\x1b[B\x1b[B')
  await screen.waitFor((now) => written(now)[0] === '> draft')
})

test('what the terminal says by itself is not typed', async () => {
  const { screen, said } = await chat()
  screen.type('a\x1b[I\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[24;80R\x1b[<0;1;1M\x1bOP\x1b[2~b\r')
  await vi.waitFor(() => expect(said()).toEqual(['ab']), PATIENCE)
})
