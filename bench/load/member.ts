import type { Socket } from 'node:net'
import { decode, encode } from '../../src/protocol/codec.ts'
import { FrameSplitter } from '../../src/protocol/frames.ts'
import {
  type ClientMessageType,
  type DraftMessage,
  type Head,
  type Message,
  messages,
} from '../../src/protocol/messages.ts'

const HEARTBEAT_MS = 15_000

type Answer = Message | undefined
type Question = Omit<DraftMessage<ClientMessageType>, 'request'> & { type: ClientMessageType }

const ENTRIES: ReadonlySet<number> = new Set([
  messages.groupEntry.command,
  messages.directEntry.command,
])

/** A client that counts what it is sent, and does as little else as possible. */
export class Member {
  readonly socket: Socket
  /** Entries that came, of all rounds. */
  entries = 0
  conversation = ''
  /** Id of the user that is logged in. */
  user = ''
  /** What was said is on disk. */
  onSent: () => void = () => undefined
  #markedEntries = 0
  #asked = 0
  #waiting = new Map<number, (answer: Answer) => void>()

  constructor(socket: Socket, onEntry: (member: Member) => void) {
    const splitter = new FrameSplitter((command, payload) => {
      if (ENTRIES.has(command)) {
        this.entries += 1
        onEntry(this)
      } else if (command === messages.sent.command) this.onSent()
      else this.#answered(decode(command, payload))
    })
    this.socket = socket
    socket.on('data', (chunk) => splitter.push(chunk))
  }

  /** By token; answers the heads, and finds the group of that name. */
  async logIn(token: string, group: string): Promise<readonly Head[]> {
    await this.resume(token)
    const heads = await this.ask({ type: 'sync' } as Question)
    if (heads?.type !== 'heads') throw new Error(`sync: ${heads?.type}`)
    this.conversation = heads.heads.find(({ name }) => name === group)?.conversation ?? ''
    return heads.heads
  }

  async resume(token: string): Promise<void> {
    const answer = await this.ask({ type: 'logIn', token: Buffer.from(token, 'hex') } as Question)
    if (answer?.type !== 'loggedIn') throw new Error(`log-in: ${answer?.type}`)
    this.user = answer.user?.id ?? ''
  }

  /** Whose turn it is not must not be taken for gone; who is gone all the same must not be waited for. */
  stay(): void {
    const timer = setInterval(() => void this.ask({ type: 'heartbeat' } as Question), HEARTBEAT_MS)
    this.socket.once('close', () => {
      clearInterval(timer)
      throw new Error('the server has closed a connection')
    })
  }

  /** Says what was delivered, when that is something new. */
  mark(seqBefore: number): void {
    if (this.#markedEntries === this.entries) return
    this.#markedEntries = this.entries
    const delivered = seqBefore + this.entries
    const { conversation } = this
    this.socket.write(encode({ type: 'mark', request: 2 ** 31, conversation, delivered }))
  }

  ask(question: Question | DraftMessage): Promise<Answer> {
    this.#asked += 1
    const request = this.#asked
    return new Promise((resolve) => {
      this.#waiting.set(request, resolve)
      this.socket.write(encode({ ...question, request } as DraftMessage))
    })
  }

  #answered(answer: Answer): void {
    const request = answer !== undefined && 'request' in answer ? answer.request : 0
    this.#waiting.get(request)?.(answer)
    this.#waiting.delete(request)
  }
}
