import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Measured, Report, Task } from './task.ts'

/** A load generator: members in a process of their own. */
export class Load {
  #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  /** Resolves when all members are connected and logged in. */
  static async start(task: Task): Promise<Load> {
    const file = fileURLToPath(new URL('./main.ts', import.meta.url))
    const child = fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    // What is sent before it listens is lost.
    await reportOf(child)
    child.send(task)
    await reportOf(child)
    return new Load(child)
  }

  async round(): Promise<Measured> {
    this.#child.send('round')
    const report = await reportOf(this.#child)
    if (report.kind !== 'round') throw new Error('the load generator is not ready')
    return report
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.disconnect()
    await gone
  }
}

function reportOf(child: ChildProcess): Promise<Report> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('the load generator ended'))
    child.once('exit', onExit)
    child.once('message', (report) => {
      child.off('exit', onExit)
      resolve(report as Report)
    })
  })
}
