import { expect, test } from 'vitest'
import {
  type ActionName,
  allCommands,
  isActionName,
  namedActions,
} from '../../src/ui/commands/action-names.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 100, rows: 30 }
const ALICE = person('alice')
const ENTER = '\r'
const UP = '\x1b[A'
const CTRL_U = '\x15'
const UNDO = '\x1f'
const ESC = '\x1b'

/** Commands that ask the server at once, with what they need to do so. */
const ASKS: Partial<Record<ActionName, string>> = {
  goTo: 'nobody-here',
  message: 'nobody-here hello',
  createGroup: 'crew alice',
  joinGroup: 'crew',
  topic: 'ships at ten',
  renameGroup: 'crew',
  addMembers: 'bob',
  invite: '3 7',
  removeMember: 'alice',
  ban: 'alice',
  unban: 'alice',
  setRole: 'alice admin',
  makePublic: '',
  makePrivate: '',
  block: 'alice',
  unblock: 'eve',
  shareReceipts: 'off',
  editMessage: 'hello!',
  react: '🎉',
  unreact: '👍',
  whois: 'nobody-here',
  addContact: 'bob',
  removeContact: 'alice',
  mute: '',
  pin: '',
  markUnread: '',
  notifyLevel: 'none',
  away: '',
  busy: '',
}

/** Commands whose window says that there is no connection, or what was last known. */
const WINDOWS: Partial<Record<ActionName, RegExp>> = {
  search: /Not connected/,
  searchAll: /Not connected/,
  invites: /Not connected/,
  bans: /Not connected/,
  sessions: /Not connected/,
  account: /Not connected/,
  members: /Not connected/,
  joinGroup: /Not connected/,
  messageInfo: /hello/,
  group: /Group #ops/,
}

/** What needs no server, keeps for later what does, or asks when its window is answered. */
const NEEDS_NONE: readonly ActionName[] = [
  'leaveGroup',
  'membersPane',
  'share',
  'deleteGroup',
  'password',
  'deleteAccount',
  'reply',
  'deleteMessage',
  'copyMessage',
  'openLink',
  'previousMention',
  'nextMention',
  'zoom',
  'mouse',
  'me',
  'nextUnread',
  'catchUp',
  'lastConversation',
  'nextConversation',
  'previousConversation',
  'nthConversation',
  'focusNext',
  'focusPrevious',
  'pageUp',
  'pageDown',
  'oldest',
  'newest',
  'firstUnread',
  'retry',
  'discard',
  'reconnect',
  'logOut',
  'help',
  'menu',
  'theme',
  'redraw',
  'suspend',
  'externalEditor',
  'quit',
]

const asks = Object.entries(ASKS).filter((one): one is [ActionName, string] => isActionName(one[0]))
const windows = Object.entries(WINDOWS).filter((one): one is [ActionName, RegExp] =>
  isActionName(one[0]),
)

/** #ops is open, and the connection is lost. */
async function offline() {
  const world = new ScriptedWorld()
  const ops = world.group('ops', ALICE)
  world.changeHead(ops, { role: 'owner' })
  world.say(ops, ALICE, 11, 'morning all')
  world.say(ops, ME, 12, 'hello')
  world.tell(ops, ME, 13, { kind: 'reacted', target: 1, text: '👍' })
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const eve = { user: person('eve'), blocked: true, removed: false, online: false } as const
  const start = { address: 'office:8000' }
  const screen = Screen.open(SIZE, { env: {}, start }, { connector: world, now: () => NINE })
  await screen.waitFor('morning all')
  const contacts = [{ ...eve, status: 'available' as const }]
  world.emit({ type: 'contacts', contacts, complete: true })
  world.emit({ type: 'link', link: { state: 'offline' } })
  await screen.waitFor('○ offline')
  world.asked.length = 0
  return { world, screen }
}

test('of every command it is decided what it does without a connection', () => {
  const decided = new Set<string>([...Object.keys(ASKS), ...Object.keys(WINDOWS), ...NEEDS_NONE])
  const all = namedActions().map(([, name]) => name)
  expect(all.filter((name) => !decided.has(name))).toEqual([])
})

test.each(asks)(
  '%s without a connection says so, and leaves the composer free',
  async (name, words) => {
    const { world, screen } = await offline()
    const [command = ''] = allCommands(name)
    const line = `${command} ${words}`.trim()
    screen.type(`${line}${ENTER}`)
    await screen.waitFor(`Not connected: ${command} needs the server`)
    expect(world.asked).toEqual([])
    screen.type('next')
    await screen.waitFor(/^> next$/m)
    screen.type(CTRL_U)
    await screen.waitFor('> type a message')
    screen.type(UP)
    await screen.waitFor(({ rows }) => rows.includes(`> ${line}`))
  },
)

test('undo brings a command back that found no server, too', async () => {
  const { screen } = await offline()
  screen.type(`/react 🎉${ENTER}`)
  await screen.waitFor('Not connected: /react')
  screen.type(UNDO)
  await screen.waitFor(/^> \/react 🎉$/m)
})

test('a command typed behind one that was refused takes its place; undo brings that back', async () => {
  const { screen } = await offline()
  screen.type(`/role alice king${ENTER}`)
  await screen.waitFor(/^> \/role alice king$/m)
  screen.type('/help')
  await screen.waitFor(/^> \/help$/m)
  screen.type(UNDO)
  screen.type(UNDO)
  await screen.waitFor(/^> \/role alice king$/m)
  screen.type('\x7f\x7f\x7f\x7fadmin/')
  await screen.waitFor(/^> \/role alice admin\/$/m)
})

test('what is wrong with a command is said first, and can be mended', async () => {
  const { screen } = await offline()
  screen.type(`/role alice king${ENTER}`)
  await screen.waitFor(/^> \/role alice king$/m)
})

test.each(windows)('the window of %s says what it can without a connection', async (name, says) => {
  const { screen } = await offline()
  const [command = ''] = allCommands(name)
  screen.type(`${command}${name.startsWith('search') ? ' hello' : ''}${ENTER}`)
  await screen.waitFor(says)
  expect(screen.text).not.toContain('loading')
  screen.type(ESC)
  await screen.waitFor('> type a message')
})
