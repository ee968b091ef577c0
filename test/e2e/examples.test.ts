import { appendFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { Chat } from '../../src/net/library/chat.ts'
import { connect } from '../../src/net/library/connect.ts'
import { type ExampleOptions, heard, startExample } from '../support/examples.ts'
import { type Program, run } from '../support/program.ts'
import { PASSWORD } from '../support/server.ts'
import { startRealServer } from '../support/shell.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const BRIDGE = 'log-bridge.js'

let server: string
let alice: Chat

beforeEach(async () => {
  server = (await startRealServer()).address
  alice = await enter('alice')
})

async function enter(user: string): Promise<Chat> {
  const chat = await connect({ server, user, password: PASSWORD, register: true })
  onTestFinished(() => chat.close())
  return chat
}

function example(
  name: string,
  user: string,
  more: Pick<ExampleOptions, 'args' | 'register'> = {},
): Promise<Program> {
  return startExample(`examples/${name}`, { server, user, ...more })
}

test.each(['echo-bot.js', 'command-bot.js'])('%s outlives who has blocked it', async (name) => {
  const first = await example(name, 'bot')
  first.kill('SIGTERM')
  await first.ended
  const mallory = await enter('mallory')
  await mallory.send('bot', '/time')
  await mallory.client.request({ type: 'block', user: 'bot' })
  await alice.send('bot', '/help')
  const bot = await example(name, 'bot', { register: false })
  expect(await heard(alice, 1, 'bot')).toEqual([expect.stringContaining('/help')])
  bot.kill('SIGTERM')
  const { code, stderr } = await bot.ended
  expect(code).toBe(0)
  expect(stderr).toMatch(/^no answer to mallory: .+\n$/)
})

test.each(['echo-bot.js', 'command-bot.js', BRIDGE])(
  '%s, whose session is ended: one line, and exit code 1',
  async (name) => {
    const file = join(temporaryFolder(), 'app.log')
    writeFileSync(file, '')
    const isBridge = name === BRIDGE
    const program = await example(name, 'bot', { args: isBridge ? [file, '#lobby'] : [] })
    const other = await connect({ server, user: 'bot', password: PASSWORD })
    await other.client.request({ type: 'endSession', session: '' })
    await other.close()
    // Who only writes learns of it when there is something to write.
    if (isBridge) appendFileSync(file, 'a line\n')
    const { code, stderr } = await program.ended
    expect(code).toBe(1)
    expect(stderr).toMatch(/^[\w-]+-(bot|bridge): [^\n]+\n$/)
  },
)

test.each([
  ['echo-bot.js', 'no server', [], { TCHAT_SERVER: 'localhost:1' }, 'localhost:1'],
  ['echo-bot.js', 'no address', [], { TCHAT_SERVER: 'localhost:x' }, "'x'"],
  ['echo-bot.js', 'a wrong password', [], { REGISTER: '', TCHAT_PASSWORD: 'x' }, 'password'],
  ['command-bot.js', 'no password', [], { TCHAT_PASSWORD: undefined }, 'user and password'],
  ['command-bot.js', 'an unknown group', ['#nowhere'], {}, 'nowhere'],
  ['command-bot.js', 'a name that is taken', [], { TCHAT_USER: 'alice' }, 'belongs to someone'],
  [BRIDGE, 'no server', ['/dev/null', '#lobby'], { TCHAT_SERVER: 'localhost:1' }, 'localhost:1'],
  [BRIDGE, 'an unknown group', ['/dev/null', '#nowhere'], {}, 'nowhere'],
  [BRIDGE, 'a missing file', ['/nowhere/app.log', '#lobby'], {}, '/nowhere/app.log'],
])('%s, %s: one line, and exit code 1', async (name, _, args, changed, words) => {
  const account = { TCHAT_SERVER: server, TCHAT_USER: 'bot', TCHAT_PASSWORD: PASSWORD }
  const env = { ...account, REGISTER: '1', PATH: process.env['PATH'], ...changed }
  const given = Object.entries(env).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined
  })
  const { code, stdout, stderr } = await run(args, Object.fromEntries(given), `examples/${name}`)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^[\w-]+-(bot|bridge): [^\n]+\n$/)
  expect(stderr).toContain(words)
})

test('what a bot would say is cut where it is too long', async () => {
  await alice.send('alice', '/find')
  await example('command-bot.js', 'bot')
  await alice.send('bot', `x${'好'.repeat(2_700)}`)
  await alice.send('bot', `/${'好'.repeat(2_725)}`)
  const [text = ''] = await heard(alice, 1, 'bot')
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(8_192)
  expect(text).toMatch(/^I do not know \/好+…$/)
})

test('a bridge cuts long lines, and follows a file that is replaced', async () => {
  await alice.groups.create('#ops')
  const file = join(temporaryFolder(), 'app.log')
  writeFileSync(file, 'before\n')
  const bridge = await example('log-bridge.js', 'ops', { args: [file, '#ops'] })
  const long = `${'x'.repeat(8_187)}${'好'.repeat(3_000)}`
  appendFileSync(file, `${long}\n`)
  const pieces = await heard(alice, 3, '#ops')
  expect(pieces.join('')).toBe(long)
  renameSync(file, `${file}.1`)
  writeFileSync(`${file}.new`, `after\n${'y'.repeat(100)}\n`)
  renameSync(`${file}.new`, file)
  expect((await heard(alice, 5, '#ops')).slice(3)).toEqual(['after', 'y'.repeat(100)])
  bridge.kill('SIGTERM')
  expect(await bridge.ended).toMatchObject({ code: 0, stderr: '' })
})
