import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { encode } from '../../src/protocol/codec.ts'
import { ENGLISH } from '../samples.ts'
import { Member } from './member.ts'
import { GROUP, type Report, type Task } from './task.ts'

/**
 * The members of one group, in a process of their own, so that what they cost is not counted as the
 * server's. Each message from the parent is one round.
 */

/** Who writes: the first of the members, in turn. */
const SENDERS = 8
/** Messages that they have under way together. */
const WINDOW = 512
/** As in net/feed.ts. */
const MARK_MS = 500

class Crowd {
  #task: Task
  #members: Member[] = []
  #sent = 0
  /** What `#sent` is to become in this round. */
  #toSend = 0
  /** Deliveries that this round still waits for. */
  #missing = 0
  #refilling = false
  #onDone: () => void = () => undefined

  constructor(task: Task) {
    this.#task = task
  }

  async enter(): Promise<void> {
    const { members, tokens } = this.#task
    for (let at = 0; at < members; at += 1) {
      const member = new Member(await connected(this.#task), (one) => this.#onEntry(one))
      this.#members.push(member)
      const token = tokens[at]
      if (token !== undefined) await member.logIn(token, GROUP)
    }
  }

  async round(): Promise<number> {
    const { messages, members } = this.#task
    this.#missing = messages * members
    this.#toSend = this.#sent + messages
    const start = process.hrtime.bigint()
    await new Promise<void>((resolve) => {
      this.#onDone = resolve
      this.#fill()
    })
    return Number(process.hrtime.bigint() - start) / 1e9
  }

  /** The log begins with `created`, and `joined` of all but its maker. */
  mark(): void {
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

async function connected({ port, tls }: Task): Promise<Socket> {
  const where = { host: '127.0.0.1', port, noDelay: true }
  const socket = tls ? connectTls({ ...where, rejectUnauthorized: false }) : connectPlain(where)
  await new Promise<void>((resolve, reject) => {
    socket.once(tls ? 'secureConnect' : 'connect', () => resolve())
    socket.once('error', reject)
  })
  return socket
}

function report(what: Report): void {
  process.send?.(what)
}

const task = JSON.parse(process.argv[2] ?? '') as Task
const crowd = new Crowd(task)
await crowd.enter()
if (task.marks) setInterval(() => crowd.mark(), MARK_MS)
process.on('message', async () => report({ kind: 'round', seconds: await crowd.round() }))
process.on('disconnect', () => process.exit())
report({ kind: 'ready' })
