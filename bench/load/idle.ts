import type { Socket } from 'node:net'
import { connected } from './connected.ts'
import { Member } from './member.ts'
import type { Crew, IdleTask, Measured } from './task.ts'

/** Connections under way at the same time. */
const AT_ONCE = 64

/** Connections that are made, logged in, and then say nothing. A round is all of them coming. */
export class Idle implements Crew {
  #task: IdleTask
  #sockets: Socket[] = []

  constructor(task: IdleTask) {
    this.#task = task
  }

  enter(): Promise<void> {
    return Promise.resolve()
  }

  async round(): Promise<Measured> {
    const { connections } = this.#task
    const start = process.hrtime.bigint()
    let next = 0
    const flow = async () => {
      while (next < connections) {
        next += 1
        await this.#connect(next - 1)
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, flow))
    return { seconds: Number(process.hrtime.bigint() - start) / 1e9, count: connections }
  }

  async #connect(at: number): Promise<void> {
    const socket = await connected(this.#task)
    this.#sockets.push(socket)
    const token = this.#task.tokens[at]
    if (token !== undefined) await new Member(socket, () => undefined).logIn(token, '')
  }
}
