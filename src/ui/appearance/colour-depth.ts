/** How many colours a terminal shows. */
export type ColourDepth = 'truecolor' | '256' | '16' | 'none'

type Environment = Readonly<Record<string, string | undefined>>

/** What FORCE_COLOR asks for, as other programs read it; anything else means some colour. */
const FORCED: Readonly<Record<string, ColourDepth>> = {
  '0': 'none',
  false: 'none',
  '1': '16',
  '2': '256',
  '3': 'truecolor',
}

/**
 * The person's wish first; then NO_COLOR (no-color.org) and FORCE_COLOR; then what COLORTERM, TERM
 * and the variables of well-known terminals say.
 */
export function colourDepth(wish: 'auto' | ColourDepth, env: Environment): ColourDepth {
  if (wish !== 'auto') return wish
  if ((env['NO_COLOR'] ?? '') !== '') return 'none'
  const found = FORCED[env['FORCE_COLOR'] ?? ''] ?? knownDepth(env)
  return found === 'none' && (env['FORCE_COLOR'] ?? '') === 'true' ? '16' : found
}

function knownDepth(env: Environment): ColourDepth {
  const term = env['TERM'] ?? ''
  if (term === 'dumb') return 'none'
  // GNU screen knows 256 at most, and passes COLORTERM of the terminal around it on.
  if (env['TMUX'] === undefined && (env['STY'] !== undefined || term.startsWith('screen'))) {
    return term.includes('256') ? '256' : '16'
  }
  if (/^(?:truecolor|24bit)$/i.test(env['COLORTERM'] ?? '')) return 'truecolor'
  if (/direct|kitty|alacritty|foot|ghostty|wezterm/.test(term)) return 'truecolor'
  if (env['WT_SESSION'] !== undefined || env['TERM_PROGRAM'] === 'iTerm.app') return 'truecolor'
  return term.includes('256') ? '256' : '16'
}
