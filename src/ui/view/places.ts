import { firstGrapheme } from '../text/graphemes.ts'
import { RISKY } from '../text/widest.ts'

/**
 * Terminals disagree about how many cells some emoji take, and Ink counts on one answer: it repaints
 * a changed row from the first changed column on, and pads a row up to the pane at its right. A mark
 * that passes through Ink as a link does makes it repaint a row with such emoji as a whole; on the
 * way to the terminal the mark becomes the move to the column that it names, or nothing.
 */
const LINK = '\x1b]8;'
const MARK = `${LINK};tchat:`
const OTHER_SCREEN = '\x1b[?1049h'
const MARK_END = '\x1b]8;;\x1b\\'

/**
 * The row of a column, so that it is right wherever its text ends on this terminal. Whatever is not
 * ASCII is marked: Ink measures both rows to find what changed, and to write all costs far less.
 */
export function steady(row: string): string {
  // A link does the same already.
  if (ASCII.test(row) || row.includes(LINK)) return row
  const styles = STYLES.exec(row)?.[0] ?? ''
  const first = firstGrapheme(row.slice(styles.length))
  return styles + marked(first, 0) + row.slice(styles.length + first.length)
}

/** The row of a column that begins in that one, from 0, beside such a `text`. */
export function placedBeside(text: string, row: string, column: number): string {
  const [first = ''] = row
  return RISKY.test(text) ? marked(first, column + 1) + row.slice(first.length) : row
}

/** What Ink writes, as the terminal gets it. */
export function withPlaces(text: string): string {
  if (!text.includes(MARK)) return text
  return text.replace(PLACED, (_, blanks: string, column: string, first: string) =>
    column === '0' ? blanks + first : `\x1b[${column}G${first}`,
  )
}

/** The terminal as Ink writes to it. `signs`: what is written in signs that the terminal has. */
export function placingStdout(
  stdout: NodeJS.WriteStream,
  signs: (text: string) => string,
): NodeJS.WriteStream {
  const write = (text: string | Uint8Array, ...rest: readonly never[]): boolean =>
    stdout.write(typeof text === 'string' ? signs(fromCorner(withPlaces(text))) : text, ...rest)
  return new Proxy(stdout, {
    get: (target, name) => {
      if (name === 'write') return write
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** Terminals enter the other screen where the cursor was in the shell; Ink draws from where it is. */
function fromCorner(text: string): string {
  return text.replace(OTHER_SCREEN, `${OTHER_SCREEN}\x1b[H`)
}

function marked(first: string, column: number): string {
  return `${MARK}${column}\x1b\\${first}${MARK_END}`
}

/* biome-ignore-start lint/suspicious/noControlCharactersInRegex: they are what is looked for. */
const ASCII = /^[\x00-\x7f]*$/
const STYLES = /^(?:\x1b\[[\d;]*m)*/
const PLACED = /( *)\x1b\]8;;tchat:(\d+)\x1b\\([^\x1b]*)\x1b\]8;;\x1b\\/gu
/* biome-ignore-end lint/suspicious/noControlCharactersInRegex: they are what is looked for. */
