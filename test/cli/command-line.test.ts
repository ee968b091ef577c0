import { expect, test } from 'vitest'
import { commands, flags, flagText, parseCommandLine } from '../../src/cli/command-line.ts'
import { UsageError } from '../../src/cli/errors.ts'
import { helpText } from '../../src/cli/help.ts'

function parse(line: string, env: Record<string, string> = {}) {
  return parseCommandLine(line.split(' ').filter(Boolean), env)
}

test('nothing but the name opens the start screen', () => {
  expect(parse('')).toEqual({ command: 'start', input: [], values: {} })
})

test('a server takes its settings from flags', () => {
  expect(parse('--serve --host ::1 --port 0 --data /d --tls-cert c --tls-key k')).toEqual({
    command: 'serve',
    input: [],
    values: {
      host: { text: '::1', from: '--host' },
      port: { text: '0', from: '--port' },
      data: { text: '/d', from: '--data' },
      tlsCert: { text: 'c', from: '--tls-cert' },
      tlsKey: { text: 'k', from: '--tls-key' },
    },
  })
})

test('a variable says the same as its flag, and the flag wins', () => {
  const env = { TCHAT_HOST: '10.0.0.1', TCHAT_PORT: '9000', TCHAT_DATA: '' }
  expect(parse('--serve --port 1', env).values).toEqual({
    host: { text: '10.0.0.1', from: 'TCHAT_HOST' },
    port: { text: '1', from: '--port' },
  })
})

test('variables of the server do not touch the client', () => {
  expect(parse('connect h', { TCHAT_PORT: 'x' }).values).toEqual({})
})

test('the client has flags for its look, of which one says no', () => {
  expect(parse('--theme light --ascii --no-cache', { TCHAT_KEYMAP: 'readline' }).values).toEqual({
    theme: { text: 'light', from: '--theme' },
    ascii: true,
    noCache: true,
    keymap: { text: 'readline', from: 'TCHAT_KEYMAP' },
  })
  expect(parse('doctor h:1 --json')).toEqual({
    command: 'doctor',
    input: ['h:1'],
    values: { json: true },
  })
})

test('connect has an address and its own flags, in any order', () => {
  const wanted = {
    command: 'connect',
    input: ['h:1'],
    values: { user: { text: 'bob', from: '--user' }, plaintext: true },
  }
  expect(parse('connect h:1 --user bob --plaintext')).toEqual(wanted)
  expect(parse('--plaintext --user=bob connect h:1')).toEqual(wanted)
})

test.each([
  ['--version', 'version'],
  ['--help', 'help'],
  ['help', 'help'],
  ['connect --help', 'help'],
])('%s', (line, command) => {
  expect(parse(line).command).toBe(command)
})

test.each([
  ['--prot 9', "unknown flag '--prot' (did you mean '--port'?)"],
  ['--serve --allow-plain-text', "(did you mean '--allow-plaintext'?)"],
  ['--xyzzy', "unknown flag '--xyzzy'; 'tchat --help' lists what there is"],
  ['send bob --foo', "unknown flag '--foo'; 'tchat --help' lists what there is"],
  ['send bob --jsn', "unknown flag '--jsn' (did you mean '--json'?)"],
  ['-p', "unknown flag '-p'"],
  ['conect h', "unknown command 'conect' (did you mean 'connect'?)"],
  ['serve', "unknown command 'serve' (did you mean '--serve'?)"],
  ['example.org', "(did you mean 'tchat connect example.org'?)"],
  ['connect h --port 3', "--port goes with 'tchat' and 'tchat --serve'"],
  ['--user bob', "--user goes with 'tchat connect [HOST[:PORT]]'"],
  ['--serve h', "--serve takes no argument, but 'h' was given"],
  ['--serve --port', '--port needs a value: --port PORT'],
  ['--serve --port 1 --port 2', '--port can only be set once'],
])('%s is refused', (line, words) => {
  expect(() => parse(line)).toThrow(UsageError)
  expect(() => parse(line)).toThrow(words)
})

test('the help names every command, and that of a command every flag that is not for internal use', () => {
  const overview = helpText()
  for (const { usage } of Object.values(commands)) expect(overview).toContain(usage)
  expect(helpText(parse('--serve --help').input)).toContain('--rate-address-log-ins N failed')
  const help = Object.keys(commands)
    .map((name) => helpText([name]))
    .join('\n')
  for (const [name, row] of Object.entries(flags)) {
    const isHidden = 'hidden' in row && row.hidden
    const isCommand = Object.values(commands).every(
      ({ flags: own }) => !own.some((one) => one === name),
    )
    expect(help.includes(`    ${flagText(name)} `), name).toBe(!isHidden && !isCommand)
  }
})

test('which commands there are fits a screen', () => {
  expect(helpText().split('\n').length).toBeLessThanOrEqual(45)
})
