/**
 * What tchat asks of a terminal beside what Ink does (Ink sees to the alternate screen, the cursor
 * and bracketed paste): reports of the focus, and a title, the old one being kept on the terminal's
 * stack.
 */
export const MODES_ON = '\x1b[22;0t\x1b[?1004h'
/** The reverse, and mouse reports off, should a program before have left them on. */
export const MODES_OFF = '\x1b[?1004l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[23;0t'

const TITLE_CHARS_MAX = 80

/** The sequence that sets the window's title; whatever is in `text`, nothing else comes of it. */
export function titleSequence(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would end the title.
  const clean = text.replace(/[\x00-\x1f\x7f-\x9f]/g, '')
  return `\x1b]2;${Array.from(clean).slice(0, TITLE_CHARS_MAX).join('')}\x07`
}

/** Signals that end a program, and what its exit code says then. */
const SIGNALS = [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGQUIT', 131],
  ['SIGTERM', 143],
] as const

/** A terminal sends them to all that run in it, the editor and whoever waits for it. */
const FROM_KEYS: ReadonlySet<string> = new Set(['SIGINT', 'SIGQUIT'])

/** What of `process` is needed; a test hands in its own. */
export type Ending = Readonly<{
  on: (event: string, run: () => void) => unknown
  off: (event: string, run: () => void) => unknown
  exit: (code: number) => void
}>

/**
 * Calls `restore` once, whatever ends the program: exit, an exception or a signal. `restore` must
 * write synchronously (`writeSync`): nothing else is done after it. A signal ends by `exit`, so
 * that whoever else restores something at exit does it, too. While `isAway`, what is typed is not
 * meant for this program: Ctrl-C does not end it. The answer takes all of it back.
 */
export function restoreAtEnd(
  ending: Ending,
  restore: () => void,
  isAway: () => boolean = () => false,
): () => void {
  let restored = false
  const once = (): void => {
    if (restored) return
    restored = true
    restore()
  }
  const listeners: (readonly [string, () => void])[] = [
    ['exit', once],
    ...SIGNALS.map(([signal, code]) => {
      const end = () => {
        if (!FROM_KEYS.has(signal) || !isAway()) ending.exit(code)
      }
      return [signal, end] as const
    }),
  ]
  for (const [event, run] of listeners) ending.on(event, run)
  return () => {
    for (const [event, run] of listeners) ending.off(event, run)
  }
}
