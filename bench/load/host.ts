import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export type HostTask = Readonly<{ folder: string; tls: boolean; bare: boolean }>

/** A server in a process of its own, whose memory can be asked for. */
export class Host {
  readonly port: number
  #child: ChildProcess

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.port = port
  }

  static async start(task: HostTask): Promise<Host> {
    const file = fileURLToPath(new URL('./host-main.ts', import.meta.url))
    const child = fork(file, [JSON.stringify(task)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--expose-gc'],
    })
    return new Host(child, await numberOf(child))
  }

  /** Resident bytes, after a collection. */
  memory(): Promise<number> {
    this.#child.send('memory')
    return numberOf(this.#child)
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.disconnect()
    await gone
  }
}

function numberOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error('the server ended'))
    child.once('exit', onExit)
    child.once('message', (number) => {
      child.off('exit', onExit)
      resolve(Number(number))
    })
  })
}
