import { expect, test } from 'vitest'
import type { Address } from '../../src/net/address.ts'
import { ChangedKeyError, UntrustedKeyError } from '../../src/net/dial.ts'
import { DialError } from '../../src/net/dial-error.ts'
import { ChatError } from '../../src/protocol/errors.ts'
import { HostError, type HostOptions } from '../../src/ui/options.ts'
import { FakeHosted } from '../support/fake-hosted.ts'
import { Screen } from '../support/screen.ts'
import { ME, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const OFFICE: Address = { host: 'office', port: 8000 }
const KEY = `sha256:${'0123456789abcdef'.repeat(4)}` as const
const OTHER = `sha256:${'fedcba9876543210'.repeat(4)}` as const
const TAB = '\t'
const ENTER = '\r'
const DOWN = '\x1b[B'
const ESC = '\x1b'

function lobby(): ScriptedWorld {
  const world = new ScriptedWorld()
  world.group('lobby')
  return world
}

test('the form has the name of this computer’s user and waits for the password', async () => {
  const screen = Screen.open(SIZE, {}, { connector: lobby() })
  await screen.waitFor('Log in to')
  expect(screen.rows).toEqual([
    '',
    '  Log in to office:8000',
    '',
    '  Name      me',
    '  Password',
    '',
    '  [ Log in ]  [ Create account ]',
    ...Array(16).fill(''),
    '  Tab next · Enter go · Esc back',
  ])
  expect(screen.look(1, 'Log in')).toMatchObject({ bold: true })
  expect(screen.isAlternate).toBe(true)
})

test('a password typed in one chunk with Enter logs in, and is never shown', async () => {
  const world = lobby()
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type('correct horse')
  await screen.waitFor('•••••••••••••')
  expect(screen.text).not.toContain('horse')
  screen.type(`!${ENTER}`)
  await screen.waitFor('#lobby')
  expect(world.logIns).toEqual([{ name: 'me', password: 'correct horse!', create: false }])
  expect(world.keptSessions).toHaveLength(1)
})

test('Create account is two Tabs away; what is taken is said, and the name stays', async () => {
  const world = lobby()
  world.refusals.push(new ChatError('nameTaken'))
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type(`correct horse${TAB}${TAB}`)
  await screen.waitFor('▸ Create account')
  expect(screen.look(6, '▸')).toMatchObject({ inverse: true })
  screen.type(ENTER)
  await screen.waitFor('The name belongs to someone else')
  expect(screen.rows[3]).toBe('  Name      me')
  // The password is not what was wrong.
  expect(screen.rows[4]).toBe('  Password  •••••••••••••')
  expect(world.logIns).toEqual([{ name: 'me', password: 'correct horse', create: true }])
})

test.each([
  ['password', ''],
  ['name', '\x1b[A'],
])('what was wrong is not said any more once the %s is typed anew', async (_, goThere) => {
  const world = lobby()
  world.refusals.push(new ChatError('wrongLogin'))
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type(`correct horse${ENTER}`)
  await screen.waitFor('Name or password is wrong.')
  screen.type(`${goThere}x`)
  await screen.waitFor(goThere === '' ? '•' : 'mex')
  expect(screen.text).not.toContain('is wrong')
})

test('where no server answers, Enter tries the same again: an account stays an account', async () => {
  const world = lobby()
  world.refusals.push(new DialError('refused', OFFICE))
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type(`correct horse${TAB}${TAB}`)
  await screen.waitFor('▸ Create account')
  screen.type(ENTER)
  await screen.waitFor('Nothing listens')
  await screen.waitFor('▸ Create account')
  screen.type(ENTER)
  await screen.waitFor('#lobby')
  expect(world.logIns.map(({ create }) => create)).toEqual([true, true])
})

test('what is wrong with a name is mended where it stands', async () => {
  const world = lobby()
  world.refusals.push(new ChatError('nameTaken'))
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('Log in to')
  screen.type(`correct horse${TAB}${TAB}`)
  await screen.waitFor('▸ Create account')
  screen.type(ENTER)
  await screen.waitFor('The name belongs to someone else')
  screen.type('2')
  await screen.waitFor(({ rows }) => rows[3] === '  Name      me2')
})

test('the name is edited with the keys of the composer, and the cursor is in it', async () => {
  const world = lobby()
  const screen = Screen.open(SIZE, { env: {} }, { connector: world })
  await screen.waitFor('Log in to')
  screen.type('张三x\x7f')
  await screen.waitFor(({ rows, cursor }) => rows[3] === '  Name      张三' && cursor?.x === 16)
  expect(screen.cursor).toEqual({ x: 16, y: 3 })
  screen.type(ENTER)
  screen.type(`correct horse${ENTER}`)
  await screen.waitFor('#lobby')
  expect(world.logIns).toMatchObject([{ name: '张三', password: 'correct horse' }])
})

test('a form without a name or with an impossible one says so and asks nobody', async () => {
  const world = lobby()
  const screen = Screen.open(SIZE, { env: {} }, { connector: world })
  await screen.waitFor('Log in to')
  screen.type(`${TAB}correct horse${ENTER}`)
  await screen.waitFor('A name is needed')
  screen.type('\x1b[A')
  screen.type(`~me${ENTER}`)
  screen.type(ENTER)
  await screen.waitFor('and begins with a letter')
  expect(world.logIns).toEqual([])
})

test('an unknown key is shown in words and in full, and trusted by one Enter', async () => {
  const world = lobby()
  world.checks.push(new UntrustedKeyError(OFFICE, KEY))
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('is new to this computer')
  expect(screen.rows.slice(1, 13)).toEqual([
    '  office:8000 is new to this computer',
    '',
    '  Ask whoever runs it whether its key is this one; tchat --serve prints it.',
    '',
    '  In words',
    '  abuse boss fly battle rubber wasp afraid hamster',
    '  In full',
    `  ${KEY}`,
    '',
    '  ▸ Trust    remember the key',
    '    Once     connect, remember nothing',
    '    Cancel',
  ])
  screen.type(ENTER)
  await screen.waitFor('Log in to')
  expect(world.trusted).toEqual([{ fingerprint: KEY, forGood: true }])
})

test('a key can be trusted for this run only, or not at all', async () => {
  const world = lobby()
  world.checks.push(new UntrustedKeyError(OFFICE, KEY), new UntrustedKeyError(OFFICE, KEY))
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('is new to this computer')
  screen.type(`${DOWN}${ENTER}`)
  await screen.waitFor(() => world.trusted.length === 1)
  expect(world.trusted).toEqual([{ fingerprint: KEY, forGood: false }])
  await screen.waitFor('is new to this computer')
  screen.type(`${DOWN}${DOWN}${ENTER}`)
  await screen.waitFor('Host here')
  expect(world.trusted).toHaveLength(1)
})

test('a changed key shows both, and there is no way on', async () => {
  const world = lobby()
  world.checks.push(new ChangedKeyError(OFFICE, OTHER, KEY))
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('has CHANGED')
  await screen.waitFor(/npx\s+tchat\s+connect\s+office:8000\s+--trust/)
  expect(screen.text).toContain(KEY)
  expect(screen.text).toContain(OTHER)
  expect(screen.text).toMatch(/It was\n.*abuse boss/)
  screen.type(ENTER)
  await screen.waitFor('Host here')
  expect(world.trusted).toEqual([])
})

test('no connection is a screen: why, try again, or another address', async () => {
  const world = lobby()
  world.checks.push(new DialError('refused', OFFICE), new DialError('timedOut', OFFICE))
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('No connection to office:8000')
  expect(screen.rows.slice(3, 8)).toEqual([
    '  nothing listens at office:8000: is the server running, and the port right?',
    '',
    '  ▸ Retry now',
    '    Edit address',
    '    Back',
  ])
  screen.type(ENTER)
  await screen.waitFor('did not answer in time')
  screen.type(`${DOWN}${ENTER}`)
  await screen.waitFor('Address  office:8000')
  screen.type(`${'\x7f'.repeat(4)}9000${ENTER}`)
  await screen.waitFor('Log in to office:9000')
})

test('what is no address is said under the prompt', async () => {
  const world = lobby()
  const screen = Screen.open(SIZE, { start: 'menu' }, { connector: world })
  await screen.waitFor('Host here')
  screen.type(`${DOWN}${ENTER}`)
  await screen.waitFor('Connect to a server')
  world.checks.push(new TypeError("'a b' is not an address: no"))
  screen.type(`a b${ENTER}`)
  await screen.waitFor("'a b' is not an address: no")
  expect(screen.text).toContain('Address  a b')
})

test('the start screen: host, connect, recent; Esc comes back to it, q leaves', async () => {
  const screen = Screen.open(SIZE, { start: 'menu' }, { connector: lobby() })
  await screen.waitFor('Recent servers')
  expect(screen.rows.slice(1, 11)).toEqual([
    '  tchat 1.2.3',
    '',
    '  Chat that lives in the terminal',
    '',
    '  ▸ Host here     start a server on this computer and chat',
    '    Connect to…   a server that someone else runs',
    '',
    '  Recent servers',
    '    me@old.example:8000',
    '',
  ])
  screen.type(`${DOWN}${DOWN}${ENTER}`)
  await screen.waitFor('Log in to old.example:8000')
  screen.type(ESC)
  await screen.waitFor('Host here')
  screen.type('q')
  expect(await screen.exitCode).toBe(0)
})

test('who is quicker than the list of recent servers is not sent back', async () => {
  const world = lobby()
  const listed = Promise.withResolvers<void>()
  const recent = world.recent.bind(world)
  world.recent = () => listed.promise.then(recent)
  const screen = Screen.open(SIZE, { start: 'menu' }, { connector: world })
  await screen.waitFor('Host here')
  screen.type(`${DOWN}${ENTER}`)
  await screen.waitFor('Connect to a server')
  listed.resolve()
  screen.type('office')
  await screen.waitFor('Address  office')
})

test('one Enter hosts; a taken port offers another; quitting says who is connected', async () => {
  const world = lobby()
  const calls: string[] = []
  const hosted = new FakeHosted({ calls, users: 3, share: ['npx tchat connect 192.168.1.5:9123'] })
  const host = ({ port }: HostOptions) => {
    calls.push(`host ${port}`)
    if (port === 0) return Promise.resolve(hosted)
    return Promise.reject(new HostError('portTaken', 'port 8000 is taken'))
  }
  const screen = Screen.open(SIZE, { start: 'menu', host }, { connector: world })
  await screen.waitFor('Host here')
  screen.type(ENTER)
  await screen.waitFor('port 8000 is taken')
  expect(screen.text).toContain('▸ Use any free port')
  screen.type(ENTER)
  await screen.waitFor('Log in to 127.0.0.1:9123')
  screen.type(`correct horse${ENTER}`)
  await screen.waitFor('#lobby')
  screen.type('/share\r')
  await screen.waitFor(
    / Others connect with\n\nnpx tchat connect tchat:\/\/192\.168\.1\.5:9123\/lobby\//,
  )
  screen.type(ESC)
  await screen.waitFor('#lobby ·')
  screen.type('/quit\r')
  await screen.waitFor('2 others are connected.')
  expect(screen.text).toContain('▸ Keep serving — the server goes on without this window')
  screen.type(ENTER)
  expect(await screen.exitCode).toBe(0)
  expect(calls).toEqual(['host undefined', 'host 0', 'keep'])
})

test('who hosts where a server runs already is offered that one', async () => {
  const locked = new HostError('locked', 'served by another tchat', '127.0.0.1:9123')
  const host = () => Promise.reject(locked)
  const screen = Screen.open(SIZE, { start: 'menu', host }, { connector: lobby() })
  await screen.waitFor('Host here')
  screen.type(ENTER)
  await screen.waitFor('▸ Connect to the server that is running here')
  screen.type(ENTER)
  await screen.waitFor('Log in to 127.0.0.1:9123')
})

test('a kept session needs no form; one that has ended brings it back with the reason', async () => {
  const world = lobby()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('#lobby')
  world.emit({ type: 'loggedOut', reason: 'the session was ended elsewhere' })
  await screen.waitFor('the session was ended elsewhere')
  expect(screen.rows[3]).toBe('  Name      me')
  expect(world.keptSession).toBeUndefined()
})

test('the form fits a window of 50x20 and one of 30x8', async () => {
  const screen = Screen.open({ columns: 50, rows: 20 }, {}, { connector: lobby() })
  await screen.waitFor('Log in to')
  expect(screen.rows.at(-1)).toBe('  Tab next · Enter go · Esc back')
  screen.resize({ columns: 30, rows: 8 })
  await screen.waitFor(({ rows }) => rows[0] === '  Log in to office:8000')
  expect(screen.rows).toEqual([
    '  Log in to office:8000',
    '  Name      me',
    '  Password',
    '',
    '  [ Log in ]',
    '  [ Create account ]',
    '',
    '  Tab next · Esc back',
  ])
})
