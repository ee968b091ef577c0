/** The rows of the commands for pipes in the table of all commands. */

/** Which account it is, and how to log in to it. */
export const ACCOUNT_FLAGS = [
  'server',
  'user',
  'trust',
  'plaintext',
  'passwordCommand',
  'config',
] as const

/** What only these commands take. */
export const pipeFlags = {
  passwordCommand: {
    type: 'string',
    value: 'COMMAND',
    help: 'the first line that this command prints is the password (or: TCHAT_PASSWORD)',
  },
  register: { type: 'boolean', help: 'make the account first; a taken name is an error' },
  discard: { type: 'boolean', help: 'drop what was not sent yet' },
  waitDelivered: { type: 'boolean', help: 'wait until it has reached everybody it is for' },
  timeout: {
    type: 'string',
    value: 'SECONDS',
    help: 'give up after so long; a message is taken back then',
  },
  lines: { type: 'boolean', help: 'each line of standard input is a message' },
  since: {
    type: 'string',
    value: 'WHEN',
    help: 'begin after the message of that number (with one TARGET), at a time, or 10m ago',
  },
  follow: { type: 'boolean', help: 'go on with what comes (the default)' },
  noFollow: { type: 'boolean', help: 'end with what there is' },
  before: { type: 'string', value: 'N', help: 'only messages before that number' },
  limit: { type: 'string', value: 'N', help: 'at most so many (50, or all with --since)' },
  private: { type: 'boolean', help: 'a group that one enters by invitation' },
} as const

/** What stands for a flag of these commands when it is not given. */
const VARIABLES = { server: 'TCHAT_SERVER', user: 'TCHAT_USER' } as const

export const pipeCommands = {
  login: {
    usage: 'tchat login --server HOST[:PORT] --user NAME',
    help: 'log in, so that the commands below need no password',
    flags: [...ACCOUNT_FLAGS, 'register', 'json'],
    variables: VARIABLES,
  },
  logout: {
    usage: 'tchat logout',
    help: 'end that session, and leave nothing of it here',
    flags: [...ACCOUNT_FLAGS, 'discard', 'json'],
    variables: VARIABLES,
  },
  send: {
    usage: 'tchat send TARGET [TEXT…]',
    help: "say something to a user or a '#group': TEXT, or standard input ('-' or a pipe); exit code 0 means that the server has it on disk",
    flags: [...ACCOUNT_FLAGS, 'lines', 'waitDelivered', 'timeout', 'json'],
    variables: VARIABLES,
  },
  tail: {
    usage: 'tchat tail [TARGET…]',
    help: 'what was said since the account last got something, and what comes; counts as delivered, not as read',
    flags: [...ACCOUNT_FLAGS, 'since', 'follow', 'noFollow', 'json'],
    variables: VARIABLES,
  },
  ls: {
    usage: 'tchat ls',
    help: 'the conversations of the account, and what is unread in them',
    flags: [...ACCOUNT_FLAGS, 'json'],
    variables: VARIABLES,
  },
  history: {
    usage: 'tchat history TARGET',
    help: 'what was said there, the oldest first',
    flags: [...ACCOUNT_FLAGS, 'since', 'before', 'limit', 'json'],
    variables: VARIABLES,
  },
  groups: {
    usage: 'tchat groups [VERB …]',
    help: 'list, find [NAME], create GROUP [MEMBER…], join GROUP [INVITE], quit GROUP, members GROUP, add GROUP USER…, remove GROUP USER',
    flags: [...ACCOUNT_FLAGS, 'private', 'json'],
    variables: VARIABLES,
  },
  completions: {
    usage: 'tchat completions bash|zsh|fish',
    help: 'completions for a shell, to be read by it at its start',
    flags: [],
  },
} as const

export type PipeCommand = Exclude<keyof typeof pipeCommands, 'completions'>

/** What `tchat groups` does: the form of the arguments, and how many there are. */
export const groupVerbs = {
  list: { args: '', least: 0, most: 0 },
  find: { args: '[NAME]', least: 0, most: 1 },
  create: { args: 'GROUP [MEMBER…]', least: 1, most: 101 },
  join: { args: 'GROUP [INVITE]', least: 1, most: 2 },
  quit: { args: 'GROUP', least: 1, most: 1 },
  members: { args: 'GROUP', least: 1, most: 1 },
  add: { args: 'GROUP USER…', least: 2, most: 101 },
  remove: { args: 'GROUP USER', least: 2, most: 2 },
} as const

export type GroupVerb = keyof typeof groupVerbs
