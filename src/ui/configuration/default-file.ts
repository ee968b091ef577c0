import { wrapText } from '../text/wrap.ts'
import { fileName, type Option, options, serverOptions } from './options.ts'
import { allowed } from './values.ts'

const COLUMNS = 98

/** A configuration file in which every option stands as a comment, with its default and meaning. */
export function defaultFile(): string {
  const sections = Object.entries<Readonly<Record<string, Option>>>(options).map(section)
  const servers = [
    ...comment(
      "Servers that 'tchat connect NAME', 'tchat send --server NAME' and the start screen know; one section for each.",
    ),
    '# [[servers]]',
    ...Object.entries(serverOptions).flatMap(([name, option]) => [
      ...comment(option.meaning),
      `# ${name} = ${JSON.stringify(EXAMPLES[name] ?? '')}`,
    ]),
  ]
  const head = [
    ...comment(
      "tchat's configuration, in TOML (toml.io). What stands behind # is the default: take the # away to change it. 'tchat config' tells what is wrong in this file.",
    ),
  ]
  return `${[head, ...sections, servers].map((lines) => lines.join('\n')).join('\n\n')}\n`
}

const EXAMPLES: Readonly<Record<string, string>> = {
  name: 'office',
  address: 'chat.example.org:8000',
  user: 'me',
}

function section([name, rows]: readonly [string, Readonly<Record<string, Option>>]): string[] {
  const lines = Object.entries(rows).flatMap(([option, row]) =>
    row.kind === 'bindings'
      ? [...comment(row.meaning), `# [${name}.${fileName(option)}]`, '# "ctrl+o" = "nextUnread"']
      : [
          ...comment(`${row.meaning}${kindWords(row)}`),
          `# ${fileName(option)} = ${tomlOf(row.default)}`,
        ],
  )
  return [`[${name}]`, ...lines]
}

function kindWords(row: Option): string {
  return row.kind === 'choice' || row.kind === 'count' ? ` (${allowed(row)})` : ''
}

/** A value as the file has it. */
function tomlOf(value: unknown): string {
  return JSON.stringify(value).replace(/","/g, '", "')
}

function comment(text: string): string[] {
  return wrapText(text, COLUMNS).map((row) => `# ${row.trimEnd()}`)
}
