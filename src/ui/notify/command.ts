import { type ChildProcess, spawn } from 'node:child_process'
import type { Catalogue } from '../catalogue/en.ts'
import type { StoreClock } from '../state/store.ts'

/** Why the person's program did not do what it should. */
export type CommandFailure =
  | Readonly<{ why: 'notStarted'; reason: string }>
  | Readonly<{ why: 'exit'; code: number }>
  | Readonly<{ why: 'late' }>
  /** More came than it could take. */
  | Readonly<{ why: 'dropped' }>

export type ProgramRunnerOptions = Readonly<{
  /** The program and its arguments: no shell looks at them. */
  words: readonly [string, ...string[]]
  clock: Pick<StoreClock, 'after'>
  /** So many wait, and beyond that the oldest is dropped. Of notifications the newest are enough. */
  waitingMax?: number
  /** What is dropped is missed: that is a failure, too. */
  needsAll?: boolean
  /** Once, however often it fails. */
  onFailure: (failure: CommandFailure) => void
}>

/** So many run at a time. */
const RUNNING_MAX = 3
const WAITING_MAX = 10
/** It has done what it can by then, milliseconds. */
const RUNS_MS_MAX = 10_000

/** Runs a program of the person's for each thing that is told; it is on its standard input. */
export class ProgramRunner {
  readonly #options: ProgramRunnerOptions
  readonly #running = new Map<ChildProcess, () => void>()
  #waiting: string[] = []
  #failed = false

  constructor(options: ProgramRunnerOptions) {
    this.#options = options
  }

  /** Never throws. */
  run(input: string): void {
    const { waitingMax = WAITING_MAX, needsAll = false } = this.#options
    this.#waiting.push(input)
    if (this.#waiting.length > waitingMax) {
      this.#waiting.shift()
      if (needsAll) this.#fail({ why: 'dropped' })
    }
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

/** Why it failed, in half a line. */
export function failureWords(failure: CommandFailure, { attention }: Catalogue): string {
  if (failure.why === 'notStarted') return failure.reason
  if (failure.why === 'exit') return attention.commandExit(failure.code)
  return failure.why === 'late' ? attention.commandLate : attention.commandDropped
}
