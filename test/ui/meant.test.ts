import { expect, test } from 'vitest'
import { unknownCommand } from '../../src/ui/commands/meant.ts'
import { lookOf } from '../support/look.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const look = lookOf()
const ALICE = person('alice')

test.each([
  ['gto', 'No command /gto: did you mean /goto? //gto is a text.'],
  ['Memebrs', 'No command /Memebrs: did you mean /members? //Memebrs is a text.'],
  ['dm', 'No command /dm: did you mean /msg name text? //dm is a text.'],
  ['list', 'No command /list: did you mean /join [group [invite]]? //list is a text.'],
  ['nick', look.words.notices.elsewhere.nick],
  ['close', look.words.notices.elsewhere.close],
  ['constructor', 'No command /constructor: see /help; //constructor is a text.'],
  ['xyzzy', 'No command /xyzzy: see /help; //xyzzy is a text.'],
])('of /%s it is said what was meant', (command, said) => {
  expect(unknownCommand(command, look).message).toBe(said)
})

test('what only another face of the client knows is offered there', () => {
  expect(unknownCommand('histroy', look, ['/history']).message).toContain('did you mean /history?')
  expect(unknownCommand('histroy', look).message).not.toContain('/history?')
})

async function office(): Promise<Screen> {
  const world = new ScriptedWorld()
  world.group('lobby', ALICE)
  world.group('ops', ALICE)
  world.direct(ALICE)
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open({ columns: 100, rows: 24 }, {}, { connector: world, now: () => NINE })
  await screen.waitFor('#lobby · ')
  return screen
}

test('a number goes to a conversation, in the order of the lists', async () => {
  const screen = await office()
  screen.type('/goto 3\r')
  await screen.waitFor('#ops · ')
  screen.type('/buffer 1\r')
  await screen.waitFor('▸ alice')
  screen.type('/goto 4\r')
  await screen.waitFor('There is no conversation 4.')
  await screen.waitFor('> /goto 4')
})

test('/group with a name says what opens and what makes one', async () => {
  const screen = await office()
  screen.type('/group dev\r')
  await screen.waitFor('/create dev')
})
