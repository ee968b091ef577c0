import { writeSync } from 'node:fs'
import { MOUSE_OFF, MOUSE_ON } from './input/mouse.ts'
import { MODES_OFF, MODES_ON, titleSequence } from './input/terminal-modes.ts'
import { hasShell, stopJob } from './job.ts'
import type { ClientState } from './state/model.ts'

type Size = ClientState['size']

/** The terminal beside Ink: its modes, title, size, and giving it away for a while. */
export class Terminal {
  /** Ink's way to let go of the terminal while `during` runs. */
  suspend: (during: () => Promise<void>) => Promise<void> = (during) => during()
  readonly #stdout: NodeJS.WriteStream
  #title = ''
  #mouse = false
  /** The shell has it. */
  #away = false

  constructor(stdout: NodeJS.WriteStream) {
    this.#stdout = stdout
  }

  get size(): Size {
    return { columns: this.#stdout.columns || 80, rows: this.#stdout.rows || 24 }
  }

  begin(): void {
    this.#writeNow(MODES_ON + (this.#mouse ? MOUSE_ON : ''))
    if (this.#title !== '') this.#writeNow(titleSequence(this.#title))
  }

  /** Something else has it: signals from its keys are not meant for this program. */
  get isAway(): boolean {
    return this.#away
  }

  restore(): void {
    this.#writeNow(MODES_OFF)
  }

  onResize(resized: (size: Size) => void): () => void {
    const listener = () => resized(this.size)
    this.#stdout.on('resize', listener)
    return () => this.#stdout.off('resize', listener)
  }

  showTitle(title: string): void {
    if (title === this.#title) return
    this.#title = title
    if (!this.#away) this.#stdout.write(titleSequence(title))
  }

  /** Clicks and the wheel are reported from now on, or are the terminal's own. */
  takeMouse(on: boolean): void {
    if (on === this.#mouse) return
    this.#mouse = on
    if (!this.#away) this.#stdout.write(on ? MOUSE_ON : MOUSE_OFF)
  }

  /** Ink draws everything again when it gets the terminal back. */
  async redraw(): Promise<void> {
    if (!this.#away) await this.suspend(() => Promise.resolve())
  }

  /**
   * Ctrl-Z: the shell has the terminal until `fg`. Windows knows no such thing. Without a shell the
   * terminal is kept: what is typed next would be taken for lines, not keys.
   */
  async stopProgram(): Promise<void> {
    if (process.platform === 'win32' || !hasShell()) return
    await this.lend(stopJob)
  }

  /**
   * Something else has the terminal meanwhile. It is told what we want of it when Ink has it back: what
   * it answers before that would be echoed. @throws what that throws
   */
  async lend(during: () => Promise<void>): Promise<void> {
    try {
      await this.suspend(() => {
        this.#away = true
        this.restore()
        return during()
      })
    } finally {
      if (this.#away) {
        this.#away = false
        this.begin()
      }
    }
  }

  /** At an end there is no later: what is not written at once may never be. */
  #writeNow(text: string): void {
    const stdout = this.#stdout
    try {
      if ('fd' in stdout && typeof stdout.fd === 'number') writeSync(stdout.fd, text)
      else stdout.write(text)
    } catch {
      // The terminal is gone.
    }
  }
}
