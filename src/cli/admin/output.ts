import type { Row } from '../../server/admin/report.ts'
import { textWidth } from '../../ui/text/width.ts'

/** Columns whose numbers are times, milliseconds since 1970. */
const TIMES: ReadonlySet<string> = new Set(['created', 'used', 'expires', 'time'])

/** One object a line, for other programs; nothing in it moves a terminal's cursor. */
export function jsonLines(rows: readonly Row[]): string {
  return rows.map((row) => `${escaped(JSON.stringify(row))}\n`).join('')
}

/** For people: one row as a list, several as a table, each kind of rows by itself. */
export function tables(rows: readonly Row[]): string {
  return kindsOf(rows)
    .map((kind) => (kind.length === 1 ? list(kind) : table(kind)))
    .join('\n')
}

/** Rows behind one another that have the same fields. */
function kindsOf(rows: readonly Row[]): readonly (readonly Row[])[] {
  const kinds: Row[][] = []
  let fields = ''
  for (const row of rows) {
    const own = Object.keys(row)
      .filter((name) => name !== 'reason')
      .join()
    if (own === fields) kinds.at(-1)?.push(row)
    else kinds.push([row])
    fields = own
  }
  return kinds
}

function list(rows: readonly Row[]): string {
  const cells = rows.flatMap((row) => Object.entries(row).map(([name, value]) => [name, value]))
  const width = Math.max(0, ...cells.map(([name]) => String(name).length)) + 2
  return cells
    .map(([name, value]) => `${String(name).padEnd(width)}${shown(String(name), value)}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('')
}

function table(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const lines = [names, ...rows.map((row) => names.map((name) => shown(name, row[name])))]
  const widths = names.map((_, at) => Math.max(...lines.map((line) => textWidth(line[at] ?? ''))))
  return lines.map((line) => `${joined(line, widths).trimEnd()}\n`).join('')
}

function joined(line: readonly string[], widths: readonly number[]): string {
  return line.map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - textWidth(cell))).join('  ')
}

function shown(name: string, value: unknown): string {
  if (value === undefined) return ''
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number' && TIMES.has(name) && value > 1e12) return minute(value)
  return escaped(typeof value === 'object' ? JSON.stringify(value) : String(value))
}

/** `2026-01-31 23:59`, in local time. */
function minute(time: number): string {
  const date = new Date(time - new Date(time).getTimezoneOffset() * 60_000)
  return date.toISOString().slice(0, 16).replace('T', ' ')
}

/** Names of devices are what strangers say: no control character, nothing that turns text. */
function escaped(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code > 0xffff ? '' : `\\u${code.toString(16).padStart(4, '0')}`
  })
}
