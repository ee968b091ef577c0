import type { ColourDepth } from './appearance/colour-depth.ts'
import type { Meaning, Palette } from './appearance/palettes.ts'
import { type Style, styleOf } from './appearance/sequences.ts'

export type { Style }

/** Colours by meaning, and those of names by who it is. */
export type Theme = Readonly<Record<Meaning, Style>> & Readonly<{ person: (id: string) => Style }>

/** The styles of a palette on a terminal with that many colours. */
export function createTheme({ people, ...inks }: Palette, depth: ColourDepth): Theme {
  const styles = Object.fromEntries(
    Object.entries(inks).map(([meaning, ink]) => [meaning, styleOf(ink, depth)]),
  ) as Record<Meaning, Style>
  // A terminal's own colours are few: no two names shall differ by their place in the list alone.
  const known = depth === '16' ? people.filter(isFirstOfItsAnsi) : people
  const named = known.map((ink) => styleOf(ink, depth))
  return { ...styles, person: (id) => named[hash(id) % named.length] ?? styles.strong }
}

function isFirstOfItsAnsi(
  { ansi }: Palette['people'][number],
  index: number,
  all: Palette['people'],
) {
  return all.findIndex((ink) => ink.ansi === ansi) === index
}

/** FNV-1a, 32 bits: the same person has the same colour in every session. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  return value >>> 0
}
