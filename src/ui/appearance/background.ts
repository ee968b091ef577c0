export type Background = 'dark' | 'light'

/** Asks the terminal for its background (OSC 11); those that know nothing of it stay silent. */
export const ASK_BACKGROUND = '\x1b]11;?\x1b\\'

/** Of the brightness of white; above it letters have to be dark. */
const LIGHT_FROM = 0.5

/** What the terminal answers to ASK_BACKGROUND; undefined: it is another answer. */
export function answeredBackground(reply: string): Background | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the answer begins with one.
  const [, rgb] = /^\x1b\]11;rgba?:([\da-f/]+)/i.exec(reply) ?? []
  if (rgb === undefined) return undefined
  const [red = 0, green = 0, blue = 0] = rgb.split('/').map(part)
  return 0.299 * red + 0.587 * green + 0.114 * blue > LIGHT_FROM ? 'light' : 'dark'
}

/** What COLORFGBG says, as rxvt and Konsole set it ('0;15'); dark where it says nothing. */
export function toldBackground(env: Readonly<Record<string, string | undefined>>): Background {
  const colour = /;(\d+)$/.exec(env['COLORFGBG'] ?? '')?.[1]
  return colour === '7' || colour === '15' ? 'light' : 'dark'
}

/** 'ff', 'ffff' → 1. */
function part(digits: string): number {
  return Number.parseInt(digits, 16) / (16 ** digits.length - 1)
}
