import type { Cell, Colour } from '../test/support/pty.ts'

/** A terminal's screen as an SVG picture: text stays text, and each run has its exact width. */

const CELL_WIDTH = 8.4
const CELL_HEIGHT = 18
const BASELINE = 13.5
const MARGIN = 10
const FOREGROUND = '#d4d7dd'
const BACKGROUND = '#16181d'
const FONTS =
  "'DejaVu Sans Mono', Menlo, Consolas, 'Noto Sans Mono CJK SC', 'Noto Color Emoji', monospace"

/** The first sixteen colours, which every terminal chooses for itself. */
const BASIC = [
  ...['#1d1f21', '#e06c75', '#98c379', '#e5c07b', '#61afef', '#c678dd', '#56b6c2', '#c8ccd4'],
  ...['#7f848e', '#ff7b86', '#b1e18b', '#efd58c', '#7cc5ff', '#d98cf0', '#6fd3df', '#ffffff'],
]

export function screenSvg(rows: readonly (readonly Cell[])[], columns: number): string {
  const width = columns * CELL_WIDTH + 2 * MARGIN
  const height = rows.length * CELL_HEIGHT + 2 * MARGIN
  const runs = rows.flatMap((row, y) => runsOf(row).map((run) => drawRun(run, y)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(width)} ${round(height)}" font-family="${FONTS}" font-size="14">`,
    `<rect width="100%" height="100%" rx="6" fill="${BACKGROUND}"/>`,
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
  return /^[ -~]$/.test(text)
}

function styleOf({ column: _column, columns: _columns, text: _text, ...style }: Cell): string {
  return JSON.stringify(style)
}

function drawRun({ cells, column, columns }: Run, row: number): string {
  const [cell] = cells
  if (cell === undefined) return ''
  const text = cells.map((each) => each.text).join('')
  const [ink, paper] = coloursOf(cell)
  const x = round(MARGIN + column * CELL_WIDTH)
  const y = MARGIN + row * CELL_HEIGHT
  const width = round(columns * CELL_WIDTH)
  const box =
    paper === BACKGROUND
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

function coloursOf({ foreground, background, inverse }: Cell): [string, string] {
  const ink = colour(foreground, FOREGROUND)
  const paper = colour(background, BACKGROUND)
  return inverse ? [paper, ink] : [ink, paper]
}

function colour(wanted: Colour, otherwise: string): string {
  if (wanted.kind === 'default') return otherwise
  if (wanted.kind === 'rgb') return hex(wanted.value)
  return BASIC[wanted.index] ?? hex(cubeColour(wanted.index))
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
