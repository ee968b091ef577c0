import {
  type CommandName,
  type CommandRow,
  commands,
  type FlagName,
  type FlagRow,
  flags,
  flagText,
} from './command-line.ts'

/** What `--help` prints. */
export function helpText(): string {
  const names = Object.keys(commands) as CommandName[]
  const parts = [
    'tchat: chat that lives in the terminal',
    ...names.map(commandHelp),
    ['tchat --version', 'tchat --help'].join('\n'),
    'A flag wins over its environment variable. Documentation: README.md in the package.',
  ]
  return parts.join('\n\n')
}

/** One command and its flags. */
export function commandHelp(name: CommandName): string {
  const row: CommandRow = commands[name]
  const lines = row.flags.filter((flag) => !isHidden(flag)).map(flagLine)
  return [`${row.usage}`, `    ${row.help}`, ...lines].join('\n')
}

const FLAG_COLUMNS = 22

function flagLine(name: FlagName): string {
  const row: FlagRow = flags[name]
  const written = row.value === undefined ? flagText(name) : `${flagText(name)} ${row.value}`
  const env = row.env === undefined ? '' : ` [${row.env}]`
  return `    ${`${written} `.padEnd(FLAG_COLUMNS)}${row.help}${env}`
}

function isHidden(name: FlagName): boolean {
  const row: FlagRow = flags[name]
  return row.hidden === true
}
