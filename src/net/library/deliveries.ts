import { nameKey } from '../../protocol/names.ts'
import type { OutboxItem, Sent, Target } from '../events.ts'

/** It was taken back: nothing will send it any more. `cause`: why, unless who said it wanted that. */
export class WithdrawnError extends Error {
  override readonly name = 'WithdrawnError'
  /** It was on its way: the server may have it all the same. */
  readonly tried: boolean

  constructor(tried: boolean, cause?: Error) {
    const what = tried ? 'it was taken back, but may have arrived' : 'it was not sent'
    super(cause === undefined ? what : `${cause.message}; ${what}`, { cause })
    this.tried = tried
  }
}

export type DeliveriesOptions = Readonly<{
  /** What an earlier run left, oldest first. */
  kept: readonly OutboxItem[]
  /** Takes it out of the outbox. True: it may have reached the server. */
  discard: (nonce: string) => boolean
}>

/** What was said, and who waits for its acknowledgement. */
export class Deliveries {
  readonly #discard: (nonce: string) => boolean
  /** By nonce. */
  #waiting = new Map<string, PromiseWithResolvers<Sent>>()
  /** What an earlier run left and nobody has repeated yet, by nonce. */
  #left: Map<string, OutboxItem>

  constructor({ kept, discard }: DeliveriesOptions) {
    this.#discard = discard
    const waiting = kept.filter(({ refused }) => refused === undefined)
    this.#left = new Map(waiting.map((item) => [item.nonce, item]))
    for (const nonce of this.#left.keys()) this.#begin(nonce)
  }

  /** Resolves when the server has it. @throws ChatError the refusal, WithdrawnError */
  wait(nonce: string): Promise<Sent> {
    return this.#begin(nonce).promise
  }

  /**
   * What an earlier run that was killed left of the same message: to say it again means that one.
   * Each is taken once.
   */
  claim(target: Target, text: string): Claimed | undefined {
    const isIt = (item: OutboxItem) =>
      item.text === text && item.reply === 0 && isSame(item.target, target)
    const item = this.#left.values().find(isIt)
    const sent = item && this.#waiting.get(item.nonce)?.promise
    if (item === undefined || sent === undefined) return undefined
    this.#left.delete(item.nonce)
    return { nonce: item.nonce, sent }
  }

  sent(sent: Sent): void {
    this.#waiting.get(sent.nonce)?.resolve(sent)
    this.forget(sent.nonce)
  }

  /** The server will not take it. What nobody here has said waits for a person. */
  refused(nonce: string, error: Error): void {
    this.#waiting.get(nonce)?.reject(error)
    if (!this.#left.has(nonce)) this.#discard(nonce)
    this.forget(nonce)
  }

  withdraw(nonce: string, cause?: Error): void {
    const waiting = this.#waiting.get(nonce)
    if (waiting === undefined) return
    waiting.reject(new WithdrawnError(this.#discard(nonce), cause))
    this.forget(nonce)
  }

  /** Nothing will be sent any more. What an earlier run left stays for the next one. */
  end(cause: Error): void {
    for (const nonce of [...this.#waiting.keys()]) {
      if (!this.#left.has(nonce)) this.withdraw(nonce, cause)
    }
  }

  /** Of what an earlier run left the result is kept until somebody repeats it. */
  forget(nonce: string): void {
    if (!this.#left.has(nonce)) this.#waiting.delete(nonce)
  }

  #begin(nonce: string): PromiseWithResolvers<Sent> {
    const waiting = Promise.withResolvers<Sent>()
    // Whoever waits is told; nobody may be waiting.
    waiting.promise.catch(() => undefined)
    this.#waiting.set(nonce, waiting)
    return waiting
  }
}

type Claimed = Readonly<{ nonce: string; sent: Promise<Sent> }>

function isSame(one: Target, other: Target): boolean {
  return one.kind === other.kind && nameKey(one.id) === nameKey(other.id)
}
