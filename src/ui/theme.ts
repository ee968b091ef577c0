/**
 * Colours by meaning. None is the only carrier of its meaning: a sign or a word always says the
 * same, so that `NO_COLOR` (no-color.org) and a colour-blind reader lose nothing.
 */
export type Theme = Readonly<Record<Meaning, Style>> & Readonly<{ person: (id: string) => Style }>

/** Puts a style's sequences around a text of one row. */
export type Style = (text: string) => string

export type Meaning =
  | 'faint'
  | 'strong'
  | 'accent'
  | 'good'
  | 'careful'
  | 'bad'
  | 'mine'
  | 'unread'
  | 'chosen'
  /** A word that was searched for; underlined, too. */
  | 'match'

/** SGR parameters: what begins the style and what ends it. */
type Sgr = readonly [number | string, number]

const COLOURS: Readonly<Record<Meaning, readonly Sgr[]>> = {
  faint: [[2, 22]],
  strong: [[1, 22]],
  accent: [[36, 39]],
  good: [[32, 39]],
  careful: [[33, 39]],
  bad: [[31, 39]],
  mine: [[36, 39]],
  unread: [
    [1, 22],
    [33, 39],
  ],
  chosen: [[7, 27]],
  match: [
    [1, 22],
    [4, 24],
    [33, 39],
  ],
}

/** Names' colours: the six of the terminal's own palette that differ from white and black. */
const PERSON_COLOURS = [31, 32, 33, 34, 35, 36]

/** The styles for that terminal: none of them colours where NO_COLOR is set. */
export function createTheme(env: Readonly<Record<string, string | undefined>>): Theme {
  const colour = (env['NO_COLOR'] ?? '') === ''
  const styles = Object.fromEntries(
    Object.entries(COLOURS).map(([meaning, sgrs]) => [meaning, styleOf(sgrs, colour)]),
  ) as Record<Meaning, Style>
  const people = PERSON_COLOURS.map((code) => styleOf([[code, 39]], colour))
  return { ...styles, person: (id) => people[hash(id) % people.length] ?? plain }
}

function styleOf(sgrs: readonly Sgr[], colour: boolean): Style {
  const used = colour ? sgrs : sgrs.filter(([code]) => typeof code === 'number' && code < 30)
  if (used.length === 0) return plain
  const begin = used.map(([code]) => `\x1b[${code}m`).join('')
  const end = used.map(([, code]) => `\x1b[${code}m`).join('')
  return (text) => (text === '' ? '' : begin + text + end)
}

function plain(text: string): string {
  return text
}

/** FNV-1a, 32 bits: the same person has the same colour in every session. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  }
  return value >>> 0
}
