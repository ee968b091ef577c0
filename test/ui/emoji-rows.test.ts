import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, person, ScriptedWorld } from '../support/scripted-world.ts'

const ANN = person('ann')
const FAMILY = '👨‍👩‍👧‍👦'
const FLAG = '🇩🇪'
const TONE = '👍🏽'
const SAID = `${FAMILY} ${FLAG} ${TONE} ❤️ 1️⃣ 汉字 سلام`

/** The terminal of these tests draws the parts of a joined emoji side by side, as many do. */
async function open(columns: number, rows: number) {
  const world = new ScriptedWorld()
  const ops = world.group('ops', ANN, person(`b${TONE}b`))
  world.say(ops, ANN, 1, SAID)
  world.say(ops, ANN, 2, `${FAMILY.repeat(20)} behind`)
  world.say(ops, ME, 3, SAID)
  world.say(ops, ME, 3, SAID)
  world.tell(ops, ANN, 4, { kind: 'reacted', target: 1, text: FAMILY })
  world.allRead(ops)
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  world.lastTarget = ops
  const screen = Screen.open({ columns, rows }, {}, { connector: world })
  await screen.waitFor(TONE)
  return { world, ops, screen }
}

test.each([
  [50, 20],
  [80, 24],
  [140, 40],
])('%i×%i: emoji stand whole in every row, one’s own among them', async (columns, rows) => {
  const { screen } = await open(columns, rows)
  await screen.waitFor(({ rows: shown }) => shown.filter((row) => row.includes(SAID)).length === 3)
  expect(screen.text).toContain(`${FAMILY} 1`)
  expect(screen.text).toContain('behind')
})

test('140x40: the members stand in their column, whatever the terminal makes of the emoji left of it', async () => {
  const { world, ops, screen } = await open(140, 40)
  await screen.waitFor('MEMBERS 3')
  const bars = () => screen.rows.slice(1, 35).map((_, index) => screen.cell(index + 1, 115))
  await screen.waitFor(() => bars().every((cell) => cell === '│'))
  // Who comes and goes changes what is right of the emoji, and nothing else.
  world.emit({ type: 'presences', users: [{ user: ANN.id, online: false, status: 'available' }] })
  await screen.waitFor('○ ann')
  world.say(ops, ANN, 5, `${FLAG.repeat(60)}`)
  await screen.waitFor(FLAG.repeat(3))
  expect(bars()).toEqual(Array(34).fill('│'))
  expect(screen.rows.filter((row) => row.endsWith('│○ ann'))).toHaveLength(1)
})

test('each of one’s own shows how far it has got, also right below another one', async () => {
  const { world, ops, screen } = await open(80, 24)
  world.say(ops, ANN, 5, 'text')
  world.waits({ kind: 'group', id: ops }, 'waiting', 6)
  world.waits({ kind: 'group', id: ops }, 'waiting, too', 6)
  await screen.waitFor('waiting, too')
  const log = screen.rows.map((row) => row.slice(21))
  expect(log).toContainEqual(expect.stringMatching(/^09:03 you {5}✓ \S/))
  expect(log).toContainEqual(expect.stringMatching(/^ {14}✓ \S/))
  expect(log).toContain('09:06 you     ◷ waiting')
  expect(log).toContain('              ◷ waiting, too')
})

test('50x20: what follows at once has its state before the text', async () => {
  const { world, ops, screen } = await open(50, 20)
  world.say(ops, ME, 7, 'one')
  world.say(ops, ME, 7, 'two of them, and long enough for a second row of it')
  world.waits({ kind: 'group', id: ops }, 'three', 7)
  await screen.waitFor('three')
  expect(screen.rows.slice(-8, -3)).toEqual([
    '09:07 you ✓',
    ' one',
    '   ✓ two of them, and long enough for a second',
    '     row of it',
    '   ◷ three',
  ])
})
