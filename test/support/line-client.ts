import { PassThrough } from 'node:stream'
import type { Configuration } from '../../src/ui/configuration/options.ts'
import { LineEndError } from '../../src/ui/line/context.ts'
import { runLine } from '../../src/ui/line/run.ts'
import type { Start } from '../../src/ui/options.ts'
import { PATIENCE_MS } from './patience.ts'

export type LineClientOptions = Readonly<{
  start: Start
  stateFolder: string
  /** A person at a terminal; else a pipe. */
  isPerson?: boolean
  env?: Readonly<Record<string, string>>
  configuration?: Configuration
}>

/** What has become of it: its exit code, or why it ended. */
export type LineEnd = Readonly<{ code: number }> | Readonly<{ fault: string }>

/** Line mode in this process, with streams that a test holds the other ends of. */
export class LineClient {
  /** All that was said, on both outputs, as it came. */
  text = ''
  /** What was said to have gone wrong. */
  errors = ''
  readonly ended: Promise<LineEnd>
  readonly stdout = new PassThrough()
  readonly #stdin = new PassThrough()
  readonly #watchers = new Set<() => void>()
  #stopListener: (what: 'interrupt' | 'end') => void = () => undefined
  #end: LineEnd | undefined

  constructor({
    start,
    stateFolder,
    isPerson = false,
    env = {},
    configuration,
  }: LineClientOptions) {
    const stderr = new PassThrough()
    this.stdout.setEncoding('utf8').on('data', (text: string) => this.#add(text))
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text
      this.#add(text)
    })
    const stdin = Object.assign(this.#stdin, { isTTY: isPerson, setRawMode: () => undefined })
    const running = runLine(
      {
        start,
        stateFolder,
        version: 'test',
        stdin,
        stdout: this.stdout,
        stderr,
        env,
        ...(configuration === undefined ? {} : { configuration }),
        onStop: (listener) => {
          this.#stopListener = listener
          return () => undefined
        },
      },
      { zone: 'UTC' },
    )
    const faulty = (error: unknown): LineEnd => {
      if (error instanceof LineEndError) return { fault: error.message }
      throw error
    }
    this.ended = running
      .then((code): LineEnd => ({ code }), faulty)
      .then((end) => {
        this.#end = end
        this.#changed()
        return end
      })
    this.ended.catch(() => undefined)
  }

  get lines(): readonly string[] {
    return this.text.split('\n').slice(0, -1)
  }

  /** A line, with its Enter. */
  type(...lines: readonly string[]): void {
    for (const line of lines) this.#stdin.write(`${line}\n`)
  }

  write(bytes: Uint8Array): void {
    this.#stdin.write(bytes)
  }

  /** There is nothing more to read. */
  endInput(): void {
    this.#stdin.end()
  }

  stop(what: 'interrupt' | 'end'): void {
    this.#stopListener(what)
  }

  /** Until all together have said so much: the error of a test that waits in vain has it in it. */
  async waitFor(wanted: RegExp | string): Promise<void> {
    const isThere = () =>
      typeof wanted === 'string' ? this.text.includes(wanted) : wanted.test(this.text)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const fail = (why: string) => reject(new Error(`not said ${why}: ${wanted}\n${this.text}`))
    const timer = setTimeout(() => fail('in time'), PATIENCE_MS)
    const look = () => {
      if (isThere()) resolve()
      else if (this.#end !== undefined) fail(`before it ended (${JSON.stringify(this.#end)})`)
    }
    this.#watchers.add(look)
    try {
      look()
      await promise
    } finally {
      clearTimeout(timer)
      this.#watchers.delete(look)
    }
  }

  /** Ends it if it still runs. */
  async close(): Promise<void> {
    this.#stopListener('end')
    await this.ended.catch(() => undefined)
  }

  #add(text: string): void {
    this.text += text
    this.#changed()
  }

  #changed(): void {
    for (const look of [...this.#watchers]) look()
  }
}
