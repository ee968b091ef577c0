import type { ColourDepth } from './colour-depth.ts'
import type { Attribute, Ink } from './palettes.ts'

/** SGR parameters: what begins an attribute and what ends it. */
const ATTRIBUTES: Readonly<Record<Attribute, readonly [number, number]>> = {
  bold: [1, 22],
  faint: [2, 22],
  italic: [3, 23],
  underlined: [4, 24],
  inverse: [7, 27],
  struck: [9, 29],
}
const FOREGROUND_END = 39

/** Puts a style's sequences around a text of one row. */
export type Style = (text: string) => string

/** How an ink is drawn on a terminal with that many colours. */
export function styleOf(ink: Ink, depth: ColourDepth): Style {
  const colour = colourCode(ink, depth)
  const attributes = [
    ...(ink.attributes ?? []),
    ...(colour === undefined ? (ink.otherwise ?? []) : []),
  ].map((name) => ATTRIBUTES[name])
  const used: readonly (readonly [number | string, number])[] =
    colour === undefined ? attributes : [...attributes, [colour, FOREGROUND_END]]
  if (used.length === 0) return (text) => text
  const begin = used.map(([code]) => `\x1b[${code}m`).join('')
  const end = used.map(([, code]) => `\x1b[${code}m`).join('')
  return (text) => (text === '' ? '' : begin + text + end)
}

function colourCode({ hex, ansi }: Ink, depth: ColourDepth): string | number | undefined {
  if (depth === 'none') return undefined
  if (depth === '16') return ansi
  if (hex === undefined) return undefined
  return depth === 'truecolor' ? `38;2;${channels(hex).join(';')}` : `38;5;${near256(hex)}`
}

/** '#5fd7ff' → [95, 215, 255] */
export function channels(hex: string): readonly [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 0xff, value & 0xff]
}

/** The levels of the 6 × 6 × 6 cube that the palette of 256 has. */
const LEVELS = [0x00, 0x5f, 0x87, 0xaf, 0xd7, 0xff]

/** The nearest of the 256: of the cube, or of the greys. */
export function near256(hex: string): number {
  const wanted = channels(hex)
  const steps = wanted.map((value) => nearest(LEVELS, value))
  const [red = 0, green = 0, blue = 0] = steps
  const cube = steps.map((step) => LEVELS[step] ?? 0)
  const mean = wanted.reduce((sum, value) => sum + value, 0) / wanted.length
  const grey = Math.max(0, Math.min(23, Math.round((mean - 8) / 10)))
  const level = 8 + 10 * grey
  const isGrey = distance(wanted, [level, level, level]) < distance(wanted, cube)
  return isGrey ? 232 + grey : 16 + 36 * red + 6 * green + blue
}

function nearest(levels: readonly number[], value: number): number {
  const gaps = levels.map((level) => Math.abs(level - value))
  return gaps.indexOf(Math.min(...gaps))
}

function distance(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + (value - (other[index] ?? 0)) ** 2, 0)
}
