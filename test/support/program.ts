import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { PATIENCE_MS } from './patience.ts'
import { PROGRAM } from './pty.ts'

export type Output = Readonly<{ code: number | null; stdout: string; stderr: string }>

/** The real program without a terminal, as a script would run it. */
export class Program {
  stdout = ''
  stderr = ''
  /** After its end, with all that it printed. */
  readonly ended: Promise<Output>
  #child: ChildProcess
  #watchers = new Set<() => void>()

  /** @param under a command that runs it in its own stead, as `env` or `nice` do */
  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    program: string = PROGRAM,
    under: readonly string[] = [],
  ) {
    const [file = process.execPath, ...rest] = [...under, process.execPath, program, ...args]
    this.#child = spawn(file, rest, {
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text
      this.#changed()
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text
      this.#changed()
    })
    this.ended = once(this.#child, 'close').then(([code]) => {
      this.#changed()
      return { code: code as number | null, stdout: this.stdout, stderr: this.stderr }
    })
  }

  /** 0: it could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  kill(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal)
  }

  /** Nobody reads its output any more: whatever it writes, fails. */
  closeOutput(): void {
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
  }

  /** Until stdout matches. The error of a test that waits in vain has all output in it. */
  async waitFor(wanted: RegExp): Promise<RegExpExecArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
    const look = () => {
      const match = wanted.exec(this.stdout)
      if (match !== null) resolve(match)
      else if (this.#child.exitCode !== null) reject(this.#inVain(wanted, 'before it ended'))
    }
    const timer = setTimeout(() => reject(this.#inVain(wanted, 'in time')), PATIENCE_MS)
    this.#watchers.add(look)
    try {
      look()
      return await promise
    } finally {
      clearTimeout(timer)
      this.#watchers.delete(look)
    }
  }

  /** Ends it if it still runs. */
  async close(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher()
  }

  #inVain(wanted: RegExp, when: string): Error {
    return new Error(`not printed ${when}: ${wanted}\n${this.stdout}${this.stderr}`)
  }
}

/** Runs the program to its end. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  program: string = PROGRAM,
): Promise<Output> {
  return new Program(args, env, program).ended
}
