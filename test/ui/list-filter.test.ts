import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { person, ScriptedWorld } from '../support/scripted-world.ts'

const ESC = '\x1b'
const TAB = '\t'

/** Four people, three groups; the keys are in the list of people. */
async function lists(size = { columns: 80, rows: 24 }) {
  const world = new ScriptedWorld()
  world.group('lobby', person('bob'))
  world.group('项目组', person('bob'))
  world.group('ops', person('bob'))
  for (const name of ['alice', 'bob', 'malin', '李雷']) world.direct(person(name))
  const screen = Screen.open(size, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type('secret\r')
  await screen.waitFor('type a message')
  screen.type(TAB)
  await screen.waitFor('in the list')
  return { screen, world }
}

function left(screen: Screen): readonly string[] {
  return screen.rows.slice(1).map((row) => row.slice(0, row.indexOf('│')).trim())
}

test.each([
  { columns: 80, rows: 24 },
  { columns: 64, rows: 20 },
  { columns: 140, rows: 40 },
])('what is typed narrows the lists down, $columns×$rows', async (size) => {
  const { screen } = await lists(size)
  screen.type('/')
  await screen.waitFor((now) => left(now)[0] === '/')
  expect(screen.cursor).toEqual({ x: 1, y: 1 })
  screen.type('li')
  await screen.waitFor((now) => left(now)[0] === '/li')
  const people = left(screen).slice(1, 4)
  expect(people[0]).toMatch(/>malin|>alice/)
  expect(people.join()).not.toContain('bob')
  screen.type('\x7f\x7f李')
  await screen.waitFor((now) => left(now)[1]?.endsWith('>李雷') === true)
  expect(screen.cursor).toEqual({ x: 3, y: 1 })
  screen.type('\r')
  await screen.waitFor((now) => now.rows.some((row) => /^▸ 李雷/.test(row)))
  expect(screen.text).toContain('bob')
  expect(screen.text).toContain('type a message')
})

test('where only the other list has it, the keys go there', async () => {
  const { screen } = await lists()
  screen.type('/组')
  await screen.waitFor((now) => left(now).some((row) => row.endsWith('>#项目组')))
  const y = screen.rows.findIndex((row) => row.startsWith('/组'))
  expect(screen.cursor).toEqual({ x: 3, y })
  screen.type('\r')
  await screen.waitFor((now) => now.rows.some((row) => /^▸ #项目组/.test(row)))
})

test('Esc shows all of them again, and then goes back to writing', async () => {
  const { screen } = await lists()
  screen.type('/bo')
  await screen.waitFor((now) => left(now)[0] === '/bo')
  expect(screen.text).not.toContain('malin')
  screen.type(ESC)
  await screen.waitFor('malin')
  expect(screen.text).toContain('in the list')
  expect(screen.cursor).toBeUndefined()
  screen.type(ESC)
  await screen.waitFor('type a message')
})

test('arrows choose among what is left, Tab leaves the filter', async () => {
  const { screen } = await lists()
  screen.type('/l')
  await screen.waitFor((now) => left(now)[0] === '/l')
  const [first, second] = left(screen).slice(1, 3)
  expect(first).toContain('>')
  screen.type('\x1b[B')
  await screen.waitFor((now) => left(now)[2]?.includes('>') === true)
  expect(second).toBe(left(screen)[2]?.replace('>', ' '))
  screen.type(TAB)
  await screen.waitFor('bob')
  expect(left(screen)[0]).toMatch(/^CONTACTS/)
})

test('named ones come before what is merely unread', async () => {
  const world = new ScriptedWorld()
  world.group('lobby', person('bob'))
  for (const name of ['a-quiet', 'b-unread', 'c-named']) {
    const id = world.group(name, person('bob'))
    if (name !== 'a-quiet') world.say(id, person('bob'), 1, 'hello')
    if (name === 'c-named') world.changeHead(id, { mentions: 1 })
  }
  const screen = Screen.open({ columns: 80, rows: 24 }, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type('secret\r')
  await screen.waitFor('c-named')
  const groups = left(screen).filter((row) => row.includes('#'))
  expect(groups.map((row) => /#([\w-]+)/.exec(row)?.[1])).toEqual([
    'c-named',
    'b-unread',
    'a-quiet',
    'lobby',
  ])
})
