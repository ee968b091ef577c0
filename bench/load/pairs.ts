import { encode } from '../../src/protocol/codec.ts'
import { ENGLISH } from '../samples.ts'
import { connected } from './connected.ts'
import { Member } from './member.ts'
import type { Crew, Measured, PairsTask } from './task.ts'

/** How often paced messages are written. */
const STEP_MS = 1

/**
 * Pairs of members: one of each writes, the other is sent it. A message counts when its writer has
 * the acknowledgement, which says that it is on disk, and its reader the entry.
 */
export class Pairs implements Crew {
  #task: PairsTask
  #pairs: Pair[] = []

  constructor(task: PairsTask) {
    this.#task = task
  }

  async enter(): Promise<void> {
    const { tokens } = this.#task
    for (let at = 0; at + 1 < tokens.length; at += 2) {
      const pair = new Pair(this.#task.window)
      const [writer = '', reader = ''] = tokens.slice(at, at + 2)
      // The ends of a pair at different nodes, and writers at all of them.
      const writing = await connected(this.#task, at / 2)
      const reading = await connected(this.#task, at / 2 + 1)
      await pair.enter(writing, writer, reading, reader)
      this.#pairs.push(pair)
    }
  }

  async round(): Promise<Measured> {
    const { messages, perSecond } = this.#task
    const each = Math.floor(messages / this.#pairs.length)
    for (const pair of this.#pairs) pair.forget()
    const start = process.hrtime.bigint()
    const done = perSecond > 0 ? this.#paced(messages, perSecond) : this.#full(each)
    await done
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    const acknowledged = this.#pairs.flatMap((pair) => pair.acknowledged)
    const delivered = this.#pairs.flatMap((pair) => pair.delivered)
    const count = acknowledged.length
    return perSecond > 0 ? { seconds, count, acknowledged, delivered } : { seconds, count }
  }

  async #full(each: number): Promise<void> {
    await Promise.all(this.#pairs.map((pair) => pair.write(each)))
  }

  /** In turns, as many as are due by now. */
  async #paced(messages: number, perSecond: number): Promise<void> {
    const start = performance.now()
    let sent = 0
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const due = Math.min(messages, ((performance.now() - start) / 1_000) * perSecond)
        for (; sent < due; sent += 1) this.#pairs[sent % this.#pairs.length]?.writeOne()
        if (sent < messages) return
        clearInterval(timer)
        resolve()
      }, STEP_MS)
    })
    await Promise.all(this.#pairs.map((pair) => pair.write(0)))
  }
}

class Pair {
  /** Microseconds from sending, in the order of sending. */
  acknowledged: number[] = []
  delivered: number[] = []
  #window: number
  #writer: Member | undefined
  #reader: Member | undefined
  #to = ''
  /** When each message that counts in this round was sent. */
  #sentAt: number[] = []
  #left = 0
  #count = 0
  #soon = false
  #onDone: () => void = () => undefined

  constructor(window: number) {
    this.#window = window
  }

  async enter(
    writing: ConstructorParameters<typeof Member>[0],
    writer: string,
    reading: ConstructorParameters<typeof Member>[0],
    reader: string,
  ): Promise<void> {
    this.#writer = new Member(writing, () => undefined)
    this.#reader = new Member(reading, () => this.#arrived(this.delivered))
    await this.#writer.logIn(writer, '')
    await this.#reader.logIn(reader, '')
    this.#writer.stay()
    this.#reader.stay()
    this.#to = this.#reader.user
    this.#writer.onSent = () => this.#arrived(this.acknowledged)
  }

  forget(): void {
    this.acknowledged = []
    this.delivered = []
    this.#sentAt = []
  }

  /** So many more; resolves when they and all before are acknowledged and delivered. */
  write(messages: number): Promise<void> {
    this.#left = messages
    return new Promise((resolve) => {
      this.#onDone = resolve
      this.#fill()
      this.#check()
    })
  }

  writeOne(): void {
    this.#writer?.socket.write(this.#frame())
  }

  #fill(): void {
    const under = () =>
      this.#sentAt.length - Math.min(this.acknowledged.length, this.delivered.length)
    const frames: Buffer[] = []
    while (this.#left > 0 && under() < this.#window) {
      this.#left -= 1
      frames.push(this.#frame())
    }
    if (frames.length > 0) this.#writer?.socket.write(Buffer.concat(frames))
  }

  #frame(): Buffer {
    this.#count += 1
    this.#sentAt.push(performance.now())
    const nonce = crypto.getRandomValues(Buffer.alloc(16))
    const request = this.#count + 100
    return encode({ type: 'sendDirect', request, to: this.#to, nonce, text: ENGLISH })
  }

  #arrived(times: number[]): void {
    const sent = this.#sentAt[times.length] ?? 0
    times.push((performance.now() - sent) * 1_000)
    if (this.#left === 0) return this.#check()
    if (this.#soon) return
    this.#soon = true
    setImmediate(() => {
      this.#soon = false
      this.#fill()
    })
  }

  #check(): void {
    const sent = this.#sentAt.length
    if (this.#left > 0 || this.acknowledged.length < sent || this.delivered.length < sent) return
    this.#onDone()
  }
}
