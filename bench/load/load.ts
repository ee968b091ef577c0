import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Report, Task } from './task.ts'

/** A load generator: a crowd of members in a process of its own. */
export class Load {
  #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  /** Resolves when all members are connected and logged in. */
  static async start(task: Task): Promise<Load> {
    const file = fileURLToPath(new URL('./main.ts', import.meta.url))
    const child = fork(file, [JSON.stringify(task)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    await reportOf(child)
    return new Load(child)
  }

  /** Everyone is sent every message of a round; answers the seconds that it took. */
  async round(): Promise<number> {
    this.#child.send('round')
    const report = await reportOf(this.#child)
    return report.kind === 'round' ? report.seconds : Number.NaN
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
