import { connected } from './connected.ts'
import { Member } from './member.ts'
import type { Crew, LogInsTask, Measured } from './task.ts'

/** People who come back with a token, each on a connection of their own, and go again. */
export class LogIns implements Crew {
  #task: LogInsTask

  constructor(task: LogInsTask) {
    this.#task = task
  }

  enter(): Promise<void> {
    return Promise.resolve()
  }

  async round(): Promise<Measured> {
    const { count, atOnce, tokens } = this.#task
    const start = process.hrtime.bigint()
    let next = 0
    const flow = async () => {
      while (next < count) {
        next += 1
        const socket = await connected(this.#task)
        const token = tokens[next % tokens.length]
        if (token !== undefined) await new Member(socket, () => undefined).resume(token)
        socket.destroy()
      }
    }
    await Promise.all(Array.from({ length: atOnce }, flow))
    return { seconds: Number(process.hrtime.bigint() - start) / 1e9, count }
  }
}
