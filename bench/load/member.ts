import type { Socket } from 'node:net'
import { decode, encode } from '../../src/protocol/codec.ts'
import { FrameSplitter } from '../../src/protocol/frames.ts'
import { type DraftMessage, type Message, messages } from '../../src/protocol/messages.ts'

type Answer = Message | undefined

/** A client that counts what it is sent, and does as little else as possible. */
export class Member {
  readonly socket: Socket
  /** Entries that came, of all rounds. */
  entries = 0
  conversation = ''
  #markedEntries = 0
  #onAnswer: (answer: Answer) => void = () => undefined

  constructor(socket: Socket, onEntry: (member: Member) => void) {
    const splitter = new FrameSplitter((command, payload) => {
      if (command !== messages.groupEntry.command) {
        this.#onAnswer(decode(command, payload))
        return
      }
      this.entries += 1
      onEntry(this)
    })
    this.socket = socket
    socket.on('data', (chunk) => splitter.push(chunk))
  }

  /** Finds its way to the group of that name. */
  async logIn(token: string, group: string): Promise<void> {
    const answer = await this.#ask({ type: 'logIn', request: 1, token: Buffer.from(token, 'hex') })
    if (answer?.type !== 'loggedIn') throw new Error(`log-in: ${answer?.type}`)
    const heads = await this.#ask({ type: 'sync', request: 2 })
    if (heads?.type !== 'heads') throw new Error(`sync: ${heads?.type}`)
    this.conversation = heads.heads.find(({ name }) => name === group)?.conversation ?? ''
  }

  /** Says what was delivered, when that is something new. */
  mark(seqBefore: number): void {
    if (this.#markedEntries === this.entries) return
    this.#markedEntries = this.entries
    const delivered = seqBefore + this.entries
    const request = this.entries
    const { conversation } = this
    this.socket.write(encode({ type: 'mark', request, conversation, delivered }))
  }

  #ask(message: DraftMessage): Promise<Answer> {
    return new Promise((resolve) => {
      this.#onAnswer = resolve
      this.socket.write(encode(message))
    })
  }
}
