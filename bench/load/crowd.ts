import { encode } from '../../src/protocol/codec.ts'
import { ENGLISH } from '../samples.ts'
import { connected } from './connected.ts'
import { Member } from './member.ts'
import { type Crew, type CrowdTask, GROUP, type Measured } from './task.ts'

/** Who writes: the first of the members, in turn. */
const SENDERS = 8
/** Messages that they have under way together. */
const WINDOW = 512
/** As in net/feed.ts. */
const MARK_MS = 500

/**
 * The members of one group: eight of them write, everyone is sent everything. Where the task says
 * so they also say what was delivered.
 */
export class Crowd implements Crew {
  #task: CrowdTask
  #members: Member[] = []
  #sent = 0
  /** What `#sent` is to become in this round. */
  #toSend = 0
  /** Deliveries that this round still waits for. */
  #missing = 0
  #refilling = false
  #onDone: () => void = () => undefined

  constructor(task: CrowdTask) {
    this.#task = task
  }

  async enter(): Promise<void> {
    const { members, tokens } = this.#task
    for (let at = 0; at < members; at += 1) {
      const member = new Member(await connected(this.#task, at), (one) => this.#onEntry(one))
      this.#members.push(member)
      const token = tokens[at]
      if (token === undefined) continue
      await member.logIn(token, GROUP)
      member.stay()
    }
    if (this.#task.marks) setInterval(() => this.#mark(), MARK_MS)
  }

  async round(): Promise<Measured> {
    const { messages, members } = this.#task
    this.#missing = messages * members
    this.#toSend = this.#sent + messages
    const start = process.hrtime.bigint()
    await new Promise<void>((resolve) => {
      this.#onDone = resolve
      this.#fill()
    })
    const seconds = Number(process.hrtime.bigint() - start) / 1e9
    return { seconds, count: messages * members }
  }

  /** The log begins with `created`, and `joined` of all but its maker. */
  #mark(): void {
    for (const member of this.#members) member.mark(this.#task.members)
  }

  #onEntry(member: Member): void {
    this.#missing -= 1
    if (this.#missing === 0) this.#onDone()
    if (member !== this.#members[0] || this.#refilling || this.#sent === this.#toSend) return
    this.#refilling = true
    setImmediate(() => {
      this.#refilling = false
      this.#fill()
    })
  }

  /** The first member gets everything, too: what came to it is not under way any more. */
  #fill(): void {
    const senders = this.#members.slice(0, SENDERS)
    const frames = senders.map((): Buffer[] => [])
    const group = this.#members[0]?.conversation ?? ''
    const arrived = this.#members[0]?.entries ?? 0
    while (this.#sent < this.#toSend && this.#sent - arrived < WINDOW) {
      this.#sent += 1
      frames[this.#sent % senders.length]?.push(frameOf(group, this.#sent))
    }
    for (const [at, { socket }] of senders.entries()) {
      const ofSender = frames[at] ?? []
      if (ofSender.length > 0) socket.write(Buffer.concat(ofSender))
    }
  }
}

function frameOf(group: string, count: number): Buffer {
  const nonce = Buffer.alloc(16)
  nonce.writeUInt32BE(count)
  return encode({ type: 'sendGroup', request: count, group, nonce, text: ENGLISH })
}
