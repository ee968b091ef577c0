import { type ChildProcess, spawn } from 'node:child_process'
import type { StoreClock } from '../state/store.ts'

/** Why the person's program did not do what it should. */
export type CommandFailure =
  | Readonly<{ why: 'notStarted'; reason: string }>
  | Readonly<{ why: 'exit'; code: number }>
  | Readonly<{ why: 'late' }>

export type NotifyCommandOptions = Readonly<{
  /** The program and its arguments: no shell looks at them. */
  words: readonly [string, ...string[]]
  clock: Pick<StoreClock, 'after'>
  /** Once, however often it fails. */
  onFailure: (failure: CommandFailure) => void
}>

/** So many run at a time; so many more wait, and beyond that the oldest is dropped. */
const RUNNING_MAX = 3
const WAITING_MAX = 10
/** It has done what it can by then, milliseconds. */
const RUNS_MS_MAX = 10_000

/** Runs a program of the person's for each notification; what is told is on its standard input. */
export class NotifyCommand {
  readonly #options: NotifyCommandOptions
  readonly #running = new Map<ChildProcess, () => void>()
  #waiting: string[] = []
  #failed = false

  constructor(options: NotifyCommandOptions) {
    this.#options = options
  }

  /** Never throws. */
  run(input: string): void {
    this.#waiting = [...this.#waiting, input].slice(-WAITING_MAX)
    this.#next()
  }

  /** What runs is ended: nobody is there any more to see to it. */
  stop(): void {
    this.#waiting = []
    this.#failed = true
    for (const child of this.#running.keys()) child.kill('SIGKILL')
  }

  #next(): void {
    if (this.#running.size >= RUNNING_MAX) return
    const input = this.#waiting.shift()
    if (input !== undefined) this.#start(input)
  }

  #start(input: string): void {
    const [program, ...args] = this.#options.words
    let child: ChildProcess
    try {
      child = spawn(program, args, { stdio: ['pipe', 'ignore', 'ignore'], windowsHide: true })
    } catch (error) {
      return this.#fail({ why: 'notStarted', reason: String(error) })
    }
    const cancel = this.#options.clock.after(RUNS_MS_MAX, () => {
      this.#fail({ why: 'late' })
      child.kill('SIGKILL')
    })
    this.#running.set(child, cancel)
    child.once('error', (error) => {
      this.#fail({ why: 'notStarted', reason: error.message })
      this.#end(child)
    })
    child.once('close', (code) => {
      if (code !== null && code !== 0) this.#fail({ why: 'exit', code })
      this.#end(child)
    })
    // It need not read what it is given.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  }

  #end(child: ChildProcess): void {
    this.#running.get(child)?.()
    this.#running.delete(child)
    this.#next()
  }

  #fail(failure: CommandFailure): void {
    if (this.#failed) return
    this.#failed = true
    this.#options.onFailure(failure)
  }
}
