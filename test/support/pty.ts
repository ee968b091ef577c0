import { fileURLToPath } from 'node:url'
import { type IPty, spawn } from '@lydell/node-pty'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import xterm from '@xterm/headless'
import { watchCursor } from './cursor-watch.ts'
import { PATIENCE_MS } from './patience.ts'

export const PROGRAM = fileURLToPath(new URL('../../bin/tchat.js', import.meta.url))

/** Keys as a terminal sends them. */
export const KEYS = {
  enter: '\r',
  tab: '\t',
  escape: '\x1b',
  up: '\x1b[A',
  down: '\x1b[B',
  pageUp: '\x1b[5~',
  ctrlC: '\x03',
  ctrlK: '\x0b',
  ctrlX: '\x18',
} as const

/** A program in a real pseudo-terminal, and the screen that a person would see. */
export class Pty {
  readonly exited: Promise<Readonly<{ exitCode: number; signal: number | undefined }>>
  #pty: IPty
  #terminal: xterm.Terminal
  #cursorShown = true
  #watchers = new Set<() => void>()
  #ended = false

  constructor(file: string, args: readonly string[], options: PtyOptions) {
    const { cols, rows } = options.size ?? { cols: 80, rows: 24 }
    this.#terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true, scrollback: 1000 })
    this.#terminal.loadAddon(new Unicode11Addon())
    this.#terminal.unicode.activeVersion = '11'
    watchCursor(this.#terminal, (shown) => {
      this.#cursorShown = shown
    })
    this.#pty = spawn(file, [...args], { cols, rows, env: { ...options.env } })
    this.#pty.onData((data) => this.#terminal.write(data, () => this.#changed()))
    // What the terminal answers when it is asked where its cursor is, and the like.
    this.#terminal.onData((answer) => this.#pty.write(answer))
    this.exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode, signal }) => {
        this.#terminal.write('', () => {
          this.#ended = true
          this.#changed()
          resolve({ exitCode, signal })
        })
      })
    })
  }

  get pid(): number {
    return this.#pty.pid
  }

  /** The rows as shown, without the spaces at their ends. */
  get rows(): string[] {
    const buffer = this.#terminal.buffer.active
    return Array.from({ length: this.#terminal.rows }, (_, index) =>
      (buffer.getLine(buffer.baseY + index)?.translateToString(true) ?? '').trimEnd(),
    )
  }

  /** Every cell, row by row; the second half of a wide character is not one. */
  get cells(): Cell[][] {
    const { cols, rows, buffer } = this.#terminal
    return Array.from({ length: rows }, (_, y) => {
      const line = buffer.active.getLine(buffer.active.baseY + y)
      const cells = Array.from({ length: cols }, (_, x) => cellOf(line?.getCell(x), x))
      return cells.filter((cell) => cell !== undefined)
    })
  }

  get text(): string {
    return this.rows.join('\n')
  }

  get isFullScreen(): boolean {
    return this.#terminal.buffer.active.type === 'alternate'
  }

  get isCursorShown(): boolean {
    return this.#cursorShown
  }

  get isPasteBracketed(): boolean {
    return this.#terminal.modes.bracketedPasteMode
  }

  /** What a program has to take back before it ends, as far as it is on. */
  get modesOn(): readonly string[] {
    const { bracketedPasteMode, sendFocusMode, mouseTrackingMode, ...modes } = this.#terminal.modes
    const on = {
      'other screen': this.isFullScreen,
      'hidden cursor': !this.#cursorShown,
      'bracketed paste': bracketedPasteMode,
      'focus reports': sendFocusMode,
      'mouse reports': mouseTrackingMode !== 'none',
      'application keys': modes.applicationCursorKeysMode || modes.applicationKeypadMode,
    }
    return Object.entries(on).flatMap(([name, isOn]) => (isOn ? [name] : []))
  }

  get cursor(): Readonly<{ column: number; row: number }> {
    const { cursorX, cursorY } = this.#terminal.buffer.active
    return { column: cursorX, row: cursorY }
  }

  type(keys: string): void {
    this.#pty.write(keys)
  }

  /** Another program writes to the same terminal. */
  scribble(text: string): void {
    this.#terminal.write(text, () => this.#changed())
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows)
    this.#pty.resize(cols, rows)
  }

  /** The window is closed: nobody reads what the program writes, or writes what it reads. */
  hangUp(): void {
    // It has it, and does not say so.
    const pty = this.#pty as IPty & Readonly<{ destroy: () => void }>
    pty.destroy()
  }

  kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGHUP' | 'SIGINT'): void {
    this.#pty.kill(signal)
  }

  /** Until the screen shows it. The error of a test that waits in vain has the screen in it. */
  async waitFor(wanted: string | RegExp | ((screen: Pty) => boolean)): Promise<void> {
    const isThere = () => matches(this, wanted)
    if (isThere()) return
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(() => reject(this.#inVain(wanted, 'in time')), PATIENCE_MS)
    const watcher = () => {
      if (isThere()) resolve()
      else if (this.#ended) reject(this.#inVain(wanted, 'before the program ended'))
    }
    this.#watchers.add(watcher)
    try {
      watcher()
      await promise
    } finally {
      clearTimeout(timer)
      this.#watchers.delete(watcher)
    }
  }

  /** Its exit code, once it has ended by itself. */
  async exit(): Promise<number> {
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(this.#inVain('the end', 'in time')), PATIENCE_MS)
    try {
      const { exitCode } = await Promise.race([this.exited, promise])
      return exitCode
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends the program if it still runs. */
  async close(): Promise<void> {
    if (!this.#ended) this.#pty.kill('SIGKILL')
    await this.exited
    this.#terminal.dispose()
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher()
  }

  #inVain(wanted: unknown, when: string): Error {
    const rows = this.rows.map((row) => `  |${row}`).join('\n')
    return new Error(`not on the screen ${when}: ${String(wanted)}\n${rows}`)
  }
}

export type PtyOptions = Readonly<{
  env: Readonly<Record<string, string>>
  size?: Readonly<{ cols: number; rows: number }>
}>

/** What a terminal draws at one place. */
export type Cell = Readonly<{
  column: number
  columns: 1 | 2
  text: string
  foreground: Colour
  background: Colour
  bold: boolean
  dim: boolean
  italic: boolean
  underline: boolean
  inverse: boolean
}>

/** One of the terminal's own 256, true colour as 0xRRGGBB, or what the terminal has by default. */
export type Colour =
  | Readonly<{ kind: 'default' }>
  | Readonly<{ kind: 'palette'; index: number }>
  | Readonly<{ kind: 'rgb'; value: number }>

function cellOf(cell: xterm.IBufferCell | undefined, column: number): Cell | undefined {
  const columns = cell?.getWidth()
  if (cell === undefined || (columns !== 1 && columns !== 2)) return undefined
  return {
    column,
    columns,
    text: cell.getChars() || ' ',
    foreground: colourOf(cell.getFgColor(), cell.isFgRGB(), cell.isFgPalette()),
    background: colourOf(cell.getBgColor(), cell.isBgRGB(), cell.isBgPalette()),
    bold: cell.isBold() !== 0,
    dim: cell.isDim() !== 0,
    italic: cell.isItalic() !== 0,
    underline: cell.isUnderline() !== 0,
    inverse: cell.isInverse() !== 0,
  }
}

function colourOf(value: number, isRgb: boolean, isPalette: boolean): Colour {
  if (isRgb) return { kind: 'rgb', value }
  return isPalette ? { kind: 'palette', index: value } : { kind: 'default' }
}

function matches(pty: Pty, wanted: string | RegExp | ((screen: Pty) => boolean)): boolean {
  if (typeof wanted === 'function') return wanted(pty)
  return typeof wanted === 'string' ? pty.text.includes(wanted) : wanted.test(pty.text)
}
