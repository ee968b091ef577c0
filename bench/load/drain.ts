import type { DraftMessage } from '../../src/protocol/messages.ts'
import { connected } from './connected.ts'
import { Member } from './member.ts'
import type { Crew, DrainTask, Measured } from './task.ts'

/** Pages asked for before the first of them has come. */
const WINDOW = 8

/** Somebody who comes back: logs in, asks where things stand, and fetches every entry of all of it. */
export class Drain implements Crew {
  #task: DrainTask

  constructor(task: DrainTask) {
    this.#task = task
  }

  /** Until what was said is in the index of the search: that is made once, not for each who returns. */
  async enter(): Promise<void> {
    const member = new Member(await connected(this.#task), () => undefined)
    await member.resume(this.#task.token)
    for (let answer: unknown = 'error'; answer !== 'hits'; ) {
      answer = (await member.ask({ type: 'search', text: 'release' } as DraftMessage))?.type
    }
    member.socket.destroy()
  }

  async round(): Promise<Measured> {
    const start = process.hrtime.bigint()
    const member = new Member(await connected(this.#task), () => undefined)
    const heads = await member.logIn(this.#task.token, '')
    const waiting = heads.map(({ conversation, last }) => ({ conversation, last }))
    let count = 0
    const flow = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const fetched = await fetchAll(member, next.conversation, next.last)
        count += fetched
      }
    }
    await Promise.all(Array.from({ length: WINDOW }, flow))
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    member.socket.destroy()
    return { seconds, count }
  }
}

/** The newest first, as tchat's own client does. */
async function fetchAll(member: Member, conversation: string, last: number): Promise<number> {
  let count = 0
  for (let before = last + 1; before > 1; ) {
    const page = await member.ask({ type: 'getPage', conversation, before })
    if (page?.type !== 'page') throw new Error(`page: ${page?.type}`)
    const [first] = page.entries
    if (first === undefined) break
    count += page.entries.length
    before = first.seq
  }
  return count
}
