import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Preferences } from '../../src/protocol/messages.ts'
import { type Configuration, defaults } from '../../src/ui/configuration/options.ts'
import { Notifier } from '../../src/ui/notify/notifier.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const SIZE = { columns: 80, rows: 24 }
const [ALICE, BOB] = [person('alice'), person('bob')]
const FOCUS_OUT = '\x1b[O'
const FOCUS_IN = '\x1b[I'
const BELL = '\x07'

type Notify = Configuration['notify']

test('who looks elsewhere is told of a direct message: what it says, and a bell', async () => {
  const { world, screen, alice } = await away()
  world.say(alice, ALICE, 31, 'tea;\nor coffee?')
  await expect.poll(() => screen.told).toEqual([`${osc9('alice: tea; or coffee?')}${BELL}`])
})

test.each([
  [{ TERM_PROGRAM: 'WezTerm' }, {}, '\x1b]777;notify;alice;tea?\x1b\\\x07'],
  [{ KITTY_WINDOW_ID: '1', TMUX: 'x' }, {}, '\x1bPtmux;\x1b\x1b]9;alice: tea?\x1b\x1b\\\x1b\\\x07'],
  [{ TERM: 'xterm' }, {}, BELL],
  [{ KITTY_WINDOW_ID: '1' }, { terminal: 'off' }, BELL],
  [{ KITTY_WINDOW_ID: '1' }, { bell: false }, osc9('alice: tea?')],
  [{ TERM: 'xterm' }, { terminal: 'osc9', bell: false }, osc9('alice: tea?')],
] as const)('by what the terminal takes: %o, and is asked for: %o', async (env, options, told) => {
  const { world, screen, alice } = await away(options, env)
  world.say(alice, ALICE, 31, 'tea?')
  await expect.poll(() => screen.told).toEqual([told])
})

test('of groups one is told where one is named, unless more or less is wanted', async () => {
  const { world, screen, ops } = await away({ cooldownSeconds: 0 })
  world.say(ops, BOB, 31, 'deploy at 10')
  world.tell(ops, BOB, 32, { kind: 'text', text: '@me look', mentions: [ME.id] })
  await expect
    .poll(() => screen.told)
    .toEqual([`${osc9('bob mentions you in #ops: @me look')}${BELL}`])
  prefers(world, ops, { notify: 'all' })
  world.say(ops, BOB, 33, 'done')
  await expect.poll(() => screen.told.at(-1)).toBe(`${osc9('bob in #ops: done')}${BELL}`)
  prefers(world, ops, { notify: 'none' })
  world.tell(ops, BOB, 34, { kind: 'text', text: '@me?', mentions: [ME.id] })
  prefers(world, ops, { notify: 'all', muted: true })
  world.say(ops, BOB, 35, 'more')
  await sentinel(world, screen)
  expect(screen.told).toHaveLength(3)
})

test('nothing is told of what is one’s own, is no message, or comes from who is blocked', async () => {
  const { world, screen, ops, alice } = await away({ cooldownSeconds: 0, groups: 'all' })
  world.say(alice, ME, 31, 'from my phone')
  const said = world.say(ops, BOB, 32, 'first')
  await expect.poll(() => screen.told).toHaveLength(1)
  world.tell(ops, BOB, 33, { kind: 'edited', target: said.seq, text: 'second' })
  world.tell(ops, BOB, 34, { kind: 'reacted', target: said.seq, text: '👍' })
  world.event(ops, BOB, 35, 'quit')
  const bob = {
    user: BOB,
    online: true,
    status: 'available',
    removed: true,
    blocked: true,
  } as const
  world.emit({ type: 'contacts', contacts: [bob], complete: false })
  world.say(ops, BOB, 36, 'from who is blocked')
  await sentinel(world, screen)
  expect(screen.told).toHaveLength(2)
})

test('who has the conversation before them is told nothing, who has another one hears a bell', async () => {
  const { world, screen, lobby, alice } = await away({ cooldownSeconds: 0, groups: 'all' })
  screen.type(FOCUS_IN)
  world.say(lobby, ALICE, 31, 'seen at once')
  await screen.waitFor('seen at once')
  world.say(alice, ALICE, 32, 'in the list')
  await expect.poll(() => screen.told).toEqual([BELL])
  screen.type(FOCUS_OUT)
  world.say(lobby, ALICE, 33, 'not seen')
  await expect.poll(() => screen.told.at(-1)).toBe(`${osc9('alice in #lobby: not seen')}${BELL}`)
})

test('what was caught up at a log-in is not told, a conversation that begins then is', async () => {
  const { world, screen, alice } = await away({ cooldownSeconds: 0 })
  world.emit({ type: 'link', link: { state: 'waiting', retryAt: NINE, attempt: 1, reason: '' } })
  const { last, n } = world.head(alice)
  const plain = { subject: undefined, target: 0, mentions: [], role: 'none', changed: 0 } as const
  const missed = { ...plain, seq: last + 1, time: NINE, from: ALICE.id, name: 'alice', n: n + 1 }
  world.changeHead(alice, { last: last + 1, n: n + 1 })
  world.online()
  const nonce = new Uint8Array()
  const entry = {
    ...missed,
    kind: 'text',
    text: 'missed',
    nonce,
    edited: false,
    reactions: [],
  } as const
  world.emit({ type: 'entry', conversation: alice, entry })
  const bob = world.direct(BOB)
  world.changeHead(bob, { last: 1, n: 1 })
  world.emit({ type: 'heads', heads: [world.head(bob)], complete: false })
  world.emit({
    type: 'entry',
    conversation: bob,
    entry: { ...entry, seq: 1, n: 1, from: BOB.id, name: 'bob', text: 'hello' },
  })
  await expect.poll(() => screen.told).toEqual([`${osc9('bob: hello')}${BELL}`])
})

test('who does not want to be disturbed is told nothing', async () => {
  const { world, screen, alice } = await away({ cooldownSeconds: 0 })
  world.emit({ type: 'settings', hideReceipts: false, status: 'busy' })
  await screen.waitFor('◐ busy')
  world.say(alice, ALICE, 31, 'tea?')
  await screen.waitFor(/alice +1/)
  world.emit({ type: 'settings', hideReceipts: false, status: 'away' })
  await sentinel(world, screen)
  expect(screen.told).toHaveLength(1)
})

test('the person’s program gets it as JSON', async () => {
  const file = join(temporaryFolder(), 'told')
  const script = `process.stdin.pipe(require('node:fs').createWriteStream(process.argv[1]))`
  const command = [process.execPath, '-e', script, file]
  const { world, alice } = await away({ command })
  const { seq, time } = world.say(alice, ALICE, 31, 'tea?')
  const told = () => JSON.parse(readFileSync(file, 'utf8'))
  await expect
    .poll(() => attempt(told))
    .toEqual({
      conversation: 'alice',
      seq,
      time,
      from: 'alice',
      kind: 'text',
      text: 'tea?',
      title: 'alice',
      words: 'tea?',
      mention: false,
      count: 1,
    })
})

test('a program that cannot be run is said in a line, once, and the chat goes on', async () => {
  const command = ['/nonexistent/notify-send']
  const { world, screen, alice } = await away({ command, cooldownSeconds: 0 })
  world.say(alice, ALICE, 31, 'tea?')
  await screen.waitFor('notify.command: /nonexistent/notify-send failed')
  world.say(alice, ALICE, 32, 'or coffee?')
  await expect.poll(() => screen.told).toHaveLength(2)
})

test('the window’s title counts what calls, and says where one is named', async () => {
  const { world, screen, ops, alice } = await away()
  world.say(alice, ALICE, 31, 'tea?')
  world.tell(ops, BOB, 32, { kind: 'text', text: '@me look', mentions: [ME.id] })
  await expect.poll(() => screen.title).toBe('(2 @1) #lobby – tchat')
  prefers(world, alice, { muted: true })
  await expect.poll(() => screen.title).toBe('(1 @1) #lobby – tchat')
  const plain = await away({ title: false })
  plain.world.say(plain.alice, ALICE, 31, 'tea?')
  await plain.screen.waitFor(/alice +1/)
  expect(plain.screen.title).toBe('#lobby – tchat')
})

function osc9(text: string): string {
  return `\x1b]9;${text}\x1b\\`
}

test.each([
  ['a letter', 'a'],
  ['a function key', '\x1b[19~'],
  ['a paste', '\x1b[200~text\x1b[201~'],
  ['the mouse', '\x1b[<0;10;10M'],
])('%s shows that the person is there', async (_, typed) => {
  const { screen } = await away()
  const pressed = vi.spyOn(Notifier.prototype, 'pressed')
  onTestFinished(() => pressed.mockRestore())
  screen.type(typed)
  await expect.poll(() => pressed.mock.calls.length).toBe(1)
})

/** Somebody in #lobby whose terminal does not have the focus. */
async function away(
  options: Partial<Notify> = {},
  env: Readonly<Record<string, string>> = { TERM: 'xterm-kitty' },
) {
  const world = new ScriptedWorld()
  const lobby = world.group('lobby', ALICE, BOB)
  const ops = world.group('ops', BOB)
  const alice = world.direct(ALICE)
  world.say(lobby, ALICE, 12, 'morning all')
  world.allRead(lobby)
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const configuration = { ...defaults, notify: { ...defaults.notify, ...options } }
  const parts = { connector: world, now: () => NINE }
  const screen = Screen.open(SIZE, { env, configuration }, parts)
  await screen.waitFor('morning all')
  screen.type(FOCUS_OUT)
  await new Promise(setImmediate)
  return { world, screen, lobby, ops, alice }
}

function prefers(world: ScriptedWorld, conversation: string, values: Partial<Preferences>): void {
  const none = { pinned: false, muted: false, notify: 'default', unread: 0, unreadN: 0 } as const
  world.emit({ type: 'preferences', conversation, preferences: { ...none, ...values } })
}

/** Something that is told comes last: nothing else comes after it. */
async function sentinel(world: ScriptedWorld, screen: Screen): Promise<void> {
  world.say('~d-alice', ALICE, 59, 'sentinel')
  await expect.poll(() => screen.told.at(-1)).toContain('sentinel')
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
