import { needsAscii } from '../../ui/appearance/ascii.ts'
import { answeredBackground } from '../../ui/appearance/background.ts'
import { colourDepth } from '../../ui/appearance/colour-depth.ts'
import type { Configuration } from '../../ui/configuration/options.ts'
import { textWidth } from '../../ui/text/width.ts'
import { type Finding, fail, ok, warn } from './finding.ts'
import { MODES, type Probe } from './probe.ts'

type Environment = Readonly<Record<string, string | undefined>>
type Size = Readonly<{ columns: number; rows: number }>

/** Below it parts of the chat have no room. */
const SMALL: Size = { columns: 60, rows: 16 }

/** Signs of the interface, of which some terminals make two cells. */
const SIGNS = ['●', '◐', '○', '✓', '✗', '◷', '★', '▸', '│', '─', '…', '·']
const LETTERS = ['中', '한', 'あ', 'e\u0301']
const EMOJI = ['👍', '👍🏽', '❤️', '👩‍👩‍👧', '🇩🇪']

/** What is measured on the terminal. */
export const SAMPLES: readonly string[] = [...SIGNS, ...LETTERS, ...EMOJI]

/** What is around the program: variables and size, without asking anybody. */
export function environmentFindings(
  env: Environment,
  size: Size | undefined,
  { look }: Configuration,
): readonly Finding[] {
  const term = env['TERM'] ?? ''
  return [
    sizeFinding(term, size),
    coloursFinding(env, look),
    localeFinding(env, look),
    ...aroundFindings(env),
  ]
}

function sizeFinding(term: string, size: Size | undefined): Finding {
  if (size === undefined) {
    return ok('terminal', 'none here: the full-screen client needs one, the other commands do not')
  }
  const { columns, rows } = size
  const text = `TERM=${term}, ${columns} x ${rows} cells`
  if (term === 'dumb' || term === '') {
    return fail('terminal', text, 'set TERM to what the terminal is, for example xterm-256color')
  }
  if (columns >= SMALL.columns && rows >= SMALL.rows) return ok('terminal', text)
  return warn('terminal', text, `below ${SMALL.columns} x ${SMALL.rows} there is one pane only`)
}

function coloursFinding(env: Environment, { colours, theme }: Configuration['look']): Finding {
  const depth = colourDepth(colours, env)
  const why = Object.entries({ NO_COLOR: env['NO_COLOR'], COLORTERM: env['COLORTERM'] })
    .filter(([, value]) => (value ?? '') !== '')
    .map(([name, value]) => `${name}=${value}`)
  return ok('colours', [`${depth}, theme ${theme}`, ...why].join(', '))
}

function localeFinding(env: Environment, { ascii }: Configuration['look']): Finding {
  const set = ['LC_ALL', 'LC_CTYPE', 'LANG'].find((name) => (env[name] ?? '') !== '')
  const text = set === undefined ? 'none is set' : `${set}=${env[set]}`
  if (!needsAscii(ascii, env)) return ok('locale', text)
  const why = `${text}: signs and lines are ASCII`
  return warn(
    'locale',
    why,
    'a locale in UTF-8 (LANG=C.UTF-8), or ascii = "off", brings the others',
  )
}

const AROUND: readonly (readonly [string, string])[] = [
  [
    'TMUX',
    'tmux: its prefix (Ctrl-B) does not reach tchat; set -g focus-events on tells who looks',
  ],
  ['STY', 'GNU screen: its prefix (Ctrl-A) does not reach tchat; it shows 256 colours at most'],
  [
    'ZELLIJ',
    'Zellij: its keys (Ctrl-P, T, N, H, S, O, Q, G) do not reach tchat unless it is locked',
  ],
  ['SSH_CONNECTION', 'SSH: what the terminal answers comes from the other end of it'],
]

function aroundFindings(env: Environment): readonly Finding[] {
  return AROUND.filter(([name]) => env[name] !== undefined).map(([, text]) => ok('around', text))
}

/** What the terminal itself says. */
export function probeFindings(probe: Probe, { look }: Configuration): readonly Finding[] {
  if (!probe.answers) {
    const advice = 'tchat works without its answers; widths of signs and emoji are not known'
    return [warn('answers', 'the terminal answered nothing within two seconds', advice)]
  }
  return [
    ok(
      'answers',
      `${probe.name ?? 'the terminal does not say its name'}; ${backgroundText(probe)}`,
    ),
    abilitiesFinding(probe),
    ...widthFindings(probe, look.ascii === 'on'),
  ]
}

function backgroundText({ background }: Probe): string {
  const kind = answeredBackground(`\x1b]11;${background ?? ''}`)
  return kind === undefined ? 'its background is not known' : `its background is ${kind}`
}

function abilitiesFinding({ modes, kittyKeys }: Probe): Finding {
  const said = Object.entries(MODES).map(([name, mode]) => {
    const known = modes.get(mode)
    return `${ABILITIES[name as keyof typeof MODES]} ${known === undefined ? '?' : known ? 'yes' : 'no'}`
  })
  return ok('abilities', [...said, `kitty keys ${kittyKeys ? 'yes' : 'no'}`].join(', '))
}

const ABILITIES: Readonly<Record<keyof typeof MODES, string>> = {
  mouse: 'mouse',
  focus: 'focus reports',
  paste: 'bracketed paste',
  wholeFrames: 'whole frames',
}

function widthFindings({ cells }: Probe, ascii: boolean): readonly Finding[] {
  if (cells.length !== SAMPLES.length) {
    return [
      warn('widths', 'the terminal did not tell them', 'see whether the columns are straight'),
    ]
  }
  const other = SAMPLES.filter((sample, index) => textWidth(sample) !== cells[index])
  const wide = (group: readonly string[]) => group.filter((sample) => other.includes(sample))
  return [
    kindFinding('signs', wide(SIGNS), ascii ? 'nothing: they are drawn in ASCII' : ASCII_ADVICE),
    kindFinding('letters', wide(LETTERS), 'choose a font and a locale (UTF-8) that know them'),
    kindFinding('emoji', wide(EMOJI), 'nothing: tchat draws them so that no column depends on it'),
  ]
}

const ASCII_ADVICE =
  'set ascii = "on" below [look], or have the terminal draw ambiguous signs narrow'

function kindFinding(kind: string, other: readonly string[], advice: string): Finding {
  if (other.length === 0) return ok('widths', `${kind} are as wide as tchat thinks`)
  return warn('widths', `${kind} of another width than tchat thinks: ${other.join(' ')}`, advice)
}
