import type { AnswerOf, DraftMessage } from '../../protocol/messages.ts'
import type { Askable } from '../chat-client.ts'
import type { ClientEvent } from '../events.ts'
import { DisconnectedError, repeatAfterMs } from '../requests.ts'
import type { Timers } from '../timers.ts'

/** The connection was closed here: nothing is wrong. */
export class ClosedError extends Error {
  override readonly name = 'ClosedError'

  constructor() {
    super('the connection was closed')
  }
}

/** The session is over, on the server or for good: somebody must log in again. */
export class SessionOverError extends Error {
  override readonly name = 'SessionOverError'
}

type Request = <T extends Askable>(draft: DraftMessage<T>) => Promise<AnswerOf<T>>

/**
 * Asks over reconnections: what a lost connection left without an answer is asked again on the next
 * one. Only for what may be asked twice.
 */
export class Standing {
  readonly #timers: Timers
  readonly #request: Request
  #online = false
  #end: Error | undefined
  #waiting = new Set<() => void>()

  constructor(timers: Timers, request: Request) {
    this.#timers = timers
    this.#request = request
  }

  /** Why nothing more will come. */
  get ended(): Error | undefined {
    return this.#end
  }

  take(event: ClientEvent): void {
    if (event.type === 'loggedOut') this.end(new SessionOverError(event.reason))
    if (event.type !== 'link') return
    this.#online = event.link.state === 'online'
    if (event.link.state === 'blocked') this.end(event.link.error)
    if (this.#online) this.#wake()
  }

  end(error: Error): void {
    this.#end ??= error
    this.#wake()
  }

  /**
   * What the server answers, however long the connection is away.
   * @throws ChatError the refusal; why there will be no connection any more; the signal's reason
   */
  async ask<T extends Askable>(draft: DraftMessage<T>, signal?: AbortSignal): Promise<AnswerOf<T>> {
    for (;;) {
      signal?.throwIfAborted()
      if (this.#end !== undefined) throw this.#end
      try {
        if (this.#online) return await this.#request(draft)
        await this.#change(signal)
      } catch (error) {
        const ms = repeatAfterMs(error)
        if (ms !== undefined) await this.pause(ms, signal)
        else if (!(error instanceof DisconnectedError)) throw error
      }
    }
  }

  /** Ends early when the connection ends for good, or the signal is aborted. */
  pause(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true || this.#end !== undefined) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        cancel()
        this.#waiting.delete(look)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const look = () => {
        if (this.#end !== undefined) done()
      }
      const cancel = this.#timers.after(ms, done)
      this.#waiting.add(look)
      signal?.addEventListener('abort', done)
    })
  }

  #change(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      this.#waiting.add(done)
      signal?.addEventListener('abort', done)
    })
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look()
  }
}
