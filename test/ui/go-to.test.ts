import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { person, ScriptedWorld } from '../support/scripted-world.ts'

const CTRL_K = '\x0b'
const BOB = person('bob')

async function chat(size = { columns: 80, rows: 24 }) {
  const world = new ScriptedWorld()
  for (const name of ['lobby', 'ops', '项目组', 'book']) world.group(name, BOB)
  world.direct(BOB)
  const screen = Screen.open(size, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type('secret\r')
  await screen.waitFor('type a message')
  return { screen, world }
}

/** The rows that can be chosen, without what is beside the window. */
function rows(screen: Screen): readonly string[] {
  const first = screen.rows.findIndex((row) => row.includes('│ ▸ '))
  return screen.rows.slice(first, first + 8).map((row) => row.slice(row.indexOf('│') + 1).trim())
}

async function goTo(screen: Screen, name: string): Promise<void> {
  screen.type(CTRL_K)
  await screen.waitFor('Go to')
  screen.type(name)
  await screen.waitFor((now) => rows(now)[0]?.includes(name) === true)
  screen.type('\r')
  await screen.waitFor((now) => !now.text.includes('Go to') && now.text.includes('type a message'))
}

test('without a text it offers what was used last, and what is open after all others', async () => {
  const { screen } = await chat()
  for (const name of ['ops', '项目组', 'book']) await goTo(screen, name)
  screen.type(CTRL_K)
  await screen.waitFor('Go to')
  const names = rows(screen).map((row) => row.replace(/^▸ /, '').split(/\s{2,}/)[0])
  expect(names.slice(0, 5)).toEqual(['#项目组', '#ops', '#lobby', 'bob', '#book'])
  // And so Enter alone goes back and forth.
  screen.type('\r')
  await screen.waitFor('▸ #项目组')
})

test('what fits equally well has what was used last first', async () => {
  const { screen, world } = await chat()
  for (const name of ['team-a', 'team-b']) {
    const id = world.group(name, BOB)
    world.emit({ type: 'heads', heads: [world.head(id)], complete: false })
  }
  await goTo(screen, 'team-b')
  await goTo(screen, 'lobby')
  screen.type(`${CTRL_K}team`)
  await screen.waitFor((now) => /^▸ #team-b .*\n#team-a /.test(rows(now).join('\n')))
})

test('commands are found by what other programs call them, and say what they do', async () => {
  const { screen } = await chat()
  screen.type(`${CTRL_K}part`)
  await screen.waitFor(/▸ \/leave +leave this group/)
})

test('in a narrow window the name comes before what it is', async () => {
  const { screen } = await chat({ columns: 50, rows: 20 })
  screen.type(`${CTRL_K}/msg`)
  await screen.waitFor(/▸ \/msg .*…$/m)
  screen.type(`\x1b`)
  await screen.waitFor('type a message')
})

test('whom and what the server knows of that name is offered before a new one', async () => {
  const { screen, world } = await chat()
  const xenia = person('xenia')
  const group = { id: 'g-xenon', name: 'Xenon', members: 7, joined: false, topic: '' }
  world.answers['find'] = ({ text }) => ({
    users: 'xenia'.startsWith(String(text)) ? [xenia] : [],
    groups: [group],
    next: '',
  })
  screen.type(`${CTRL_K}xe`)
  await screen.waitFor((now) => rows(now)[0]?.includes('xenia') === true)
  const shown = rows(screen).map((row) => row.replace(/^▸ /, '').split(/\s{2,}/))
  expect(shown.slice(0, 5)).toEqual([
    ['xenia', 'person'],
    ['#Xenon', 'join · 7 members'],
    ['Write to "xe"', 'person'],
    ['Create group "xe"', 'group'],
    ['Join group "xe"', 'group'],
  ])
  // A name that is taken can be neither looked for nor had.
  screen.type('nia')
  await screen.waitFor((now) => !now.text.includes('"xe"') && now.text.includes('"xenia"'))
  expect(screen.text).not.toContain('Write to')
  screen.type('\r')
  await screen.waitFor((now) => !now.text.includes('Go to') && now.text.includes('▸ xenia'))
})
