import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fingerprint } from '../../src/net/fingerprint.ts'
import { parseShareLine, shareLine } from '../../src/net/share-line.ts'
import { Home } from '../support/home.ts'
import { Program, run } from '../support/program.ts'
import { KEYS, PROGRAM, Pty } from '../support/pty.ts'

const PASSWORD = 'correct horse battery'
/** Nobody's key. */
const OTHER: Fingerprint = `sha256:${'0'.repeat(64)}`
/** Wide enough for a whole line, so that it can be read from the screen as it would be copied. */
const WIDE = { cols: 160, rows: 24 }

let homes: Home[]
let servers: Program[]
let clients: Pty[]

beforeEach(() => {
  homes = []
  servers = []
  clients = []
})

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()))
  await Promise.all(servers.map((server) => server.close()))
  for (const home of homes) home[Symbol.dispose]()
})

test('the line that a server prints is all it takes: key checked, account made, in #lobby', async () => {
  const { port, fingerprint } = await serve('--host', '127.0.0.1')
  const { screen, home } = connect(lineTo(port, 'lobby', fingerprint), 'ann')
  await register(screen)
  await screen.waitFor('#lobby')
  await screen.close()
  const again = connect(lineTo(port, 'lobby', fingerprint), 'ann', home)
  await again.screen.waitFor('#lobby')
})

test('each address of the machine is printed as a whole line, which a client takes as it is', async ({
  skip,
}) => {
  const { server, port, fingerprint } = await serve()
  const printed = [...server.stdout.matchAll(/^npx tchat connect (tchat:\S+)$/gm)]
  // Told by the system, not by what is tested.
  const isReachable = Object.values(networkInterfaces()).flat().some(isForOthers)
  if (!isReachable) skip('this machine has no address but loopback: no line is printed')
  expect(printed).not.toEqual([])
  for (const [, line = ''] of printed) {
    const { address, ...rest } = parseShareLine(line)
    expect(rest).toEqual({ group: 'lobby', fingerprint, invite: '' })
    expect(address.port).toBe(port)
  }
  const [pasted = ''] = printed[0] ?? []
  expect(pasted).toMatch(/^npx tchat connect /)
  const { screen } = connect(pasted, 'ann')
  await register(screen)
  await screen.waitFor('#lobby')
})

test('a line that a member makes lets somebody register and into a group by invitation', async () => {
  const { server, home, port, fingerprint } = await serve('--registration', 'invite')
  expect(server.stdout).toContain('npx tchat admin invite')
  const code = await operatorsInvite(home)
  const ann = connect(lineTo(port, '', fingerprint, code), 'ann', undefined, WIDE).screen
  await register(ann)
  await ann.waitFor('#lobby')
  ann.type('/create ops\r')
  await ann.waitFor('#ops · 1')
  ann.type('/private\r')
  await ann.waitFor('by invitation')
  ann.type('/invite 1\r')
  await ann.waitFor(/tchat:\/\/\S+\/ops\/\S+\/\S+/)
  const [line = ''] = /tchat:\/\/\S+/.exec(ann.text) ?? []
  ann.type(KEYS.escape)
  const bob = connect(line, 'bob').screen
  await register(bob)
  await bob.waitFor(/#ops · 2/)
  await ann.waitFor(/bob\s+joined/)
  const late = connect(line, 'cleo').screen
  await register(late)
  await late.waitFor('The invite is unknown, used up or expired')
})

test('who hosts where an account takes an invite makes the first one without asking anybody', async () => {
  const home = newHome()
  const env = { ...home.env, TCHAT_PORT: '0', TCHAT_REGISTRATION: 'invite' }
  const host = new Pty(process.execPath, [PROGRAM], { env })
  clients.push(host)
  await host.waitFor('Host here')
  host.type(KEYS.enter)
  await register(host)
  await host.waitFor('#lobby')
  const [, address = ''] = /@(127\.0\.0\.1:\d+)/.exec(host.text) ?? []
  const stranger = connect(address, 'bob').screen
  await register(stranger)
  await stranger.waitFor(/invite/i)
})

describe('a line with another key', () => {
  test('than the server has is refused, and nothing is pinned', async () => {
    const { port, fingerprint } = await serve('--host', '127.0.0.1')
    const { screen, home } = connect(lineTo(port, 'lobby', OTHER), 'ann')
    await screen.waitFor('is not the server that this line is for')
    await screen.close()
    // What would be pinned by now would stand in the way of the right one.
    const right = connect(lineTo(port, 'lobby', fingerprint), 'ann', home).screen
    await right.waitFor('Create account')
  })

  test('than the known one never takes its place', async () => {
    const first = await serve('--host', '127.0.0.1')
    const { screen, home } = connect(`127.0.0.1:${first.port}`, 'ann')
    await screen.waitFor('Create account')
    await screen.close()
    await first.server.close()
    const second = await serve('--host', '127.0.0.1', '--port', `${first.port}`)
    expect(second.fingerprint).not.toBe(first.fingerprint)
    const line = lineTo(second.port, 'lobby', second.fingerprint)
    const changed = connect(line, 'ann', home).screen
    await changed.waitFor('has CHANGED')
    await changed.close()
    const again = connect(`127.0.0.1:${first.port}`, 'ann', home).screen
    await again.waitFor('has CHANGED')
  })
})

describe('wrong use of a line is one line with exit code 2', () => {
  test.each([
    [['tchat://host:8000/ops/cut'], 'its fingerprint is not 43 characters'],
    [['npx tchat connect tchat://host:8000/ops/cut'], 'it is cut short'],
    [['npx', 'tchat', 'connect', 'tchat://host:8000', '/ops/cut'], 'it is cut short'],
    [['tchat://host:x/ops'], "the port 'x' is not a number"],
    [['tchat://host/two%20words'], 'its group is no name'],
    [[lineTo(8000, 'ops', OTHER), '--plaintext'], 'the line names a key'],
    [
      [lineTo(8000, 'ops', OTHER), '--trust', `sha256:${'1'.repeat(64)}`],
      '--trust names another key than the line',
    ],
  ])('%j', async (args, words) => {
    const { code, stdout, stderr } = await run(['connect', ...args], newHome().env)
    expect(stderr).toMatch(/^tchat: [^\n]*\n$/)
    expect(stderr).toContain(words)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  })
})

function isForOthers(address: NetworkInterfaceInfo | undefined): boolean {
  return address !== undefined && !address.internal && /^(?!169\.254\.)\d/.test(address.address)
}

function newHome(): Home {
  const home = new Home()
  homes.push(home)
  return home
}

async function serve(...args: string[]) {
  const flags = args.includes('--port') ? args : ['--port', '0', ...args]
  const home = newHome()
  const server = new Program(['--serve', ...flags], home.env)
  servers.push(server)
  const [, port] = await server.waitFor(/connect 127\.0\.0\.1:(\d+)[\s\S]*Ctrl-C/)
  const [fingerprint] = await server.waitFor(/sha256:[0-9a-f]{64}/)
  return { server, home, port: Number(port), fingerprint: fingerprint as Fingerprint }
}

function lineTo(port: number, group: string, key: Fingerprint, invite = ''): string {
  return shareLine({ host: '127.0.0.1', port }, group, key, invite)
}

function connect(where: string, user: string, home = newHome(), size = { cols: 80, rows: 24 }) {
  const args = [PROGRAM, 'connect', where, '--user', user]
  const screen = new Pty(process.execPath, args, { env: home.env, size })
  clients.push(screen)
  return { screen, home }
}

async function register(screen: Pty): Promise<void> {
  await screen.waitFor('Create account')
  screen.type(`${PASSWORD}${KEYS.tab}${KEYS.tab}${KEYS.enter}`)
}

/** As the server says how. */
async function operatorsInvite(home: Home): Promise<string> {
  const { stdout } = await run(['admin', 'invite', '--json'], home.env)
  return (JSON.parse(stdout) as { code: string }).code
}
