import type { Configuration } from '../configuration/options.ts'
import { graphemes } from '../text/graphemes.ts'

/** How a terminal is asked for a notification: OSC 9 (a text), OSC 777 (a title and a text). */
export type Dialect = 'none' | 'osc9' | 'osc777'

type Env = Readonly<Record<string, string | undefined>>

export const BELL = '\x07'

/** What is shown of a title and of a text, in characters. */
const TITLE_MAX = 60
const BODY_MAX = 160
/** So many UTF-16 units are looked at for each of them. */
const CHARACTER_UNITS = 8

/**
 * What the terminal takes, by its name in the environment. Within tmux and over ssh the variables
 * of the terminal outside count where they were handed on. One that is not known gets none: some
 * print what they do not understand.
 */
export function dialectOf(option: Configuration['notify']['terminal'], env: Env): Dialect {
  if (option !== 'auto') return option === 'off' ? 'none' : option
  return HINTS.find(({ name, is }) => is.test(env[name] ?? ''))?.dialect ?? 'none'
}

type Hint = Readonly<{ name: string; is: RegExp; dialect: Exclude<Dialect, 'none'> }>

/** Of a terminal that takes both, the one that keeps title and text apart. */
const HINTS: readonly Hint[] = [
  { name: 'LC_TERMINAL', is: /^iTerm2$/, dialect: 'osc9' },
  { name: 'TERM_PROGRAM', is: /^iTerm\.app$/, dialect: 'osc9' },
  { name: 'TERM_PROGRAM', is: /^(WezTerm|ghostty|WarpTerminal)$/, dialect: 'osc777' },
  { name: 'KITTY_WINDOW_ID', is: /./, dialect: 'osc9' },
  { name: 'TERM', is: /^xterm-kitty$/, dialect: 'osc9' },
  { name: 'TERM', is: /^(foot|xterm-ghostty|wezterm|rxvt-unicode)/, dialect: 'osc777' },
  { name: 'GHOSTTY_RESOURCES_DIR', is: /./, dialect: 'osc777' },
  { name: 'WEZTERM_PANE', is: /./, dialect: 'osc777' },
  { name: 'KONSOLE_VERSION', is: /./, dialect: 'osc777' },
  { name: 'VTE_VERSION', is: /./, dialect: 'osc777' },
]

/** The sequence that shows it; '' for a terminal that takes none. */
export function notificationSequence(
  dialect: Dialect,
  title: string,
  body: string,
  env: Env,
): string {
  if (dialect === 'none') return ''
  const [head, text] = [shown(title, TITLE_MAX), shown(body, BODY_MAX)]
  const words =
    dialect === 'osc9'
      ? `9;${text === '' ? head : `${head}: ${text}`}`
      : `777;notify;${field(head)};${field(text)}`
  return throughMultiplexer(`\x1b]${words}\x1b\\`, env)
}

/** tmux and screen keep what they do not know, unless it is wrapped for the terminal outside. */
function throughMultiplexer(sequence: string, env: Env): string {
  const doubled = sequence.replaceAll('\x1b', '\x1b\x1b')
  if (env['TMUX'] !== undefined) return `\x1bPtmux;${doubled}\x1b\\`
  // screen ends what is wrapped at the first ESC \, so the sequence ends with BEL there.
  return env['STY'] === undefined ? sequence : `\x1bP${sequence.slice(0, -2)}${BELL}\x1b\\`
}

/** One line without control characters, cut where it is too long. */
function shown(text: string, max: number): string {
  const clean = text
    .replace(/\s+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim()
  const isLong = clean.length > max * CHARACTER_UNITS
  const clusters = graphemes(clean.slice(0, max * CHARACTER_UNITS).replace(/\p{Cs}$/u, ''))
  if (!isLong && clusters.length <= max) return clean
  // The last one may have been cut.
  return `${clusters.slice(0, Math.min(max, clusters.length) - 1).join('')}…`
}

/** Semicolons divide the fields. */
function field(text: string): string {
  return text.replaceAll(';', ',')
}
