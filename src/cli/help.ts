import {
  type CommandName,
  type CommandRow,
  commands,
  type FlagName,
  type FlagRow,
  flags,
  flagText,
  variableOf,
} from './command-line.ts'
import { manual } from './manual.ts'

/** What `--help` prints: which commands there are, or all of the one that is named with it. */
export function helpText([first = '', second = '']: readonly string[] = []): string {
  const named = first === 'help' ? second : first
  const names = Object.keys(commands) as CommandName[]
  const name = names.find((one) => one === named)
  if (name !== undefined) return [commandHelp(name), ...(manual[name] ?? [])].join('\n\n')
  const parts = [
    'tchat: chat that lives in the terminal',
    names.map(meaningOf).join('\n'),
    "'tchat connect --help' and its like say all of a command, its flags too; of plain 'tchat' it is 'tchat help start'. 'tchat --version' prints the version. Documentation: README.md in the package.",
  ]
  return parts.join('\n\n')
}

function meaningOf(name: CommandName): string {
  const { usage, help } = commands[name]
  return `${usage}\n    ${help}`
}

/** One command and its flags. */
function commandHelp(name: CommandName): string {
  const row: CommandRow = commands[name]
  const shown = row.flags.filter((flag) => !isHidden(flag))
  const lines = shown.map((flag) => flagLine(flag, variableOf(row, flag)))
  const over = shown.length === 0 ? [] : ['', 'A flag wins over its environment variable.']
  return [meaningOf(name), ...lines, ...over].join('\n')
}

const FLAG_COLUMNS = 22

function flagLine(name: FlagName, variable: string | undefined): string {
  const row: FlagRow = flags[name]
  const written = row.value === undefined ? flagText(name) : `${flagText(name)} ${row.value}`
  const env = variable === undefined ? '' : ` [${variable}]`
  return `    ${`${written} `.padEnd(FLAG_COLUMNS)}${row.help}${env}`
}

function isHidden(name: FlagName): boolean {
  const row: FlagRow = flags[name]
  return row.hidden === true
}
