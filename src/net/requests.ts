import { ChatError } from '../protocol/errors.ts'
import {
  type AnswerOf,
  type ClientMessageType,
  type DraftMessage,
  type Message,
  messages,
} from '../protocol/messages.ts'
import type { CancelTimer, Timers } from './timers.ts'

/** An answer that has not come after this, milliseconds, is not waited for. */
const REQUEST_TIMEOUT_MS = 30_000

/** The connection ended, or there was none: whether the request was done is not known. */
export class DisconnectedError extends Error {
  override readonly name = 'DisconnectedError'
}

/** The connection lives but the answer did not come. */
class RequestTimeoutError extends Error {
  override readonly name = 'RequestTimeoutError'
}

/** What the server cannot do now, and does not say how soon, is repeated after this, milliseconds. */
const REPEAT_MS = 1_000

/** How long to wait until the same request makes sense; undefined: it never does. */
export function repeatAfterMs(error: unknown): number | undefined {
  if (error instanceof RequestTimeoutError) return 0
  if (!(error instanceof ChatError)) return undefined
  const passes = error.code === 'rateLimited' || error.code === 'unavailable'
  return error.retryMs > 0 || passes ? error.retryMs || REPEAT_MS : undefined
}

type Pending = Readonly<{
  type: ClientMessageType
  resolve: (answer: Message) => void
  reject: (error: Error) => void
  cancelTimer: CancelTimer
}>

/** The requests of one connection that wait for their answers (rule 1). */
export class Requests {
  #pending = new Map<number, Pending>()
  #last = 0
  #timers: Timers

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /**
   * Hands the draft with a fresh request id to `send`; the promise settles with its answer.
   * `onAnswer` is called with it before anything that the server said later is taken; who awaits the
   * promise may be called after that.
   * @throws ChatError the server's refusal, DisconnectedError, RequestTimeoutError, and what
   * `send` throws
   */
  start<T extends ClientMessageType>(
    draft: DraftMessage<T>,
    send: (message: DraftMessage<T>) => void,
    onAnswer: (answer: AnswerOf<T>) => void = () => undefined,
  ): Promise<AnswerOf<T>> {
    this.#last += 1
    const request = this.#last
    return new Promise<AnswerOf<T>>((resolve, reject) => {
      send({ ...draft, request })
      this.#pending.set(request, {
        type: draft.type,
        resolve: (message) => {
          // `settle` has checked that the type is the one that the table names.
          const answer = message as AnswerOf<T>
          resolve(answer)
          onAnswer(answer)
        },
        reject,
        cancelTimer: this.#timers.after(REQUEST_TIMEOUT_MS, () => this.#timedOut(request)),
      })
    })
  }

  /** Takes an answer; false: it is none that anyone waits for. */
  settle(message: Message): boolean {
    const request = 'request' in message ? message.request : 0
    const pending = this.#take(request)
    if (pending === undefined) return false
    if (message.type === 'error') {
      pending.reject(new ChatError(message.code, message.text, message.retryMs))
    } else if (message.type === messages[pending.type].answer) {
      pending.resolve(message)
    } else {
      pending.reject(new ChatError('unknown', `${pending.type} was answered with ${message.type}`))
    }
    return true
  }

  /** Nothing waits for an answer, or nothing but requests of that type. */
  isEmpty(but?: ClientMessageType): boolean {
    if (this.#pending.size === 0) return true
    return but !== undefined && [...this.#pending.values()].every(({ type }) => type === but)
  }

  failAll(error: Error): void {
    for (const request of [...this.#pending.keys()]) this.#take(request)?.reject(error)
  }

  #timedOut(request: number): void {
    const pending = this.#take(request)
    pending?.reject(new RequestTimeoutError('the server did not answer in time'))
  }

  #take(request: number): Pending | undefined {
    const pending = this.#pending.get(request)
    this.#pending.delete(request)
    pending?.cancelTimer()
    return pending
  }
}
