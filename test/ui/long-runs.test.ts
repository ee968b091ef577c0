import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const carol = person('carol')
const PAGE_UP = '\x1b[5~'

function world(): Readonly<{ world: ScriptedWorld; ops: string }> {
  const world = new ScriptedWorld()
  const ops = world.group('ops', carol)
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  world.lastTarget = ops
  return { world, ops }
}

function open(connector: ScriptedWorld, columns: number, rows = 24): Screen {
  return Screen.open({ columns, rows }, {}, { connector, now: () => NINE })
}

/** The first row of the log, right of the lists. */
const firstRow = (screen: Screen) => (screen.rows[2] ?? '').split('│').at(-1) ?? ''

test('who speaks at length is named in the first row of the log, wherever it begins', async () => {
  const { world: connector, ops } = world()
  for (let n = 1; n <= 60; n++) connector.say(ops, carol, 12, `line ${n}`)
  const screen = open(connector, 80)
  await screen.waitFor('line 60')
  expect(firstRow(screen)).toMatch(/^09:12 carol +line \d+/)
  // The rows below it are as they were.
  expect(screen.rows[3]?.split('│').at(-1)).toMatch(/^ +line \d+/)
  screen.type(PAGE_UP)
  await screen.waitFor(({ text }) => !text.includes('line 60'))
  expect(firstRow(screen)).toMatch(/^09:12 carol +line \d+/)
  connector.say(ops, ME, 13, 'mine')
  for (let n = 1; n <= 60; n++) connector.say(ops, ME, 13, `my line ${n}`)
  screen.type('\x18>')
  await screen.waitFor('my line 60')
  expect(firstRow(screen)).toMatch(/^09:13 you +✓ my line \d+/)
})

test('one text that is longer than the screen has its name in view, too', async () => {
  const { world: connector, ops } = world()
  connector.say(ops, carol, 12, Array.from({ length: 50 }, (_, at) => `row ${at + 1}`).join('\n'))
  const screen = open(connector, 80)
  await screen.waitFor('row 50')
  expect(firstRow(screen)).toMatch(/^09:12 carol +row \d+/)
  screen.type('\x18<')
  await screen.waitFor('the beginning of #ops')
  expect(screen.text.match(/carol +row/g)).toHaveLength(1)
})

test('where a name has a row of its own, the line above the log names who speaks', async () => {
  const { world: connector, ops } = world()
  for (let n = 1; n <= 60; n++) connector.say(ops, carol, 12, `line ${n}`)
  const screen = open(connector, 40)
  await screen.waitFor('line 60')
  expect(screen.rows[1]).toMatch(/^── 09:12 carol ─+$/)
  screen.type('\x18<')
  await screen.waitFor('the beginning of #ops')
  expect(screen.rows[1]).toBe('─'.repeat(40))
})

const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => `row ${at + 1}`).join('\n')

test('of a very long text the first rows are shown; all of them when that is wanted', async () => {
  const { world: connector, ops } = world()
  connector.say(ops, carol, 12, rowsOf(190))
  connector.say(ops, carol, 13, 'that was the log')
  const screen = open(connector, 80)
  await screen.waitFor('that was the log')
  expect(screen.text).toMatch(/row 40\n.*… 150 more rows · select it: i shows all/)
  expect(screen.text).not.toContain('row 41')
  screen.type('\x1b')
  await screen.waitFor('▸that was')
  screen.type('k')
  await screen.waitFor(({ text }) => !text.includes('▸that was'))
  const top = firstRow(screen)
  screen.type('i')
  await screen.waitFor('row 41')
  expect(firstRow(screen)).toBe(top)
  expect(screen.text).not.toContain('more rows')
  screen.type('\x18>')
  await screen.waitFor('row 190')
  // Once it is shown whole the key has its other meaning.
  screen.type('i')
  await screen.waitFor('21 Nov 2026 09:12')
})

test('sixty rows are no long text', async () => {
  const { world: connector, ops } = world()
  connector.say(ops, carol, 12, rowsOf(60))
  const screen = open(connector, 80, 70)
  await screen.waitFor('row 60')
  expect(screen.text).toContain('row 1\n')
  expect(screen.text).not.toContain('more rows')
})
