import { readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { ChatClient } from '../../../src/net/chat-client.ts'
import { dial } from '../../../src/net/dial.ts'
import { openOutbox } from '../../../src/net/files/outbox-file.ts'
import { memoryPins, PinFolder } from '../../../src/net/files/pins.ts'
import { SessionFolder } from '../../../src/net/files/sessions.ts'
import { memoryOutbox } from '../../../src/net/outbox.ts'
import { shareLine } from '../../../src/net/share-line.ts'
import { FileConnector } from '../../../src/ui/flow/connector.ts'
import { PLAIN_ENTRY } from '../../support/plain.ts'
import { headOf } from '../../support/scripted-world.ts'
import { PASSWORD } from '../../support/server.ts'
import { Shell, startRealServer } from '../../support/shell.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

type RealServer = Awaited<ReturnType<typeof startRealServer>>

const env = { TCHAT_PASSWORD: PASSWORD }

let server: RealServer
let alice: Shell

beforeEach(async () => {
  server = await startRealServer()
  alice = await Shell.of('alice', server.address)
})

/** How many sessions the account has, this one included. */
async function sessionsOf(user: string): Promise<number> {
  const pins = memoryPins()
  const address = { host: '127.0.0.1', port: server.port }
  const client = new ChatClient({
    dial: (signal) => dial(address, { security: 'tls', pins, signal }),
    outbox: memoryOutbox(),
    onEvent: () => undefined,
    device: 'test',
  })
  await client.logIn(user, PASSWORD)
  const { sessions } = await client.request({ type: 'listSessions' })
  await client.logOut()
  await client.close()
  return sessions.length - 1
}

/** As the full-screen client leaves it. */
async function rememberAll(stateFolder: string): Promise<void> {
  const [kept] = await new SessionFolder(stateFolder).list()
  if (kept === undefined) throw new Error('nobody is logged in')
  const place = { address: server.address, plaintext: false }
  const connector = new FileConnector(stateFolder, '0.0.0')
  await connector.rememberOpen(place, kept.user.name, '#lobby')
  const { cache, drafts } = await connector.memory(place, kept.user)
  const head = headOf({ conversation: '~g', kind: 'group', name: 'ops', last: 1, n: 1 })
  const said = { from: '~bob', name: 'bob', kind: 'text', text: 'a secret' } as const
  const entry = { seq: 1, time: 1, n: 1, nonce: Buffer.alloc(16), ...said, ...PLAIN_ENTRY }
  const nothing = { gone: [], contacts: [], contactsGone: [] }
  await cache.write({ ...nothing, heads: [head], entries: new Map([['~g', [entry]]]) })
  await drafts.save([{ target: '#ops', text: 'half a sec', cursor: 10, time: 1 }])
  await Promise.all([cache.close(), drafts.close()])
}

function filesOf(folder: string): readonly string[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  const files = names.filter((name) => name.isFile())
  return files.map(({ parentPath, name }) => relative(folder, join(parentPath, name)))
}

describe('login', () => {
  test('leaves a session, which what follows takes', async () => {
    expect(await alice.run(['send', '#lobby', 'hi'])).toMatchObject({ code: 0 })
    expect(await alice.run(['ls'])).toMatchObject({ code: 0 })
    expect(await sessionsOf('alice')).toBe(1)
  })

  test('asks at a terminal, twice for a new account, and shows nothing', async () => {
    const shell = new Shell(temporaryFolder())
    const asked: string[] = []
    const person = {
      secret: async (question: string) => {
        asked.push(question)
        return PASSWORD
      },
      agrees: () => Promise.reject(new Error('nothing is to be decided on this machine')),
    }
    const args = ['login', '--register', '--server', server.address, '--user', 'carol']
    const { code, stdout } = await shell.run(args, { person })
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `account made, logged in to ${server.address} as carol\n`,
    })
    expect(asked).toEqual([`Password of carol at ${server.address}: `, 'The same again: '])
  })

  test('two passwords that differ make no account', async () => {
    const shell = new Shell(temporaryFolder())
    let times = 0
    const person = {
      secret: async () => {
        times += 1
        return `${PASSWORD} ${times}`
      },
      agrees: () => Promise.resolve(false),
    }
    const args = ['login', '--register', '--server', server.address, '--user', 'carol']
    expect(await shell.run(args, { person })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('the two were different'),
    })
  })

  test('takes what a command prints', async () => {
    const shell = new Shell(temporaryFolder())
    const to = ['login', '--server', server.address, '--user', 'alice', '--json']
    const ran = await shell.run([...to, '--password-command', `printf '${PASSWORD}\nmore'`])
    expect(ran.stderr).toBe('')
    expect(JSON.parse(ran.stdout)).toEqual({ server: server.address, user: 'alice' })
  })
})

describe('a session that is replaced', () => {
  test('ends on the server, too', async () => {
    const to = ['login', '--server', server.address, '--user', 'alice']
    expect(await alice.run(to, { env })).toMatchObject({ code: 0 })
    expect(await sessionsOf('alice')).toBe(1)
    expect(await alice.run(['ls'])).toMatchObject({ code: 0 })
  })

  test('stays when the new one cannot be kept, which then ends', async () => {
    const sessions = join(alice.stateFolder, 'sessions')
    const old = await new SessionFolder(alice.stateFolder).list()
    const file = join(sessions, readdirSync(sessions)[0] ?? '')
    // A folder cannot be replaced by a file.
    const command = `rm '${file}' && mkdir '${file}' && echo '${PASSWORD}'`
    const to = ['login', '--server', server.address, '--user', 'alice']
    expect(await alice.run([...to, '--password-command', command])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('a folder is where a file must be'),
    })
    rmdirSync(file)
    expect(await sessionsOf('alice')).toBe(1)
    for (const kept of old) await new SessionFolder(alice.stateFolder).keep(kept)
    expect(await alice.run(['ls'])).toMatchObject({ code: 0 })
  })
})

test.each(['login', 'logout'])(
  '%s: a file where the folder must be is one line',
  async (command) => {
    const shell = new Shell(temporaryFolder())
    writeFileSync(join(shell.stateFolder, 'sessions'), '')
    const args = [command, '--server', server.address, '--user', 'alice']
    expect(await shell.run(args, { env })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^tchat: cannot use .*sessions.*: a file is where a folder/),
    })
  },
)

describe('whom a command runs as', () => {
  test('flags before variables before the last log-in', async () => {
    const args = ['login', '--register', '--server', server.address, '--user', 'zoe']
    await alice.run(args, { env })
    const groupOf = async (args: readonly string[], env = {}) => {
      const { stdout } = await alice.run(['send', '--json', '#lobby', 'x', ...args], { env })
      return JSON.parse(stdout).from
    }
    expect(await groupOf([])).toBe('zoe')
    const both = { TCHAT_SERVER: server.address, TCHAT_USER: 'Alice' }
    expect(await groupOf([], both)).toBe('alice')
    expect(await groupOf(['--user', 'zoe'], both)).toBe('zoe')
    // What a job does by flags is not what a person used last.
    expect(await groupOf([])).toBe('zoe')
  })

  test('a server of the configuration file goes by its name, and says who one is there', async () => {
    const shell = new Shell(temporaryFolder())
    const office = { name: 'the office', address: server.address, user: 'alice' }
    const servers = [office, { ...office, name: 'home', user: '' }]
    const login = ['login', '--server', 'the office']
    expect(await shell.run(login, { env, servers })).toMatchObject({
      code: 0,
      stdout: `logged in to ${server.address} as alice\n`,
    })
    expect(await shell.run(['ls', '--server', 'home'], { servers })).toMatchObject({ code: 0 })
    const elsewhere = { TCHAT_SERVER: 'the office', TCHAT_USER: 'zoe' }
    expect(await shell.run(['ls'], { servers, env: elsewhere })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`not logged in at ${server.address} as zoe`),
    })
    expect(await shell.run(['ls', '--server', 'The office'], { servers })).toMatchObject({
      code: 2,
    })
  })

  test('what the configuration file says of it wrongly is told as such', async () => {
    const servers = [{ name: 'office', address: 'no host', user: '' }]
    expect(await alice.run(['ls', '--server', 'office'], { servers })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("the server 'office' of the configuration file: "),
    })
  })

  test('a share line is a server, too', async () => {
    const address = { host: '127.0.0.1', port: server.port }
    const line = shareLine(address, 'lobby', server.fingerprint)
    expect(await alice.run(['ls', '--server', line])).toMatchObject({ code: 0 })
    const other = shareLine(address, 'lobby', `sha256:${'0'.repeat(64)}`)
    const fresh = new Shell(temporaryFolder())
    const to = ['ls', '--server', other, '--user', 'alice']
    expect(await fresh.run(to, { env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not the server that this line is for'),
    })
  })

  test('a password without a session leaves none, here and there', async () => {
    const shell = new Shell(temporaryFolder())
    const to = ['--server', server.address, '--user', 'alice']
    const before = await sessionsOf('alice')
    expect(await shell.run(['send', '#lobby', 'hi', ...to], { env })).toMatchObject({ code: 0 })
    expect(await sessionsOf('alice')).toBe(before)
    expect(await new SessionFolder(shell.stateFolder).list()).toEqual([])
  })

  test('a session that has ended: the password, else what to do', async () => {
    const [kept] = await new SessionFolder(alice.stateFolder).list()
    await alice.run(['logout'])
    if (kept !== undefined) await new SessionFolder(alice.stateFolder).keep(kept)
    const ran = await alice.run(['ls'])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(
      `the session has ended at ${server.address} as alice: 'tchat login --server ${server.address} --user alice'`,
    )
    expect(await alice.run(['ls'], { env })).toMatchObject({ code: 0 })
  })

  test('a token that went over TLS never goes in plain text', async () => {
    const ran = await alice.run(['ls', '--plaintext', '--server', server.address])
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('not logged in') })
  })
})

describe('the key of a server', () => {
  test('that has changed is refused, and --trust takes the new one', async () => {
    const pins = new PinFolder(alice.stateFolder)
    await pins.trust({ host: '127.0.0.1', port: server.port }, `sha256:${'0'.repeat(64)}`)
    const refused = await alice.run(['send', '#lobby', 'hi'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('has changed')
    expect(refused.stderr).toContain(`--trust ${server.fingerprint}`)
    const trusting = ['send', '#lobby', 'hi', '--trust', server.fingerprint]
    expect(await alice.run(trusting)).toMatchObject({ code: 0 })
    expect(await alice.run(['ls'])).toMatchObject({ code: 0 })
  })
})

describe('logout', () => {
  test('ends the session there, and leaves nothing here', async () => {
    await rememberAll(alice.stateFolder)
    expect(filesOf(alice.stateFolder).map((name) => name.split('/')[0])).toEqual(
      expect.arrayContaining(['cache', 'drafts', 'open', 'sessions']),
    )
    expect(await alice.run(['logout'])).toMatchObject({
      code: 0,
      stdout: `logged out of ${server.address}\n`,
    })
    // Which key the server has is no secret of the account's.
    expect(filesOf(alice.stateFolder)).toEqual([expect.stringMatching(/^pins\//)])
    expect(await sessionsOf('alice')).toBe(0)
    expect(await alice.run(['ls'])).toMatchObject({ code: 2 })
    const to = ['--server', server.address, '--user', 'alice']
    expect(await alice.run(['logout', ...to])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nobody is logged in'),
    })
  })

  test('asks for --discard while something waits', async () => {
    const place = { stateFolder: alice.stateFolder, server: server.address, userName: 'alice' }
    const outbox = await openOutbox(place)
    const target = { kind: 'direct', id: 'bob' } as const
    await outbox.add({
      nonce: '0'.repeat(32),
      target,
      text: 'x',
      time: 0,
      reply: 0,
      refused: undefined,
    })
    await outbox.close()
    const refused = await alice.run(['logout'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('1 of your messages')
    expect(await alice.run(['logout', '--discard'])).toMatchObject({ code: 0 })
    const left = readdirSync(alice.stateFolder, { recursive: true, encoding: 'utf8' })
    expect(left.filter((name) => name.endsWith('.jsonl'))).toEqual([])
  })

  test('says when the server could not be told', async () => {
    await server.close()
    const ran = await alice.run(['logout'])
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('the session was forgotten here, but goes on there')
    expect(await alice.run(['ls'])).toMatchObject({ code: 2 })
  })
})
