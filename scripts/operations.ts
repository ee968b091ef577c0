/** `npm run docs`: writes the table of verbs in docs/OPERATIONS.md. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { verbRows } from '../src/cli/admin/arguments.ts'

const PAGE = fileURLToPath(new URL('../docs/OPERATIONS.md', import.meta.url))
const [START, END] = ['<!-- verbs -->', '<!-- /verbs -->']

/** The text with the table as it should be. */
export function derivedOperations(text: string): string {
  const [from, to] = [text.indexOf(START), text.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`OPERATIONS.md has no place ${START} … ${END}`)
  return `${text.slice(0, from + START.length)}\n\n${verbTable()}\n\n${text.slice(to)}`
}

export function readOperations(): string {
  return readFileSync(PAGE, 'utf8')
}

function verbTable(): string {
  const rows = verbRows().map(({ usage, meaning, owner }) => {
    const who = owner ? 'owner' : 'operator'
    return `| \`${usage.replaceAll('|', '\\|')}\` | ${who} | ${meaning} |`
  })
  return ['| verb | who | what |', '| --- | --- | --- |', ...rows].join('\n')
}

if (import.meta.main) writeFileSync(PAGE, derivedOperations(readOperations()))
