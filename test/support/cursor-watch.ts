import type { Terminal } from '@xterm/headless'

/** The emulator does not tell whether the program shows the cursor (DECTCEM, private mode 25). */
export function watchCursor(terminal: Terminal, onChange: (shown: boolean) => void): void {
  const watch = (final: string, shown: boolean) =>
    terminal.parser.registerCsiHandler({ prefix: '?', final }, (params) => {
      if (params.includes(25)) onChange(shown)
      return false
    })
  watch('h', true)
  watch('l', false)
}
