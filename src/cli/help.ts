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

/** What `--help` prints: of everything, or in full of the command that is named with it. */
export function helpText([first = '', second = '']: readonly string[] = []): string {
  const named = first === 'help' ? second : first
  const names = Object.keys(commands) as CommandName[]
  const name = names.find((one) => one === named)
  if (name !== undefined) return [commandHelp(name), ...(manual[name] ?? [])].join('\n\n')
  const parts = [
    'tchat: chat that lives in the terminal',
    ...names.map(commandHelp),
    ['tchat --version', 'tchat --help'].join('\n'),
    "A flag wins over its environment variable. 'tchat send --help' and its like say more of a command. Documentation: README.md in the package.",
  ]
  return parts.join('\n\n')
}

/** One command and its flags. */
function commandHelp(name: CommandName): string {
  const row: CommandRow = commands[name]
  const shown = row.flags.filter((flag) => !isHidden(flag))
  const lines = shown.map((flag) => flagLine(flag, variableOf(row, flag)))
  return [`${row.usage}`, `    ${row.help}`, ...lines].join('\n')
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
