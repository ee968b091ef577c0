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
  variableOf,
} from '../src/cli/command-line.ts'

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

function commandTables(): string {
  const rows = Object.values(commands).flatMap((command: CommandRow) => [
    `| **\`${command.usage}\`** | ${command.help} | |`,
    ...command.flags.filter(isShown).map((flag) => flagRow(flag, variableOf(command, flag))),
  ])
  return ['| command, flag | meaning | variable |', '| --- | --- | --- |', ...rows].join('\n')
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
