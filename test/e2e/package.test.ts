import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Chat } from '../../src/net/library/chat.ts'
import { connect } from '../../src/net/library/connect.ts'
import { type ExampleOptions, heard, startExample } from '../support/examples.ts'
import { Home } from '../support/home.ts'
import { install, type Packed, pack } from '../support/package.ts'
import { Program, run } from '../support/program.ts'
import { Pty } from '../support/pty.ts'
import { PASSWORD } from '../support/server.ts'

/** What docs/LIBRARY.md says, written down with types; a type that is `any` fails, too. */
const BOT = `
import { type Chat, type ChatEntry, ChatClient, ChatError, type ClientEvent, connect, entryJson, type Head, type Sent } from 'tchat'
import { type Address, parseAddress } from 'tchat/address'
import { dial } from 'tchat/dial'
import { memoryOutbox } from 'tchat/outbox'
import { memoryPins } from 'tchat/pins'

const address: Address = parseAddress('localhost:8000')
const events: ClientEvent[] = []
const chat: Chat = await connect({
  server: address.host, user: 'bot', password: 'x', pins: memoryPins(), outbox: memoryOutbox(),
  onEvent: (event) => events.push(event), signal: AbortSignal.timeout(1_000),
})
const sent: Sent = await chat.send('#ops', 'hello', { reply: 1 })
await chat.delivered(sent)
for await (const entry of chat.entries({ in: ['#ops'], since: new Date() })) await answer(entry)
for await (const { seq } of chat.history('#ops', { limit: 3 })) seq.toFixed()
const heads: readonly Head[] = await chat.conversations()
const client: ChatClient = chat.client
await client.request({ type: 'block', user: heads[0]?.name ?? '' })
const { stream } = await dial(address, { security: 'tls', pins: memoryPins() })
stream.destroy()
await chat.close()

async function answer(entry: ChatEntry): Promise<void> {
  try {
    await chat.send(entry.conversation, entryJson(entry).toString())
  } catch (error) {
    if (!(error instanceof ChatError) || error.code !== 'blocked') throw error
  }
}

// @ts-expect-error: an address is no number
connect({ server: 8000 })
// @ts-expect-error: there is no such kind of entry
export const isJoke = (entry: ChatEntry) => entry.kind === 'joke'
// @ts-expect-error: a code that no server sends
export const isLate = (error: ChatError) => error.code === 'late'
// @ts-expect-error: Node's own type
stream.destroy('now')
`

const home = new Home()
let packed: Packed
let program: string

beforeAll(() => {
  packed = pack(home.folder)
  program = install(packed, home.folder)
})

afterAll(() => {
  home[Symbol.dispose]()
})

test('the package has the program and its documents, nothing else', () => {
  const foreign = packed.files.filter(
    (path) =>
      !/^(bin\/tchat\.js|dist\/.*\.(js|d\.ts)|dist\/program\/licences\.txt|examples\/[\w-]+\.js|docs\/(CLIENT\.md|CLUSTER\.md|CONFIGURATION\.md|LIBRARY\.md|OPERATIONS\.md|PRIVACY\.md|PROTOCOL\.md|tchat\.proto)|deploy\/tchat\.service)$/.test(
        path,
      ) && !/^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/.test(path),
  )
  expect(foreign).toEqual([])
  expect(packed.files).toContain('dist/program/cli-main.js')
  expect(packed.files).toContain('docs/PROTOCOL.md')
  expect(packed.files).toContain('README.md')
})

test('what is built into the program is not installed beside it, and has its licence in the package', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    dependencies: Record<string, string>
  }
  const licences = readFileSync('dist/program/licences.txt', 'utf8')
  expect(packed.files).toContain('dist/program/licences.txt')
  for (const name of ['ink', 'react', 'es-toolkit', 'yoga-layout']) {
    expect(dependencies).not.toHaveProperty(name)
    expect(licences).toMatch(new RegExp(`^--- ${name} \\d`, 'm'))
  }
})

test('installing the package runs no script', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    scripts: Record<string, string>
  }
  // `prepare` runs in a checkout only, never where a tarball is installed.
  const atInstall = Object.keys(scripts).filter((name) => /^(pre|post)?install$/.test(name))
  expect(atInstall).toEqual([])
})

test('other programs can use its client', () => {
  const script = `
    const { ChatClient, connect } = await import('tchat')
    const { dial } = await import('tchat/dial')
    const { memoryOutbox } = await import('tchat/outbox')
    const { memoryPins } = await import('tchat/pins')
    const { parseAddress } = await import('tchat/address')
    console.log([ChatClient, connect, dial, memoryOutbox, memoryPins, parseAddress].map((it) => it.name).join())
  `
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: home.folder,
    encoding: 'utf8',
  })
  expect({ stdout, stderr }).toEqual({
    stdout: 'ChatClient,connect,dial,memoryOutbox,memoryPins,parseAddress\n',
    stderr: '',
  })
})

test('other programs are compiled against its types, with those of Node and nothing else', () => {
  const types = home.path('node_modules', '@types')
  mkdirSync(types, { recursive: true })
  if (!existsSync(join(types, 'node'))) {
    symlinkSync(resolve('node_modules/@types/node'), join(types, 'node'), 'junction')
  }
  writeFileSync(home.path('bot.mts'), BOT)
  const tsc = resolve('node_modules/typescript/bin/tsc')
  // What a project is that says nothing of `types` or `lib`, and looks into declarations, too.
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    'false',
    '--exactOptionalPropertyTypes',
  ]
  const compiling = ['--module', 'nodenext', '--target', 'es2022', 'bot.mts']
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, ...options, ...compiling], {
    cwd: home.folder,
    encoding: 'utf8',
  })
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' })
})

test('the installed program answers --version', async () => {
  const { code, stdout } = await run(['--version'], home.env, program)
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})

test('the installed program serves, and connects to it', async () => {
  const server = new Program(['--serve', '--port', '0'], home.env, program)
  const [, port] = await server.waitFor(/connect 127\.0\.0\.1:(\d+)/)
  const client = new Pty(process.execPath, [program, 'connect', `127.0.0.1:${port}`], {
    env: home.env,
  })
  await client.waitFor('Create account')
  await client.close()
  server.kill('SIGTERM')
  expect(await server.ended).toMatchObject({ code: 0 })
})

describe('the examples, from the installed package', () => {
  let server: string
  let alice: Chat

  beforeAll(async () => {
    const serving = new Program(['--serve', '--port', '0'], home.env, program)
    const [, port] = await serving.waitFor(/connect 127\.0\.0\.1:(\d+)/)
    await serving.waitFor(/Ctrl-C/)
    server = `127.0.0.1:${port}`
    const account = { user: 'alice', password: PASSWORD, register: true }
    alice = await connect({ server, ...account })
    return async () => {
      await alice.close()
      await serving.close()
    }
  })

  function example(
    name: string,
    user: string,
    more: Pick<ExampleOptions, 'args' | 'register'> = {},
  ): Promise<Program> {
    const file = join(dirname(dirname(program)), 'examples', name)
    return startExample(file, { server, user, ...more })
  }

  test('an echo bot, also of what was said while it was away', async () => {
    const bot = await example('echo-bot.js', 'echo')
    await alice.send('echo', 'hello')
    expect(await heard(alice, 1, 'echo')).toEqual(['hello'])
    bot.kill('SIGTERM')
    expect(await bot.ended).toMatchObject({ code: 0, stderr: '' })
    await alice.send('echo', 'are you there?')
    await example('echo-bot.js', 'echo', { register: false })
    expect(await heard(alice, 2, 'echo')).toEqual(['hello', 'are you there?'])
  })

  test('a bridge from a log file to a group', async () => {
    await alice.groups.create('#ops')
    const file = home.path('app.log')
    writeFileSync(file, 'before\n')
    const bridge = await example('log-bridge.js', 'ops', { args: [file, '#ops'] })
    appendFileSync(file, 'one\n\ntwo and ')
    expect(await heard(alice, 1, '#ops')).toEqual(['one'])
    appendFileSync(file, 'a half\n')
    expect(await heard(alice, 2, '#ops')).toEqual(['one', 'two and a half'])
    writeFileSync(file, 'new\n')
    expect(await heard(alice, 3, '#ops')).toEqual(['one', 'two and a half', 'new'])
    bridge.kill('SIGTERM')
    expect(await bridge.ended).toMatchObject({ code: 0, stderr: '' })
  })

  test('a bot with commands', async () => {
    await alice.groups.create('#games')
    const bot = await example('command-bot.js', 'helper', { args: ['#games'] })
    await alice.send('#games', 'the dice are new')
    for (const text of ['/roll 2d6', '/who', '/find dice', '/unknown']) {
      await alice.send('#games', text)
    }
    expect(await heard(alice, 3, '#games')).toEqual([
      expect.stringMatching(/^[1-6] \+ [1-6] = \d+$/),
      'alice, helper',
      'alice: the dice are new',
    ])
    await alice.send('helper', '/what')
    expect(await heard(alice, 1, 'helper')).toEqual([
      expect.stringMatching(/^I do not know .*\/find$/),
    ])
    bot.kill('SIGTERM')
    expect(await bot.ended).toMatchObject({ code: 0, stderr: '' })
  })
})
