import type { Duplex } from 'node:stream'
import { Connection } from '../../net/connection.ts'
import { cleanText } from '../../protocol/clean.ts'
import { decode, encode } from '../../protocol/codec.ts'
import { ChatError } from '../../protocol/errors.ts'
import type { AnswerOf, ClientMessageType, DraftMessage, Message } from '../../protocol/messages.ts'
import { patiently } from './patience.ts'

type Draft<T extends ClientMessageType> = Omit<DraftMessage<T>, 'request'> & Readonly<{ type: T }>

export type NativeEvents = Readonly<{
  /** What answers no request. Texts in it are cleaned: such a client shows them as they are. */
  onPush: (message: Message) => void
  /** The server has ended it. */
  onClose: () => void
}>

/** The native side of a translator: it speaks version 2 with a peer of this process, as any client. */
export class NativeEnd {
  /** When something was last asked. */
  askedAt: number
  #connection: Connection
  #monotonic: () => number
  #answers = new Map<number, (message: Message | undefined) => void>()
  #request = 0

  constructor(stream: Duplex, { onPush, onClose }: NativeEvents, monotonic: () => number) {
    this.askedAt = monotonic()
    this.#monotonic = monotonic
    const events = {
      onFrame: (command: number, payload: Buffer) => {
        const message = decode(command, payload, cleanText)
        if (message !== undefined && !this.#answer(message)) onPush(message)
      },
      onProtocolError: () => this.#connection.destroy(),
      onFault: () => this.#connection.destroy(),
      onClose: () => {
        for (const answer of this.#answers.values()) answer(undefined)
        this.#answers.clear()
        onClose()
      },
    }
    this.#connection = new Connection(stream, events, monotonic)
  }

  get closed(): boolean {
    return this.#connection.closed
  }

  /**
   * The answer. Over a rate it waits and asks again: nobody of version 1 could be told.
   * @throws ChatError; `stopping` when the peer is gone
   */
  ask<T extends ClientMessageType>(draft: Draft<T>): Promise<AnswerOf<T>> {
    return patiently(async () => {
      const answer = await this.#exchange(draft as unknown as DraftMessage)
      if (answer === undefined) throw new ChatError('stopping')
      if (answer.type !== 'error') return answer as unknown as AnswerOf<T>
      throw new ChatError(answer.code, answer.text, answer.retryMs)
    })
  }

  /** Sends without waiting for an answer. */
  tell<T extends ClientMessageType>(draft: Draft<T>): void {
    void this.#exchange(draft as unknown as DraftMessage)
  }

  end(): void {
    this.#connection.end()
  }

  #exchange(draft: DraftMessage): Promise<Message | undefined> {
    if (this.#connection.closed) return Promise.resolve(undefined)
    this.#request += 1
    const request = this.#request
    this.askedAt = this.#monotonic()
    return new Promise((resolve) => {
      this.#answers.set(request, resolve)
      this.#connection.send(encode({ ...draft, request } as DraftMessage))
    })
  }

  #answer(message: Message): boolean {
    const request = 'request' in message ? message.request : 0
    const answer = this.#answers.get(request)
    this.#answers.delete(request)
    answer?.(message)
    return answer !== undefined
  }
}
