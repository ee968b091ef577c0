import { spawn } from '@lydell/node-pty'
import { processorMs } from '../processor-time.ts'
import type { SeatSize } from './seat.ts'

/** How long a program may take to show what is waited for, milliseconds. */
const PATIENCE_MS = 20_000

/** A program in a pseudo-terminal that reads everything and draws nothing. */
export class TerminalWindow {
  /** When it was started, as `performance.now` says. */
  readonly started: number
  readonly pid: number
  bytes = 0
  #pty
  #seen = ''
  #watchers = new Set<() => void>()
  #exited: Promise<void>

  constructor(command: readonly string[], size: SeatSize, env: Readonly<Record<string, string>>) {
    const [file = '', ...args] = command
    const { columns: cols, rows } = size
    this.started = performance.now()
    this.#pty = spawn(file, args, { cols, rows, env: { ...env } })
    this.pid = this.#pty.pid
    this.#exited = new Promise((resolve) => this.#pty.onExit(() => resolve()))
    this.#pty.onData((data) => {
      this.bytes += Buffer.byteLength(data)
      if (this.#watchers.size === 0) return
      this.#seen += data
      for (const watcher of this.#watchers) watcher()
    })
  }

  /** Until that was written since this was asked, or since the start; answers when it was. */
  async shows(wanted: string): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<number>()
    const look = (): void => {
      if (this.#seen.includes(wanted)) resolve(performance.now())
    }
    const vain = () => reject(new Error(`'${wanted}' is not shown: ${JSON.stringify(this.#seen)}`))
    const timer = setTimeout(vain, PATIENCE_MS)
    this.#watchers.add(look)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#watchers.delete(look)
      this.#seen = ''
    }
  }

  /** Processor time of the program so far, of all its threads, milliseconds. */
  get cpuMs(): number {
    return processorMs(this.pid)
  }

  async close(): Promise<void> {
    this.#pty.kill('SIGKILL')
    await this.#exited
  }
}
