import { EventEmitter } from 'node:events'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import xterm from '@xterm/headless'
import { onTestFinished } from 'vitest'
import { type Configuration, defaults } from '../../src/ui/configuration/options.ts'
import type { UiOptions } from '../../src/ui/options.ts'
import { runUi, type UiParts } from '../../src/ui/run.tsx'
import { watchCursor } from './cursor-watch.ts'
import { FakeStdin } from './fake-stdin.ts'
import { PATIENCE_MS } from './patience.ts'

const POLL_MS = 10

/** What came during an absence is shown where it stands: its page is the matter of its own tests. */
const NOTHING_FIRST: Configuration = {
  ...defaults,
  notify: { ...defaults.notify, catchUp: false },
}

type Size = Readonly<{ columns: number; rows: number }>

/** The interface in this process, on a terminal without a pty: what a person would see. */
export class Screen {
  /** Of the interface, once it was left. */
  readonly exitCode: Promise<number>
  readonly #terminal: xterm.Terminal
  readonly #stdin: FakeStdin
  readonly #stdout: FakeStdout
  readonly #watchers = new Set<() => void>()
  #cursorShown = true
  #clipboard = ''
  readonly #links = new Set<string>()
  #title = ''

  private constructor(size: Size, options: Partial<UiOptions>, parts: UiParts) {
    this.#terminal = new xterm.Terminal({
      cols: size.columns,
      rows: size.rows,
      allowProposedApi: true,
    })
    this.#terminal.loadAddon(new Unicode11Addon())
    this.#terminal.unicode.activeVersion = '11'
    this.#terminal.parser.registerOscHandler(52, (data) => {
      this.#clipboard = Buffer.from(data.replace(/^c;/, ''), 'base64').toString()
      return true
    })
    this.#terminal.onTitleChange((title) => {
      this.#title = title
    })
    this.#terminal.parser.registerOscHandler(8, (data) => {
      const [, url = ''] = /^[^;]*;(.+)$/.exec(data) ?? []
      if (url !== '') this.#links.add(url)
      return false
    })
    watchCursor(this.#terminal, (shown) => {
      this.#cursorShown = shown
    })
    this.#stdin = new FakeStdin()
    this.#stdout = new FakeStdout(this.#terminal, () => this.#changed())
    this.exitCode = runUi(
      {
        start: { address: 'office:8000' },
        host: () => Promise.reject(new Error('nobody hosts here')),
        stateFolder: '/nonexistent',
        version: '1.2.3',
        stdin: this.#stdin as unknown as NodeJS.ReadStream,
        stdout: this.#stdout as unknown as NodeJS.WriteStream,
        env: { USER: 'me' },
        configuration: NOTHING_FIRST,
        ...options,
      },
      { zone: 'UTC', accountName: () => '', ...parts },
    )
  }

  /** Left when the test is over. */
  static open(
    size: Readonly<{ columns: number; rows: number }>,
    options: Partial<UiOptions> = {},
    parts: UiParts = {},
  ): Screen {
    const screen = new Screen(size, options, parts)
    onTestFinished(() => screen.close())
    return screen
  }

  /** The rows as shown, without the spaces at their ends. */
  get rows(): string[] {
    return Array.from({ length: this.#terminal.rows }, (_, y) =>
      // In a window that got narrower a row keeps its cells, which nobody sees.
      (this.#line(y)?.translateToString(true, 0, this.#terminal.cols) ?? '').trimEnd(),
    )
  }

  get text(): string {
    return this.rows.join('\n')
  }

  /** The cell of the cursor; undefined while it is hidden. */
  get cursor(): Readonly<{ x: number; y: number }> | undefined {
    const { cursorX: x, cursorY: y } = this.#terminal.buffer.active
    return this.#cursorShown ? { x, y } : undefined
  }

  /** The program's other screen, which leaves the shell's alone. */
  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate'
  }

  /** What was put into the terminal's clipboard last. */
  get clipboard(): string {
    return this.#clipboard
  }

  /** What was written beside what is drawn: bells and notifications, in that order. */
  get told(): readonly string[] {
    return this.#stdout.told
  }

  /** The window's title. */
  get title(): string {
    return this.#title
  }

  /** What the terminal was told to make links of. */
  get links(): readonly string[] {
    return [...this.#links]
  }

  /** The mouse is the program's: clicks and the wheel are reported to it. */
  get isMouseTaken(): boolean {
    return this.#terminal.modes.mouseTrackingMode !== 'none'
  }

  /** Bytes written so far, by anyone. */
  get written(): number {
    return this.#stdout.written
  }

  /** How the first cell of a text in a row is drawn. */
  look(row: number, text: string): Look {
    const line = this.#line(row)
    const at = (line?.translateToString(true) ?? '').indexOf(text)
    const cell = at === -1 ? undefined : line?.getCell(at)
    if (cell === undefined) throw new Error(`row ${row} has no '${text}':\n${this.text}`)
    return {
      colour: cell.isFgDefault() ? undefined : cell.getFgColor(),
      bold: cell.isBold() !== 0,
      faint: cell.isDim() !== 0,
      inverse: cell.isInverse() !== 0,
      underlined: cell.isUnderline() !== 0,
    }
  }

  /** What stands in a cell: '' in the second one of what takes two. */
  cell(row: number, column: number): string | undefined {
    return this.#line(row)?.getCell(column)?.getChars()
  }

  /** As a terminal sends it, in one chunk. */
  type(keys: string): void {
    this.#stdin.write(keys)
  }

  resize({ columns, rows }: Size): void {
    this.#terminal.resize(columns, rows)
    this.#stdout.resize(columns, rows)
  }

  /** Until the screen shows it. The error of a test that waits in vain has the screen in it. */
  async waitFor(wanted: string | RegExp | ((screen: Screen) => boolean)): Promise<void> {
    const isThere = () => matches(this, wanted)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(
      () => reject(new Error(`not in time: ${wanted}\n${this.text}`)),
      PATIENCE_MS,
    )
    const watcher = () => isThere() && resolve()
    this.#watchers.add(watcher)
    // What a test waits for need not be drawn.
    const polling = setInterval(watcher, POLL_MS)
    try {
      watcher()
      await promise
    } finally {
      clearTimeout(timer)
      clearInterval(polling)
      this.#watchers.delete(watcher)
    }
  }

  /** As when the terminal is closed. */
  async close(): Promise<void> {
    this.#stdin.end()
    await this.exitCode.catch(() => undefined)
    await this.#stdout.drawn()
    this.#terminal.dispose()
  }

  #line(y: number) {
    const { active } = this.#terminal.buffer
    return active.getLine(active.baseY + y)
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher()
  }
}

export type Look = Readonly<{
  /** Of the palette; undefined: the terminal's own. */
  colour: number | undefined
  bold: boolean
  faint: boolean
  inverse: boolean
  underlined: boolean
}>

function matches(screen: Screen, wanted: string | RegExp | ((screen: Screen) => boolean)): boolean {
  if (typeof wanted === 'string') return screen.text.includes(wanted)
  return wanted instanceof RegExp ? wanted.test(screen.text) : wanted(screen)
}

/** A bell, a notification by OSC 9 or 777, or what is wrapped for the terminal outside. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what terminals are told by.
const TOLD = /^(\x07|\x1b\]9;|\x1b\]777;|\x1bP)/

class FakeStdout extends EventEmitter {
  readonly isTTY = true
  readonly writable = true
  columns: number
  rows: number
  written = 0
  readonly told: string[] = []
  readonly #terminal: xterm.Terminal
  readonly #onDrawn: () => void
  #waiting = 0

  constructor(terminal: xterm.Terminal, onDrawn: () => void) {
    super()
    this.columns = terminal.cols
    this.rows = terminal.rows
    this.#terminal = terminal
    this.#onDrawn = onDrawn
  }

  write(text: string, ...rest: readonly unknown[]): boolean {
    this.written += text.length
    if (TOLD.test(text)) this.told.push(text)
    this.#waiting += 1
    const done = rest.find((one) => typeof one === 'function') as (() => void) | undefined
    // What the line discipline of a terminal would do.
    this.#terminal.write(text.replace(/\r?\n/g, '\r\n'), () => {
      this.#waiting -= 1
      done?.()
      this.#onDrawn()
    })
    return true
  }

  resize(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
    this.emit('resize')
  }

  async drawn(): Promise<void> {
    while (this.#waiting > 0) await new Promise(setImmediate)
  }
}
