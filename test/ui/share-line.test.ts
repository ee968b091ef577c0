import { expect, test } from 'vitest'
import { ChangedKeyError, OtherKeyError } from '../../src/net/dial.ts'
import type { Fingerprint } from '../../src/net/fingerprint.ts'
import { DisconnectedError } from '../../src/net/requests.ts'
import { shareLine } from '../../src/net/share-line.ts'
import { ChatError } from '../../src/protocol/errors.ts'
import { Screen } from '../support/screen.ts'
import { ME, NINE, person, ScriptedWorld } from '../support/scripted-world.ts'

const SIZE = { columns: 80, rows: 24 }
const OFFICE = { host: 'office', port: 8000 }
const KEY: Fingerprint = `sha256:${'0123456789abcdef'.repeat(4)}`
const OTHER: Fingerprint = `sha256:${'fedcba9876543210'.repeat(4)}`
const CODE = 'k7xwk7xwk7xwk7xw'
const LINE = { group: 'ops', fingerprint: KEY, invite: CODE }
const TAB = '\t'
const ENTER = '\r'
const DOWN = '\x1b[B'

/** #lobby, and #ops, which one is in as soon as one joins it. */
function village() {
  const world = new ScriptedWorld()
  world.group('lobby')
  world.answers['joinGroup'] = () => {
    const id = world.group('ops', person('bob'))
    world.emit({ type: 'heads', heads: [world.head(id)], complete: false })
    return { group: { id, name: 'ops' }, seq: 1 }
  }
  return world
}

test('a line leads through the form into its group; its invite lets one register and join', async () => {
  const world = village()
  const start = { address: 'office:8000', line: LINE }
  const screen = Screen.open(SIZE, { start }, { connector: world })
  await screen.waitFor('Log in to office:8000')
  expect(world.checked).toEqual([{ address: 'office:8000', named: KEY }])
  screen.type(`correct horse${TAB}${TAB}${ENTER}`)
  await screen.waitFor('#ops · 2 members')
  expect(world.logIns).toMatchObject([{ create: true, invite: CODE }])
  const asked = world.askedOf('joinGroup')
  expect(asked).toEqual([{ type: 'joinGroup', group: 'ops', invite: CODE }])
  screen.type('/share\r')
  await screen.waitFor('tchat://office:8000/ops/')
  await reconnect(screen, world)
  await screen.waitFor('online')
  expect(world.askedOf('joinGroup')).toHaveLength(1)
})

test('with a kept session it is one paste into the address prompt', async () => {
  const world = village()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(SIZE, { start: 'menu' }, { connector: world })
  await screen.waitFor('Host here')
  screen.type(`${DOWN}${ENTER}`)
  await screen.waitFor('Connect to a server')
  screen.type(`${shareLine(OFFICE, 'ops', KEY, CODE)}${ENTER}`)
  await screen.waitFor('#ops · 2 members')
  expect(world.checked).toEqual([{ address: 'office:8000', named: KEY }])
})

test('the address prompt takes the whole command, as it was copied over two rows', async () => {
  const world = village()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(SIZE, { start: 'menu' }, { connector: world })
  await screen.waitFor('Host here')
  screen.type(`${DOWN}${ENTER}`)
  await screen.waitFor('Connect to a server')
  expect(screen.text).toContain('tchat://')
  const line = shareLine(OFFICE, 'ops', KEY, CODE)
  const copied = `npx tchat connect\n ${line.slice(0, 40)}\n ${line.slice(40)}`
  screen.type(`\x1b[200~${copied}\x1b[201~`)
  // The end is in view, where the cursor is.
  await screen.waitFor(line.slice(-20))
  screen.type(ENTER)
  await screen.waitFor('#ops · 2 members')
  expect(world.checked).toEqual([{ address: 'office:8000', named: KEY }])
})

test('/join takes the whole command, as it was copied over two rows', async () => {
  const world = village()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(SIZE, {}, { connector: world })
  await screen.waitFor('#lobby')
  const line = shareLine(OFFICE, 'ops', undefined, CODE)
  screen.type('/join ')
  await screen.waitFor('> /join')
  screen.type(`\x1b[200~npx tchat connect\n ${line.slice(0, 20)}\n ${line.slice(20)}\x1b[201~`)
  await screen.waitFor('npx tchat connect')
  screen.type(ENTER)
  await screen.waitFor('#ops · 2 members')
  expect(world.askedOf('joinGroup')).toMatchObject([{ group: 'ops', invite: CODE }])
})

test('a line that is wrong is said under the prompt, and asks nobody', async () => {
  const world = village()
  const screen = Screen.open(SIZE, { start: 'menu' }, { connector: world })
  await screen.waitFor('Host here')
  screen.type(`${DOWN}${ENTER}`)
  await screen.waitFor('Connect to a server')
  screen.type(`tchat://office:8000/ops/short${ENTER}`)
  await screen.waitFor('its fingerprint is not')
  expect(screen.text).toContain('Address  tchat://office:8000/ops/short')
  expect(world.checked).toEqual([])
})

test('a server with another key than the line names is refused, without a way to trust it', async () => {
  const world = village()
  world.checks.push(new OtherKeyError(OFFICE, OTHER, KEY))
  const start = { address: 'office:8000', line: LINE }
  const screen = Screen.open(SIZE, { start }, { connector: world })
  await screen.waitFor('is not the server that this line is for')
  expect(screen.text).not.toContain('Trust')
  expect(world.trusted).toEqual([])
})

test('a line that comes with another key than the known one is a changed key', async () => {
  const world = village()
  world.checks.push(new ChangedKeyError(OFFICE, KEY, OTHER))
  const start = { address: 'office:8000', line: LINE }
  const screen = Screen.open(SIZE, { start }, { connector: world })
  await screen.waitFor('The key of office:8000 has CHANGED')
  expect(world.trusted).toEqual([])
})

test('a group that the line does not open is said once; one stays where one is', async () => {
  const world = village()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  world.answers['joinGroup'] = () => {
    throw new ChatError('badInvite')
  }
  const start = { address: 'office:8000', line: LINE }
  const screen = Screen.open(SIZE, { start }, { connector: world })
  await screen.waitFor('invite')
  await screen.waitFor('#lobby')
  await reconnect(screen, world)
  screen.type('still here')
  await screen.waitFor('> still here')
  expect(world.askedOf('joinGroup')).toHaveLength(1)
})

test('where the connection was lost on the way, the next one leads there', async () => {
  const world = village()
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const join = world.answers['joinGroup']
  world.answers['joinGroup'] = () => {
    throw new DisconnectedError('lost')
  }
  const start = { address: 'office:8000', line: LINE }
  const screen = Screen.open(SIZE, { start }, { connector: world })
  await screen.waitFor('#lobby')
  await expect.poll(() => world.askedOf('joinGroup').length).toBe(1)
  world.answers['joinGroup'] = join ?? (() => undefined)
  await reconnect(screen, world)
  await screen.waitFor('#ops · 2 members')
})

test('beside a person, /share leads to the lobby', async () => {
  const world = village()
  world.direct(person('bob'))
  world.keptSession = { user: ME, token: Buffer.alloc(32) }
  const screen = Screen.open(
    SIZE,
    { start: { address: 'office:8000', line: { ...LINE, group: '' } } },
    { connector: world },
  )
  await screen.waitFor('#lobby')
  screen.type('/msg bob\r')
  await screen.waitFor('│bob · offline')
  screen.type('/share\r')
  await screen.waitFor('tchat://office:8000/lobby/')
})

/** The connection is lost and comes back. */
async function reconnect(screen: Screen, world: ScriptedWorld): Promise<void> {
  const link = { state: 'waiting', retryAt: NINE, attempt: 1, reason: 'lost' } as const
  world.emit({ type: 'link', link })
  await screen.waitFor('next try in')
  world.online()
  await screen.waitFor('● online')
}
