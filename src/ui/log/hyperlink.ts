/**
 * OSC 8: a text that the terminal opens by a click. `url` is a whole one, as URL.href gives it; rows
 * with one `id` are parts of one link.
 */
export function linked(text: string, url: string, id: string): string {
  return HARMLESS.test(url) ? `\x1b]8;id=${id};${url}\x1b\\${text}\x1b]8;;\x1b\\` : text
}

/** URL.href writes everything else with %. */
const HARMLESS = /^https?:[!-~]+$/

/** Whether the terminal draws nothing of what it does not know: the Linux console and GNU screen do. */
export function showsLinks(env: Readonly<Record<string, string | undefined>>): boolean {
  const { TERM = '', TMUX = '' } = env
  return TMUX !== '' || !/^(?:linux|dumb|screen|vt\d+)/.test(TERM)
}
