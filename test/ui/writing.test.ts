import { expect, test, vi } from 'vitest'
import { PATIENCE } from '../support/patience.ts'
import { Screen } from '../support/screen.ts'
import { ME, person, ScriptedWorld } from '../support/scripted-world.ts'

const MIDDLE = { columns: 80, rows: 24 }
const SIZES = [MIDDLE, { columns: 50, rows: 20 }, { columns: 140, rows: 40 }]
const CTRL_R = '\x12'
const CTRL_Y = '\x19'
const CTRL_U = '\x15'
const ESC = '\x1b'
/** What was sent may change nothing on the screen, so it is looked for instead. */

/** A chat in #lobby, in which I have said two things before. */
async function chat(size = MIDDLE) {
  const world = new ScriptedWorld()
  const lobby = world.group('lobby', person('bob'), person('alice'))
  world.say(lobby, ME, 1, 'deploy at ten')
  world.say(lobby, ME, 2, '发布在十点')
  world.say(lobby, person('bob'), 3, 'fine')
  const screen = Screen.open(size, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type('secret\r')
  await screen.waitFor('type a message')
  return { screen, world, lobby, said: () => world.said.map(({ text }) => text) }
}

/** The row that the cursor is in, and its column. */
function written(screen: Screen): readonly [string, number] {
  const { x, y } = screen.cursor ?? { x: -1, y: 0 }
  return [screen.rows[y] ?? '', x]
}

/** The rows from the rule over the composer on. */
function bottom(screen: Screen): readonly string[] {
  return screen.rows.slice(screen.rows.findLastIndex((row) => row.startsWith('> ')))
}

function pasted(text: string): string {
  return `\x1b[200~${text}\x1b[201~`
}

test.each(SIZES)('Ctrl-R looks through what was sent here, $columns×$rows', async (size) => {
  const { screen, said } = await chat(size)
  screen.type(`dra${CTRL_R}`)
  await screen.waitFor('history: ')
  expect(bottom(screen)[0]).toBe('> dra')
  screen.type('十')
  await screen.waitFor('> 发布在十点')
  expect(written(screen)).toEqual([expect.stringMatching(/^history: 十/), 11])
  screen.type('x')
  await screen.waitFor('nothing older here has that in it')
  screen.type('\x7f\x7f')
  await screen.waitFor('> dra')
  screen.type(CTRL_R)
  await screen.waitFor('> 发布在十点')
  screen.type(CTRL_R)
  await screen.waitFor('> deploy at ten')
  screen.type('\r')
  await screen.waitFor((now) => !now.text.includes('history:'))
  expect(written(screen)).toEqual(['> deploy at ten', 15])
  expect(said()).toEqual([])
  screen.type('\r')
  await vi.waitFor(() => expect(said()).toEqual(['deploy at ten']), PATIENCE)
})

test('Esc in the search gives back what was being written', async () => {
  const { screen } = await chat()
  screen.type(`draft${CTRL_R}ten`)
  await screen.waitFor('> deploy at ten')
  screen.type(ESC)
  await screen.waitFor((now) => written(now)[0] === '> draft')
  expect(screen.text).not.toContain('history:')
})

test('a short paste is put in at once, of a long one it is asked', async () => {
  const { screen, said } = await chat()
  const lines = Array.from({ length: 60 }, (_, index) => `line ${index + 1}`)
  screen.type(pasted(lines.slice(0, 20).join('\n')))
  await screen.waitFor((now) => written(now)[0] === '  line 20')
  screen.type('\x03')
  await screen.waitFor('type a message')
  screen.type(pasted(lines.join('\r\n')))
  await screen.waitFor(/Paste 60 lines, \d+ B, as…/)
  expect(screen.cursor).toBeUndefined()
  expect(screen.text).not.toContain('send as')
  screen.type('i')
  await screen.waitFor((now) => written(now)[0] === '  line 60')
  screen.type('\r')
  await vi.waitFor(() => expect(said()).toEqual([lines.join('\n')]), PATIENCE)
})

test.each([
  ['Esc', ESC],
  ['d', 'd'],
])('%s leaves a paste out, and Ctrl-Y puts it in after all', async (_, key) => {
  const { screen } = await chat()
  screen.type('so: ')
  screen.type(pasted(Array(30).fill('one more line').join('\n')))
  await screen.waitFor('Paste 30 lines')
  screen.type(key)
  await screen.waitFor('Not put in. Ctrl-Y puts it in after all.')
  expect(written(screen)[0]).toBe('> so:')
  screen.type(CTRL_Y)
  await screen.waitFor((now) => written(now)[0] === '  one more line')
})

test('what is longer than a message goes as several, in order, the first as the answer', async () => {
  const { screen, world } = await chat()
  const lines = Array.from({ length: 300 }, (_, index) => `${index} ${'日'.repeat(20)}`)
  screen.type('/reply\r')
  await screen.waitFor('replying to bob')
  screen.type(pasted(lines.join('\n')))
  await screen.waitFor(/s {2}send as 3 messages, in order/)
  screen.type('s')
  await vi.waitFor(() => expect(world.said).toHaveLength(3), PATIENCE)
  const texts = world.said.map(({ text }) => text)
  expect(texts.join('\n')).toBe(lines.join('\n'))
  expect(world.said.map(({ reply = 0 }) => reply)).toEqual([3, 0, 0])
  for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8192)
  await screen.waitFor('type a message')
})

test('Enter on a text that is too long asks the same', async () => {
  const { screen, world } = await chat()
  screen.type(pasted('x'.repeat(9_000)))
  await screen.waitFor('Paste 8.8 KB')
  screen.type('i')
  await screen.waitFor('xxx')
  screen.type('\r')
  await screen.waitFor('Send 8.8 KB as…')
  screen.type(ESC)
  await screen.waitFor((now) => !now.text.includes('Send 8.8 KB'))
  expect(screen.text).toContain('xxx')
  screen.type('\r')
  await screen.waitFor('Send 8.8 KB as…')
  screen.type('\r')
  await vi.waitFor(() => expect(world.said).toHaveLength(2), PATIENCE)
})

test('a paste has no control characters, and tabs stay', async () => {
  const { screen, said } = await chat()
  screen.type(pasted('\tred \u001b[31mhere\u001b[0m\u0007\u202e'))
  await screen.waitFor((now) => written(now)[0] === '>     red here')
  screen.type('\r')
  await vi.waitFor(() => expect(said()).toEqual(['\tred here']), PATIENCE)
})

test.each(SIZES)(
  'Tab shows what there is and marks what it has taken, $columns×$rows',
  async (size) => {
    const { screen } = await chat(size)
    screen.type('a')
    await screen.waitFor((now) => written(now)[0] === '> a')
    const before = screen.cursor
    screen.type(`${CTRL_U}@\t`)
    await screen.waitFor('▸@bob')
    expect(written(screen)).toEqual(['> @bob', 7])
    // Whatever comes beside it, what is written stays where it is.
    expect(screen.cursor?.y).toBe(before?.y)
    screen.type('\t')
    await screen.waitFor('▸@alice')
    screen.type('\x1b[Z')
    await screen.waitFor('▸@bob')
    expect(screen.text).not.toContain('@me')
    screen.type('x')
    await screen.waitFor((now) => !now.text.includes('▸@bob'))
  },
)

test('what a word with a sign can become is seen before Tab, where there is a row for it', async () => {
  const { screen } = await chat()
  screen.type('/crea')
  await screen.waitFor((now) => now.rows.some((row) => row.trim() === '/create'))
  expect(written(screen)).toEqual(['> /crea', 7])
  screen.type('te x')
  await screen.waitFor(/\/create \[group \[first members…\]\] {2}create a group/)
  screen.type('\x15')
  await screen.waitFor((now) => !now.text.includes('first members'))
})

test('emoji by their names: completed, or typed in full', async () => {
  const { screen, said } = await chat()
  screen.type(':thu\t')
  await screen.waitFor('▸👍 thumbsup')
  screen.type(' 好:tada: :crab: 10:30:45')
  await screen.waitFor('> 👍 好🎉 🦀 10:30:45')
  screen.type('\r')
  await vi.waitFor(() => expect(said()).toEqual(['👍 好🎉 🦀 10:30:45']), PATIENCE)
})

test('undo gives back the name of an emoji', async () => {
  const { screen } = await chat()
  screen.type(':tada:')
  await screen.waitFor('> 🎉')
  screen.type('\x1f')
  await screen.waitFor('> :tada:')
})

test('a reaction by any name that GitHub has', async () => {
  const { screen, world } = await chat()
  screen.type('/react :crab:\r')
  await vi.waitFor(() => expect(world.askedOf('react')[0]).toMatchObject({ text: '🦀' }), PATIENCE)
  screen.type('/react\r')
  await screen.waitFor('👍  +1 thumbsup')
  screen.type('lobst')
  await screen.waitFor('🦞  lobster')
})

test('what is cut in one conversation can be put into another', async () => {
  const { screen, world } = await chat()
  const id = world.group('ops', person('bob'))
  world.emit({ type: 'heads', heads: [world.head(id)], complete: false })
  screen.type(`for the others${CTRL_U}`)
  await screen.waitFor('type a message')
  screen.type('/goto #ops\r')
  await screen.waitFor('▸ #ops')
  screen.type(CTRL_Y)
  await screen.waitFor('> for the others')
})

test.each(['\\\r', '\n', '\x1b\r', '\x1b[13;2u', '\x1b[27;2;13~'])(
  'a new line by %j',
  async (key) => {
    const { screen, said } = await chat()
    screen.type('one')
    for (const part of key === '\\\r' ? ['\\', '\r'] : [key]) screen.type(part)
    screen.type('two')
    await screen.waitFor((now) => written(now)[0] === '  two')
    screen.type('\r')
    await vi.waitFor(() => expect(said()).toEqual(['one\ntwo']), PATIENCE)
  },
)
