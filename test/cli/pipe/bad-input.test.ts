import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sinceOf } from '../../../src/cli/pipe/since.ts'
import { type RunningServer, serve } from '../../../src/server/serve.ts'
import { CHEAP, makeFolder, PASSWORD } from '../../support/server.ts'
import { Running, type ShellOptions } from '../../support/shell.ts'

let server: RunningServer
let address: string
/** Logged in as alice; bob owns the private group #secret. */
let alice: string
let bob: string

beforeAll(async () => {
  const folder = await makeFolder()
  const rates = { failedLogInsPerAccount: 1e6, failedLogInsPerAddress: 1e6 }
  server = await serve({ host: '127.0.0.1', port: 0, folder, passwordCost: CHEAP, rates })
  address = `127.0.0.1:${server.port}`
  alice = await makeFolder()
  bob = await makeFolder()
  for (const [state, user] of [
    [alice, 'alice'],
    [bob, 'bob'],
  ] as const) {
    const env = { TCHAT_PASSWORD: PASSWORD }
    await run(state, `login --register --server ${address} --user ${user}`, { env })
  }
  await run(bob, 'groups create #secret --private')
})

afterAll(() => server.close())

function run(state: string, line: string, options: ShellOptions = {}) {
  return new Running(state, line.split(' ').filter(Boolean), options).ended
}

/** One line that says so, and the exit code. */
async function expectRefusal(
  line: string,
  code: number,
  words: string,
  options: ShellOptions & { state?: string } = {},
): Promise<void> {
  const ran = await run(options.state ?? alice, line, options)
  expect(ran.stderr).toMatch(/^tchat: [^\n]+\n$/)
  expect(ran.stderr).toContain(words)
  expect({ code: ran.code, stdout: ran.stdout }).toEqual({ code, stdout: '' })
}

/** Each command in its shortest form. */
const COMMANDS = [
  'send bob hi',
  'send --lines bob',
  'tail --no-follow',
  'ls',
  'history bob',
  'groups',
  'groups create #new',
]

describe.each(COMMANDS)('%s', (command) => {
  const stdin = 'a line\n'

  test('at a server that is not there', async () => {
    const env = { TCHAT_PASSWORD: PASSWORD }
    const to = `${command} --user alice --server`
    await expectRefusal(`${to} 127.0.0.1:1`, 1, 'nothing listens at 127.0.0.1:1', { env, stdin })
    await expectRefusal(`${to} no.such.invalid`, 1, "there is no host 'no.such.invalid'", {
      env,
      stdin,
    })
  })

  test('with a wrong password', async () => {
    const state = await makeFolder()
    const to = `${command} --user alice --server ${address}`
    const wrong = 'name or password is wrong: check --user and the password'
    await expectRefusal(to, 1, wrong, { env: { TCHAT_PASSWORD: 'not it, sorry' }, state, stdin })
    const printed = ['--password-command', 'echo not it either']
    const ran = await new Running(state, [...to.split(' '), ...printed], { stdin }).ended
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining(wrong) })
  })

  test('without a session and a password', async () => {
    const state = await makeFolder()
    const right = `'tchat login --server ${address} --user alice'`
    await expectRefusal(`${command} --user alice --server ${address}`, 1, right, { state, stdin })
  })

  test('without a server, and without a user', async () => {
    const state = await makeFolder()
    await expectRefusal(command, 2, 'which server?', { state, stdin })
    await expectRefusal(`${command} --server ${address}`, 2, 'as whom', { state, stdin })
  })

  test('with what is no address, no name, no key', async () => {
    await expectRefusal(`${command} --server a:b`, 2, "--server: 'a:b' is not an address", {
      stdin,
    })
    await expectRefusal(`${command} --server tchat://x/y/z`, 2, 'is not a share line', { stdin })
    await expectRefusal(`${command} --user a/b`, 2, "--user 'a/b': a name has letters", { stdin })
    await expectRefusal(`${command} --trust sha256:12`, 2, '--trust: ', { stdin })
    const env = { TCHAT_SERVER: 'a:b' }
    await expectRefusal(command, 2, "TCHAT_SERVER: 'a:b' is not an address", { env, stdin })
  })
})

describe('a target', () => {
  test.each([
    'send nobody hi',
    'send --lines nobody',
    'tail --no-follow nobody',
    'history nobody',
    'groups create #two nobody',
    'groups add #lobby nobody',
  ])('that is unknown: %s', async (command) => {
    await expectRefusal(command, 1, 'there is no user nobody', { stdin: 'a line\n' })
  })

  test.each([
    'send #nothing hi',
    'tail --no-follow #nothing',
    'history #nothing',
    'groups join #nothing',
    'groups members #nothing',
  ])('that is unknown: %s', async (command) => {
    await expectRefusal(command, 1, 'there is no group nothing')
  })

  test.each([
    'send #secret hi',
    'tail --no-follow #secret',
    'history #secret',
    'groups members secret',
  ])('that one is no member of: %s', async (command) => {
    await expectRefusal(command, 1, "'tchat groups join")
  })

  test.each(['send a/b hi', 'tail a/b', 'history a/b', 'groups join a/b', 'send # hi'])(
    'that is none: %s',
    async (command) => {
      await expectRefusal(command, 2, 'is nobody to write to')
    },
  )
})

describe('a text', () => {
  test.each([
    ['send bob', 'standard input is empty', ''],
    ['send bob -', 'standard input is empty', '\n'],
    ['send bob', 'standard input is too long: 8192 bytes are the most', 'x'.repeat(8_193)],
    ['send bob', '--lines sends line by line', '语'.repeat(100_000)],
    ['send bob', 'is not UTF-8, in line 2', Buffer.from([0x61, 0x0a, 0x80, 0x0a])],
    ['send --lines bob', 'line 1 of standard input is too long', 'x'.repeat(8_193)],
    ['send --lines bob', 'line 2 of standard input is not UTF-8', Buffer.from([0x61, 0x0a, 0xff])],
    [`send bob ${'x'.repeat(8_193)}`, 'the message is too long', ''],
    ['send bob \ufffd', 'the text is not UTF-8', ''],
  ])('%.20s: %s', async (command, words, stdin) => {
    await expectRefusal(command, 2, words, { stdin })
  })

  test('as long as it can be is sent', async () => {
    for (const stdin of [`${'x'.repeat(8_192)}\r\n`, '语'.repeat(2_730)]) {
      expect(await run(alice, 'send bob', { stdin })).toMatchObject({ code: 0, stderr: '' })
    }
  })
})

describe('arguments', () => {
  test.each([
    ['send', 'to whom?'],
    ['send --lines bob hi', 'leave the text out'],
    ['send --timeout 0 bob hi', "--timeout '0' is no number from 1"],
    ['send --timeout soon bob hi', "--timeout 'soon' is no number"],
    ['send --since 1 bob hi', "--since goes with 'tchat tail"],
    ['tail --since 5', 'name it'],
    ['tail --since 5 bob #lobby', 'name it'],
    ['tail --since yesterday', "--since 'yesterday' is no place in a log"],
    ['tail --follow --no-follow', 'exclude each other'],
    ['history', 'of what?'],
    ['history bob alice', "'alice' is too much"],
    ['history --limit 0 bob', "--limit '0'"],
    ['history --before x bob', "--before 'x'"],
    ['ls bob', "'bob' is too much"],
    ['logout bob', "'bob' is too much"],
    ['login bob', "'bob' is too much"],
    ['groups craete x', "did you mean 'create'?"],
    ['groups nonsense', 'list, find, create'],
    ['groups create', "something is missing: 'tchat groups create GROUP [MEMBER…]'"],
    ['groups quit a b', 'an argument too many'],
    ['groups list --private', '--private goes with'],
    ['ls --jsn', "unknown flag '--jsn' (did you mean '--json'?)"],
  ])('%s', async (command, words) => {
    await expectRefusal(command, 2, words)
  })

  test.each([
    ['groups create lobby', 'lobby'],
    [`login --register --server SERVER --user alice`, 'the name belongs to someone else'],
  ])('what is taken: %s', async (command, words) => {
    const env = { TCHAT_PASSWORD: PASSWORD }
    await expectRefusal(command.replace('SERVER', address), 1, words, { env })
  })

  test('a password command that fails, or prints nothing', async () => {
    const state = await makeFolder()
    const to = ['ls', '--user', 'alice', '--server', address, '--password-command']
    const failing = await new Running(state, [...to, 'exit 3'], {}).ended
    expect(failing.stderr).toContain('--password-command: it ended with exit code 3')
    const silent = await new Running(state, [...to, 'true'], {}).ended
    expect(silent.stderr).toContain('--password-command printed no password')
    expect([failing.code, silent.code]).toEqual([1, 1])
  })
})

test('times are of this place, of today, or ago', () => {
  const now = new Date(2026, 0, 31, 14, 0).getTime()
  const since = (text: string) => sinceOf({ text, from: '--since' }, now)
  expect(since('17')).toBe(17)
  expect(since('90s')).toEqual(new Date(now - 90_000))
  expect(since('2w')).toEqual(new Date(now - 14 * 86_400_000))
  expect(since('9:30')).toEqual(new Date(2026, 0, 31, 9, 30))
  expect(since('2026-01-30')).toEqual(new Date(2026, 0, 30))
  expect(since('2026-01-30 12:30')).toEqual(new Date(2026, 0, 30, 12, 30))
  expect(since('2026-01-30T12:30Z')).toEqual(new Date(Date.UTC(2026, 0, 30, 12, 30)))
  for (const text of ['', '10x', '2026-02-30', '2026-13-01', '25:00', '-5']) {
    expect(() => since(text), text).toThrow('is no place in a log')
  }
})
