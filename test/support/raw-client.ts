import type { Duplex } from 'node:stream'
import { Connection } from '../../src/net/connection.ts'
import { decode, encode } from '../../src/protocol/codec.ts'
import type {
  AnswerOf,
  ClientMessageType,
  DraftMessage,
  Message,
  MessageOf,
  ServerMessageType,
} from '../../src/protocol/messages.ts'

export type Refused = MessageOf<'error'>

type Draft<T extends ClientMessageType> = Omit<DraftMessage<T>, 'request'>
type Watch = Readonly<{ wanted: (message: Message) => boolean; take: (message: Message) => void }>

/**
 * A client that hides nothing: it sends drafts, resolves their answers by request id, and keeps
 * everything else in `pushes`, in the order of arrival.
 */
export class RawClient {
  /** Everything received that answered no request. */
  readonly pushes: Message[] = []
  /** Resolves with the code of the goodbye, or with nothing when there was none. */
  readonly closed: Promise<string | undefined>
  readonly connection: Connection
  readonly stream: Duplex
  #answers = new Map<number, (message: Message) => void>()
  #watches = new Set<Watch>()
  #request = 0

  constructor(stream: Duplex) {
    const end = Promise.withResolvers<string | undefined>()
    this.closed = end.promise
    this.stream = stream
    let goodbye: string | undefined
    const events = {
      onFrame: (command: number, payload: Buffer) => {
        const message = decode(command, payload)
        if (message === undefined) throw new Error(`command ${command} is not in the table`)
        if (message.type === 'goodbye') goodbye = message.code
        this.#receive(message)
      },
      onProtocolError: (error: Error) => stream.destroy(error),
      onFault: (error: unknown) => stream.destroy(error as Error),
      onClose: () => end.resolve(goodbye),
    }
    this.connection = new Connection(stream, events, Date.now)
  }

  /** Sends without waiting. */
  send(message: DraftMessage): void {
    this.connection.send(encode(message))
  }

  /** The answer; a refusal rejects. */
  async ask<T extends ClientMessageType>(draft: Draft<T> & { type: T }): Promise<AnswerOf<T>> {
    const answer = await this.#exchange(draft as DraftMessage)
    if (answer.type === 'error') throw new Error(`${answer.code}: ${answer.text}`)
    return answer as AnswerOf<T>
  }

  /** The refusal; an answer rejects. */
  async refusal<T extends ClientMessageType>(draft: Draft<T> & { type: T }): Promise<Refused> {
    const answer = await this.#exchange(draft as DraftMessage)
    if (answer.type !== 'error') throw new Error(`${draft.type} was answered: ${answer.type}`)
    return answer
  }

  /** Everything sent so far is done and answered (rule 4). */
  async barrier(): Promise<void> {
    await this.ask({ type: 'heartbeat' })
  }

  /** The first push of a type, also of those that came already, that fits. */
  push<T extends ServerMessageType>(
    type: T,
    fits: (message: MessageOf<T>) => boolean = () => true,
  ): Promise<MessageOf<T>> {
    const wanted = (message: Message) => message.type === type && fits(message as MessageOf<T>)
    const known = this.pushes.find(wanted)
    if (known !== undefined) return Promise.resolve(known as MessageOf<T>)
    return new Promise((resolve) => {
      const watch: Watch = {
        wanted,
        take: (message) => {
          this.#watches.delete(watch)
          resolve(message as MessageOf<T>)
        },
      }
      this.#watches.add(watch)
    })
  }

  /** What was pushed of a conversation's log: its seqs. */
  seqs(conversation: string): number[] {
    return this.entries(conversation).map((entry) => entry.seq)
  }

  entries(conversation: string): NonNullable<MessageOf<'groupEntry'>['entry']>[] {
    return this.pushes.flatMap((push) => {
      if (push.type !== 'groupEntry' && push.type !== 'directEntry') return []
      return push.conversation === conversation && push.entry !== undefined ? [push.entry] : []
    })
  }

  end(): void {
    this.connection.end()
  }

  #exchange(draft: DraftMessage): Promise<Message> {
    this.#request += 1
    const request = this.#request
    const answered = new Promise<Message>((resolve, reject) => {
      this.#answers.set(request, resolve)
      this.closed.then((code) => reject(new Error(`closed: ${code ?? 'without goodbye'}`)), reject)
    })
    this.send({ ...draft, request } as DraftMessage)
    return answered
  }

  #receive(message: Message): void {
    const request = 'request' in message ? message.request : 0
    const answer = this.#answers.get(request)
    if (answer !== undefined) {
      this.#answers.delete(request)
      answer(message)
      return
    }
    this.pushes.push(message)
    for (const watch of this.#watches) if (watch.wanted(message)) watch.take(message)
  }
}
