/** `npm run docs`: writes the parts of README.md that are derived from tables in the program. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  type CommandRow,
  commands,
  type FlagName,
  type FlagRow,
  flags,
  flagText,
  SCREEN_FLAGS,
  variableOf,
} from '../src/cli/command-line.ts'
import { ACCOUNT_FLAGS, pipeCommands } from '../src/cli/pipe/commands.ts'

const README = fileURLToPath(new URL('../README.md', import.meta.url))

/** The text with every derived part as it should be. */
export function derivedReadme(text: string): string {
  return Object.entries(parts).reduce((result, [name, part]) => fill(result, name, part()), text)
}

export function readReadme(): string {
  return readFileSync(README, 'utf8')
}

const parts: Readonly<Record<string, () => string>> = {
  flags: commandTables,
}

function fill(text: string, name: string, part: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const from = text.indexOf(start)
  const to = text.indexOf(end)
  if (from < 0 || to < from) throw new Error(`README.md has no place ${start} … ${end}`)
  return `${text.slice(0, from + start.length)}\n\n${part}\n\n${text.slice(to)}`
}

type Shared = Readonly<{ title: string; flags: readonly FlagName[]; of: CommandRow }>

/** Flags that several commands take: they stand at the end, once. */
const shared: readonly Shared[] = [
  { title: 'of the screen', flags: SCREEN_FLAGS, of: commands.connect },
  { title: 'of the account', flags: ACCOUNT_FLAGS, of: pipeCommands.send },
]

function commandTables(): string {
  const rows = [...Object.values(commands).flatMap(commandRows), ...shared.flatMap(sharedRows)]
  return ['| command, flag | meaning | variable |', '| --- | --- | --- |', ...rows].join('\n')
}

function commandRows(command: CommandRow): readonly string[] {
  const taken = shared.filter(({ flags: all }) => all.every((flag) => command.flags.includes(flag)))
  const more = taken.map(({ title }) => `; also the flags ${title}, below`).join('')
  const own = command.flags.filter((flag) => !taken.some(({ flags: all }) => all.includes(flag)))
  const usage = command.usage.replaceAll('|', '\\|')
  return [`| **\`${usage}\`** | ${command.help}${more} | |`, ...flagRows(own, command)]
}

function sharedRows({ title, flags: all, of }: Shared): readonly string[] {
  return [`| **flags ${title}** | | |`, ...flagRows(all, of)]
}

function flagRows(names: readonly FlagName[], command: CommandRow): readonly string[] {
  return names.filter(isShown).map((flag) => flagRow(flag, variableOf(command, flag)))
}

function isShown(name: FlagName): boolean {
  const row: FlagRow = flags[name]
  return row.hidden !== true
}

function flagRow(name: FlagName, env: string | undefined): string {
  const { value, help }: FlagRow = flags[name]
  const written = value === undefined ? flagText(name) : `${flagText(name)} ${value}`
  return `| \`${written}\` | ${help} | ${env === undefined ? '' : `\`${env}\``} |`
}

if (import.meta.main) writeFileSync(README, derivedReadme(readReadme()))
