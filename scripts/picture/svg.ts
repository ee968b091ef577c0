import type { Cell, Colour } from '../../test/support/pty.ts'

/** A terminal's screen as an SVG picture: text stays text, and each run has its exact width. */

const CELL_WIDTH = 8.4
const CELL_HEIGHT = 18
const BASELINE = 13.5
const MARGIN = 10
const FONTS =
  "'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', 'Noto Color Emoji', monospace"

/** What a terminal chooses for itself: its ink, its paper, and the first sixteen colours. */
type Scheme = Readonly<{ ink: string; paper: string; basic: readonly string[] }>

const schemes = {
  dark: {
    ink: '#d4d7dd',
    paper: '#16181d',
    basic: [
      ...['#1d1f21', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#c8ccd4'],
      ...['#7f848e', '#ff7b86', '#b1e18b', '#efd58c', '#7cc5ff', '#d98cf0', '#6fd3df', '#ffffff'],
    ],
  },
  light: {
    ink: '#24272e',
    paper: '#fbfaf7',
    basic: [
      ...['#24272e', '#b31d28', '#22863a', '#8a6d00', '#005cc5', '#8250a8', '#1b7c83', '#d1d5da'],
      ...['#6a737d', '#cb2431', '#28a745', '#b08800', '#2188ff', '#a371f7', '#3192aa', '#ffffff'],
    ],
  },
} as const satisfies Readonly<Record<string, Scheme>>

export type SchemeName = keyof typeof schemes

/** `name`: as a terminal of that kind shows it. */
export function screenSvg(
  rows: readonly (readonly Cell[])[],
  columns: number,
  name: SchemeName,
): string {
  const scheme = schemes[name]
  const width = columns * CELL_WIDTH + 2 * MARGIN
  const height = rows.length * CELL_HEIGHT + 2 * MARGIN
  const runs = rows.flatMap((row, y) => runsOf(row).map((run) => drawRun(run, y, scheme)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" font-family="${FONTS}" font-size="14">`,
    `<rect width="100%" height="100%" rx="6" fill="${scheme.paper}"/>`,
    ...runs.filter((run) => run !== ''),
    '</svg>\n',
  ].join('\n')
}

type Run = { cells: Cell[]; column: number; columns: number }

/** Neighbours that look alike. A wide or unusual character is a run of its own: fonts disagree. */
function runsOf(row: readonly Cell[]): Run[] {
  const runs: Run[] = []
  for (const cell of row) {
    const last = runs.at(-1)
    const [before] = last?.cells.slice(-1) ?? []
    if (last !== undefined && before !== undefined && joins(before, cell)) {
      last.cells.push(cell)
      last.columns += cell.columns
    } else {
      runs.push({ cells: [cell], column: cell.column, columns: cell.columns })
    }
  }
  return runs
}

function joins(left: Cell, right: Cell): boolean {
  return isPlain(left) && isPlain(right) && styleOf(left) === styleOf(right)
}

function isPlain({ text }: Cell): boolean {
  return /^[ -~─]$/.test(text)
}

function styleOf({ column: _column, columns: _columns, text: _text, ...style }: Cell): string {
  return JSON.stringify(style)
}

function drawRun({ cells, column, columns }: Run, row: number, scheme: Scheme): string {
  const [cell] = cells
  if (cell === undefined) return ''
  const text = cells.map((each) => each.text).join('')
  const [ink, paper] = coloursOf(cell, scheme)
  const x = round(MARGIN + column * CELL_WIDTH)
  const y = MARGIN + row * CELL_HEIGHT
  const width = round(columns * CELL_WIDTH)
  const box =
    paper === scheme.paper
      ? ''
      : `<rect x="${x}" y="${y}" width="${width}" height="${CELL_HEIGHT}" fill="${paper}"/>`
  if (text.trim() === '') return box
  const style = attributes(cell)
  return `${box}<text x="${x}" y="${y + BASELINE}" textLength="${width}" fill="${ink}"${style} xml:space="preserve">${escapeXml(text)}</text>`
}

function attributes({ bold, dim, italic, underline }: Cell): string {
  return [
    bold ? ' font-weight="bold"' : '',
    dim ? ' opacity="0.6"' : '',
    italic ? ' font-style="italic"' : '',
    underline ? ' text-decoration="underline"' : '',
  ].join('')
}

function coloursOf(
  { foreground, background, inverse }: Cell,
  scheme: Scheme,
): readonly [string, string] {
  const ink = colour(foreground, scheme.ink, scheme)
  const paper = colour(background, scheme.paper, scheme)
  return inverse ? [paper, ink] : [ink, paper]
}

function colour(wanted: Colour, otherwise: string, { basic }: Scheme): string {
  if (wanted.kind === 'default') return otherwise
  if (wanted.kind === 'rgb') return hex(wanted.value)
  return basic[wanted.index] ?? hex(cubeColour(wanted.index))
}

/** xterm's 6×6×6 cube (16 to 231) and 24 greys (232 to 255). */
function cubeColour(index: number): number {
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10
    return grey * 0x010101
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40)
  const place = index - 16
  const red = level(Math.floor(place / 36))
  const green = level(Math.floor(place / 6) % 6)
  return red * 0x10000 + green * 0x100 + level(place % 6)
}

function hex(value: number): string {
  return `#${value.toString(16).padStart(6, '0')}`
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
