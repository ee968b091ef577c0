import { expect, test } from 'vitest'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const [ALICE, BOB] = [person('alice'), person('bob')]

function group(): Readonly<{ world: ScriptedWorld; ops: string }> {
  const world = new ScriptedWorld()
  const ops = world.group('ops', ALICE, BOB)
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  return { world, ops }
}

async function open(world: ScriptedWorld, columns = 80): Promise<Screen> {
  const parts = { connector: world, now: () => NINE }
  const screen = Screen.open({ columns, rows: 24 }, {}, parts)
  await screen.waitFor(({ text }) => /\d\d:\d\d /.test(text) && !text.includes('loading…'))
  return screen
}

test('a text that somebody else deleted says who did', async () => {
  const { world, ops } = group()
  for (const from of [ALICE, ALICE, ME]) world.say(ops, from, 12, 'oops')
  world.tell(ops, BOB, 14, { kind: 'deleted', target: 1 })
  world.tell(ops, ALICE, 14, { kind: 'deleted', target: 2 })
  world.allRead(ops)
  const screen = await open(world)
  expect(screen.text).toContain('alice     deleted by bob\n')
  expect(screen.text).toContain('                deleted\n')
  world.tell(ops, ALICE, 15, { kind: 'deleted', target: 3 })
  await screen.waitFor('you       deleted by alice')
})

test('/delete with nothing chosen takes one’s own last message, never what somebody else said', async () => {
  const { world, ops } = group()
  world.say(ops, ME, 12, 'mine')
  world.say(ops, ALICE, 13, 'hers')
  world.allRead(ops)
  world.changeHead(ops, { role: 'admin' })
  const screen = await open(world)
  screen.type('/delete\r')
  await screen.waitFor('Delete this message for everybody?')
  expect(screen.text).toContain('you: mine')
  screen.type('\x1b')
  await screen.waitFor('09:13 alice')
  // Selected and left by Tab, what somebody else said has gone out of view since.
  screen.type('\x1b')
  await screen.waitFor('reading back')
  screen.type('\t')
  await screen.waitFor('type a message')
  for (let minute = 20; minute < 50; minute++) world.say(ops, BOB, minute, 'and on')
  await screen.waitFor('09:49')
  screen.type('/delete\r')
  await screen.waitFor('Delete this message for everybody?')
  expect(screen.text).toContain('you: mine')
})

test('what was said before one came is not there: the log does not begin the group', async () => {
  const { world, ops } = group()
  world.say(ops, ALICE, 12, 'earlier')
  const joined = world.event(ops, ME, 13, 'joined')
  world.changeHead(ops, { from: joined.seq })
  world.say(ops, ALICE, 14, 'welcome')
  world.allRead(ops)
  const page = world.answers['getPage']
  world.answers['getPage'] = (asked) => {
    const answer = page?.(asked) as { entries: readonly { seq: number }[] }
    const entries = answer.entries.filter(({ seq }) => seq >= joined.seq)
    return { ...answer, entries, first: joined.seq }
  }
  const screen = await open(world)
  await screen.waitFor('you joined #ops here')
  expect(screen.text).not.toContain('beginning of #ops')
})
