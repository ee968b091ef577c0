import meow from 'meow'
import { messageOf } from '../protocol/errors.ts'
import { nearWord } from '../protocol/near-word.ts'
import { UsageError } from './errors.ts'
import { pipeCommands, pipeFlags } from './pipe/commands.ts'

/**
 * Every flag, once: parsing, `--help`, the README's table and shell completions are derived from
 * these rows.
 */
export const flags = {
  serve: { type: 'boolean', help: 'run a server in the foreground' },
  host: {
    type: 'string',
    value: 'HOST',
    env: 'TCHAT_HOST',
    help: 'listen on this address only (default: all, IPv4 and IPv6)',
  },
  port: {
    type: 'string',
    value: 'PORT',
    env: 'TCHAT_PORT',
    help: 'listen on this port; 0: any free one (default: 8000)',
  },
  data: {
    type: 'string',
    value: 'DIR',
    env: 'TCHAT_DATA',
    help: "the server's data folder",
  },
  store: {
    type: 'string',
    value: 'URL',
    env: 'TCHAT_STORE',
    help: 'keep everything in PostgreSQL, which several nodes may share: postgres://USER@HOST/DATABASE',
  },
  tlsCert: {
    type: 'string',
    value: 'FILE',
    help: 'a certificate of your own, in PEM, its chain included',
  },
  tlsKey: { type: 'string', value: 'FILE', help: 'its private key, in PEM' },
  allowPlaintext: {
    type: 'boolean',
    help: 'let clients in without TLS from other machines, too',
  },
  classic: {
    type: 'boolean',
    help: 'also speak version 1 (JSON, never TLS) with its clients, from any address',
  },
  bus: {
    type: 'string',
    value: 'URL',
    env: 'TCHAT_BUS',
    help: 'one of several nodes, which tell each other what happens over NATS there, like nats://HOST',
  },
  registration: {
    type: 'string',
    value: 'WHO',
    env: 'TCHAT_REGISTRATION',
    help: 'who may make an account: open, invite or closed (default: open)',
  },
  rateMessages: { type: 'string', value: 'N', help: 'messages of one account a second (200)' },
  rateBurst: { type: 'string', value: 'N', help: 'messages of one account at once (1000)' },
  rateLogIns: {
    type: 'string',
    value: 'N',
    help: 'failed log-ins to one account a minute (10)',
  },
  rateAddressLogIns: {
    type: 'string',
    value: 'N',
    help: 'failed log-ins and new accounts of one address a minute (60)',
  },
  rateConnections: {
    type: 'string',
    value: 'N',
    help: 'new connections of one address a second (100)',
  },
  maxConnections: { type: 'string', value: 'N', help: 'open connections of one address (1000)' },
  hosted: { type: 'boolean', hidden: true, help: 'obey the client that started this server' },
  user: { type: 'string', value: 'NAME', help: 'the name to log in with' },
  plaintext: { type: 'boolean', help: 'no TLS: anybody on the way can read and change all' },
  line: {
    type: 'boolean',
    help: 'chat line by line, without a screen: for screen readers, dumb terminals and pipes',
  },
  trust: {
    type: 'string',
    value: 'KEY',
    help: "the server's key, as it prints it (sha256:…); takes the place of a known one",
  },
  retainDays: {
    type: 'string',
    value: 'DAYS',
    env: 'TCHAT_RETAIN_DAYS',
    help: 'remove what was said longer ago than that (default: keep it)',
  },
  maxDisk: {
    type: 'string',
    value: 'SIZE',
    env: 'TCHAT_MAX_DISK',
    help: 'take nothing new before the data folder has that size, like 500M or 20G',
  },
  metrics: {
    type: 'string',
    value: '[HOST:]PORT',
    env: 'TCHAT_METRICS',
    help: 'figures for Prometheus and /health over HTTP there (HOST: 127.0.0.1 unless given)',
  },
  logLevel: {
    type: 'string',
    value: 'LEVEL',
    env: 'TCHAT_LOG_LEVEL',
    help: 'log debug, info, warn or error and what is graver (default: info)',
  },
  server: {
    type: 'string',
    value: 'HOST[:PORT]',
    help: 'a server elsewhere, a share line, or (not with admin) the name of a server in the configuration file; with admin: as the operator that --user names',
  },
  json: { type: 'boolean', help: 'JSON lines, for programs' },
  ...pipeFlags,
  config: {
    type: 'string',
    value: 'FILE',
    env: 'TCHAT_CONFIG',
    help: "the configuration file (default: 'tchat config' says where)",
  },
  theme: {
    type: 'string',
    value: 'NAME',
    env: 'TCHAT_THEME',
    help: 'auto, dark, light, colour-blind or mono',
  },
  colours: {
    type: 'string',
    value: 'COLOURS',
    env: 'TCHAT_COLOURS',
    help: 'auto, truecolor, 256, 16 or none',
  },
  lang: { type: 'string', value: 'LANG', env: 'TCHAT_LANG', help: 'auto, en or zh' },
  ascii: { type: 'boolean', help: 'signs and lines from ASCII alone' },
  keymap: {
    type: 'string',
    value: 'PROFILE',
    env: 'TCHAT_KEYMAP',
    help: 'default or readline',
  },
  noCache: { type: 'boolean', help: 'keep no messages on this computer' },
  defaults: { type: 'boolean', help: 'print a configuration file with every option in it' },
  to: {
    type: 'string',
    value: 'URL',
    env: 'TCHAT_STORE',
    help: 'the PostgreSQL database that a data folder is copied into: postgres://USER@HOST/DATABASE',
  },
  uses: { type: 'string', value: 'N', help: 'how many people an invite lets in (default: 1)' },
  days: { type: 'string', value: 'N', help: 'how long an invite lasts (default: 7)' },
  version: { type: 'boolean', help: 'print the version' },
  help: { type: 'boolean', help: 'print this' },
} as const satisfies Record<string, FlagRow>

/** How the full-screen client looks and works, over what the configuration file says. */
export const SCREEN_FLAGS = [
  'config',
  'theme',
  'colours',
  'lang',
  'ascii',
  'keymap',
  'noCache',
] as const satisfies readonly (keyof typeof flags)[]

/** Every command, once. `start` is what runs when none is named. */
export const commands = {
  start: {
    usage: 'tchat',
    help: 'the start screen: host a server here, or connect to one',
    flags: ['host', 'port', 'data', 'registration', ...SCREEN_FLAGS],
  },
  connect: {
    usage: 'tchat connect [HOST[:PORT]]',
    help: 'chat on a server; the port is 8000 unless given; or a share line (tchat://…), or the name of a server in the configuration file; without an address: where one was last',
    flags: ['line', 'user', 'trust', 'plaintext', ...SCREEN_FLAGS],
  },
  serve: {
    usage: 'tchat --serve',
    help: 'run a server, no client',
    flags: [
      'host',
      'port',
      'data',
      'store',
      'bus',
      'tlsCert',
      'tlsKey',
      'allowPlaintext',
      'classic',
      'registration',
      'rateMessages',
      'rateBurst',
      'rateLogIns',
      'rateAddressLogIns',
      'rateConnections',
      'maxConnections',
      'retainDays',
      'maxDisk',
      'metrics',
      'logLevel',
      'hosted',
    ],
  },
  admin: {
    usage: 'tchat admin VERB …',
    help: "what operators do; 'tchat admin' alone lists the verbs",
    flags: ['data', 'store', 'json', 'to', 'uses', 'days', 'server', 'user', 'trust', 'plaintext'],
  },
  config: {
    usage: 'tchat config',
    help: 'where the configuration file is, and what is wrong in it',
    flags: ['config', 'defaults'],
  },
  keys: {
    usage: 'tchat keys',
    help: 'what each key press sends, how tchat calls it, and what it does',
    flags: ['config', 'keymap'],
  },
  doctor: {
    usage: 'tchat doctor [HOST[:PORT]]',
    help: 'looks at the terminal, the files and the server, and says what to do',
    flags: ['config', 'json', 'plaintext'],
  },
  ...pipeCommands,
  dissector: {
    usage: 'tchat dissector',
    help: 'print a plugin that shows the protocol in Wireshark: tchat dissector > tchat.lua',
    flags: [],
  },
} as const satisfies Record<string, CommandRow>

export type FlagName = keyof typeof flags
export type CommandName = keyof typeof commands

export type FlagRow = Readonly<{
  type: 'boolean' | 'string'
  help: string
  /** How its value is called in the help. */
  value?: string
  /** An environment variable that says the same; the flag wins. */
  env?: string
  /** For this program's own use: in no help. */
  hidden?: boolean
}>

export type CommandRow = Readonly<{
  usage: string
  help: string
  flags: readonly FlagName[]
  /** Environment variables of this command alone that say what a flag says. */
  variables?: Partial<Record<FlagName, string>>
}>

/** The environment variable that says what the flag says, for this command. */
export function variableOf(command: CommandRow, name: FlagName): string | undefined {
  const row: FlagRow = flags[name]
  return row.env ?? command.variables?.[name]
}

export type CommandLine = Readonly<{
  command: CommandName | 'version' | 'help'
  /** What follows the command's name. */
  input: readonly string[]
  values: FlagValues
}>

export type FlagValues = Readonly<{
  [Name in FlagName]?: (typeof flags)[Name]['type'] extends 'boolean' ? boolean : Setting
}>

/** A value and where it came from: `--port` or `TCHAT_PORT`, to be named when it is wrong. */
export type Setting = Readonly<{ text: string; from: string }>

type Environment = Readonly<Record<string, string | undefined>>

/** @throws UsageError */
export function parseCommandLine(args: readonly string[], env: Environment): CommandLine {
  const parsed = parseFlags(args)
  const given = new Map(Object.entries(parsed.flags).filter(([, value]) => isGiven(value)))
  for (const name of given.keys()) if (!isFlag(name)) throw unknownFlag(name, given, parsed.input)
  const command = commandOf(given, parsed.input)
  refuseForeignFlags(command, given)
  const input = inputOf(command, given, parsed.input)
  return { command, input, values: valuesOf(command, given, env) }
}

/** Without the command's name; where help is asked for, of what. */
function inputOf(
  command: CommandLine['command'],
  given: ReadonlyMap<string, unknown>,
  input: readonly string[],
): readonly string[] {
  if (command === 'help' && given.has('serve')) return ['serve']
  return input[0] === command ? input.slice(1) : input
}

/** `tlsCert` is written `--tls-cert`. */
export function flagText(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function parseFlags(args: readonly string[]): { input: string[]; flags: Record<string, unknown> } {
  try {
    const { input, flags: values } = meow({
      importMeta: import.meta,
      argv: args.map(positive),
      pkg: {},
      description: false,
      autoHelp: false,
      autoVersion: false,
      flags: Object.fromEntries(Object.entries(flags).map(([name, { type }]) => [name, { type }])),
    })
    return { input, flags: values }
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
}

/** The parser takes `--no-cache` for the opposite of a `--cache`; so it gets it as `--noCache`. */
function positive(arg: string): string {
  const negative = Object.keys(flags).find(
    (name) => /^no[A-Z]/.test(name) && flagText(name) === arg,
  )
  return negative === undefined ? arg : `--${negative}`
}

/** The parser gives every boolean that was not written as false. */
function isGiven(value: unknown): boolean {
  return value !== false && value !== undefined
}

function isFlag(name: string): name is FlagName {
  return Object.hasOwn(flags, name)
}

function commandOf(
  given: ReadonlyMap<string, unknown>,
  input: readonly string[],
): CommandLine['command'] {
  if (given.has('version')) return 'version'
  if (given.has('help') || input[0] === 'help') return 'help'
  const [first] = input
  if (given.has('serve')) {
    if (first === undefined) return 'serve'
    throw new UsageError(`--serve takes no argument, but '${first}' was given`)
  }
  if (first === undefined) return 'start'
  if (isCommand(first)) return first
  throw unknownCommand(first)
}

/** What is named by a word of its own. */
function isCommand(word: string): word is CommandName {
  return Object.hasOwn(commands, word) && word !== 'start' && word !== 'serve'
}

function refuseForeignFlags(
  command: CommandLine['command'],
  given: ReadonlyMap<string, unknown>,
): void {
  if (command === 'version' || command === 'help') return
  const own: readonly string[] = ['serve', ...commands[command].flags]
  for (const name of given.keys()) {
    if (own.includes(name)) continue
    const owners = Object.values(commands).filter((row: CommandRow) =>
      row.flags.includes(name as FlagName),
    )
    const where = owners.map(({ usage }) => `'${usage}'`).join(' and ')
    throw new UsageError(
      `${flagText(name)} goes with ${where}, not with '${commands[command].usage}'`,
    )
  }
}

function valuesOf(
  command: CommandLine['command'],
  given: ReadonlyMap<string, unknown>,
  env: Environment,
): FlagValues {
  if (command === 'version' || command === 'help') return {}
  const values: Partial<Record<FlagName, boolean | Setting>> = {}
  for (const name of commands[command].flags) {
    const value = settingOf(name, given.get(name), env, variableOf(commands[command], name))
    if (value !== undefined) values[name] = value
  }
  return values as FlagValues
}

function settingOf(
  name: FlagName,
  given: unknown,
  env: Environment,
  variable: string | undefined,
): boolean | Setting | undefined {
  const row: FlagRow = flags[name]
  if (row.type === 'boolean') return given === undefined ? undefined : true
  const fromEnv = variable === undefined ? undefined : env[variable]
  if (typeof given === 'string') return needText(given, flagText(name), row)
  // As with PATH and its like, an empty variable is one that is not set.
  if (variable === undefined || fromEnv === undefined || fromEnv === '') return undefined
  return { text: fromEnv, from: variable }
}

function needText(text: string, from: string, row: FlagRow): Setting {
  if (text === '') throw new UsageError(`${from} needs a value: ${from} ${row.value}`)
  return { text, from }
}

/** What it might have been is looked for among the flags of the command alone. */
function unknownFlag(
  name: string,
  given: ReadonlyMap<string, unknown>,
  [word = 'start']: readonly string[],
): UsageError {
  const written = name.length === 1 ? `-${name}` : flagText(name)
  const command = given.has('serve') ? 'serve' : word
  const own: readonly string[] = Object.hasOwn(commands, command)
    ? ['serve', 'help', 'version', ...commands[command as CommandName].flags]
    : Object.keys(flags)
  const known = Object.entries(flags)
    .filter(([each, row]: [string, FlagRow]) => row.hidden !== true && own.includes(each))
    .map(([each]) => flagText(each))
  return new UsageError(`unknown flag '${written}'${suggestion(written, known)}`)
}

function unknownCommand(word: string): UsageError {
  const named = Object.keys(commands).filter(isCommand)
  const hint = suggestion(word, [...named, 'help', '--serve', '--version', '--help'])
  const guess = /[.:]|^localhost$/.test(word) ? ` (did you mean 'tchat connect ${word}'?)` : hint
  return new UsageError(`unknown command '${word}'${guess}`)
}

function suggestion(word: string, known: readonly string[]): string {
  const near = nearWord(word, known)
  return near === undefined ? "; 'tchat --help' lists what there is" : ` (did you mean '${near}'?)`
}
