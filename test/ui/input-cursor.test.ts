import { test } from 'vitest'
import { graphemes } from '../../src/ui/text/graphemes.ts'
import { graphemeWidth } from '../../src/ui/text/width.ts'
import { Screen } from '../support/screen.ts'
import { ME, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZES = [
  { columns: 80, rows: 24 },
  { columns: 50, rows: 20 },
  { columns: 140, rows: 40 },
]

async function chat(size: (typeof SIZES)[number]) {
  const world = new ScriptedWorld()
  const lobby = world.group('lobby', person('bob'))
  world.say(lobby, ME, 1, 'mine')
  const screen = Screen.open(size, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type('secret\r')
  await screen.waitFor('type a message')
  return screen
}

/** What stands left of the cursor in its row; undefined: it is hidden. */
function beforeCursor({ cursor, rows }: Screen): string | undefined {
  if (cursor === undefined) return undefined
  let cells = 0
  let text = ''
  for (const cluster of graphemes(rows[cursor.y] ?? '')) {
    if (cells >= cursor.x) break
    cells += graphemeWidth(cluster)
    text += cluster
  }
  return text
}

/** What opens a field, and what is seen then. An input method writes where the cursor is. */
const FIELDS = [
  ['/goto', 'Go to'],
  ['/create', 'Create group'],
  ['/join', 'Join group'],
  ['/add', 'Add contact'],
  ['/search', 'Search'],
  ['/react', 'React'],
  ['/password', 'assword'],
] as const

test.each(SIZES)('the cursor is where Chinese is written, $columns×$rows', async (size) => {
  const screen = await chat(size)
  for (const [command, title] of FIELDS) {
    screen.type(`${command}\r`)
    await screen.waitFor((now) => now.text.includes(title) && !now.text.includes(`> ${command}`))
    if (command === '/password') {
      await screen.waitFor((now) => now.cursor !== undefined)
      screen.type('\x1b')
      continue
    }
    screen.type('日本語')
    await screen.waitFor((now) => beforeCursor(now)?.endsWith('日本語') === true)
    screen.type('\x1b[D')
    await screen.waitFor((now) => beforeCursor(now)?.endsWith('日本') === true)
    screen.type('\x15\x1b')
    await screen.waitFor((now) => !now.text.includes('日本'))
    screen.type('\x1b')
    await screen.waitFor((now) => now.text.includes('to write') || now.text.includes('type a'))
    screen.type('x\x7f')
    await screen.waitFor('type a message')
  }
})

test.each(SIZES)('where there is no field there is no cursor, $columns×$rows', async (size) => {
  const screen = await chat(size)
  for (const command of ['/help', '/members', '/group', '/share', '/info']) {
    screen.type(`${command}\r`)
    await screen.waitFor((now) => now.cursor === undefined)
    screen.type('\x1b')
    await screen.waitFor((now) => now.cursor !== undefined && now.text.includes('type a message'))
  }
  screen.type('\x1b')
  await screen.waitFor((now) => now.cursor === undefined && now.text.includes('to write'))
})
