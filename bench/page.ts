import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PAGE = fileURLToPath(new URL('../docs/PERFORMANCE.md', import.meta.url))

/** Puts a table into docs/PERFORMANCE.md, for the one with the same head. @throws Error: there is none */
export function writeTable(table: string): void {
  writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8'), table))
}

function withTable(page: string, table: string): string {
  const lines = page.split('\n')
  const [head = ''] = table.split('\n')
  const from = lines.indexOf(head)
  if (from < 0) throw new Error(`docs/PERFORMANCE.md has no table that begins with '${head}'`)
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'))
  return lines.toSpliced(from, length, table).join('\n')
}
