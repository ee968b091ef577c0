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
  /** What an earlier run left and this one may repeat, oldest first. */
  kept: readonly OutboxItem[]
  /** Takes what waits for the server out of the outbox. True: it may have reached the server. */
  discard: (nonce: string) => boolean
  /** Takes what the server has out of the outbox. */
  forget: (nonce: string) => void
}>

/** What an earlier run left and nobody has repeated yet. */
type Left = Readonly<{ item: OutboxItem; answer: PromiseWithResolvers<Sent> }> & {
  /** What the server says of it. */
  outcome: 'none' | 'sent' | 'refused'
}

/**
 * What was said, and who waits for its acknowledgement. What the server has stays in the outbox until
 * who said it was told: then a program that is killed in between, and says it again when it runs
 * next, says it once.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions
  /** What was said here and has no answer of the server's yet, by nonce. */
  #waiting = new Map<string, PromiseWithResolvers<Sent>>()
  /** By nonce, oldest first. */
  #left: Map<string, Left>

  constructor(options: DeliveriesOptions) {
    this.#options = options
    const kept = options.kept.filter(({ refused }) => refused === undefined)
    this.#left = new Map(
      kept.map((item) => [item.nonce, { item, answer: newAnswer(), outcome: 'none' }]),
    )
  }

  /**
   * Resolves when the server has it; `told` follows.
   * @throws ChatError the refusal, WithdrawnError
   */
  wait(nonce: string): Promise<Sent> {
    const answer = newAnswer()
    this.#waiting.set(nonce, answer)
    return answer.promise
  }

  /**
   * What an earlier run that was killed left of the same message: to say it again means that one.
   * Each is taken once. `targets`: the same one, by its id and by its name; the outbox may have either.
   */
  claim(targets: readonly Target[], text: string): Claimed | undefined {
    const isIt = ({ item }: Left) =>
      item.text === text && item.reply === 0 && targets.some((it) => isSame(item.target, it))
    const left = this.#left.values().find(isIt)
    if (left === undefined) return undefined
    const { nonce } = left.item
    this.#left.delete(nonce)
    if (left.outcome === 'none') this.#waiting.set(nonce, left.answer)
    if (left.outcome === 'refused') this.#options.discard(nonce)
    return { nonce, sent: left.answer.promise }
  }

  /** Nobody will repeat what an earlier run left: what the server has, or will have, is forgotten. */
  endClaims(): void {
    const left = [...this.#left.values()]
    this.#left.clear()
    for (const { item, outcome } of left) if (outcome === 'sent') this.told(item.nonce)
  }

  sent(sent: Sent): void {
    const { nonce } = sent
    const left = this.#left.get(nonce)
    if (left !== undefined) left.outcome = 'sent'
    const answer = left?.answer ?? this.#waiting.get(nonce)
    this.#waiting.delete(nonce)
    // Nobody here is to be told.
    if (answer === undefined) this.told(nonce)
    else answer.resolve(sent)
  }

  /** Who said it knows that the server has it. */
  told(nonce: string): void {
    this.#options.forget(nonce)
  }

  /** The server will not take it. What nobody here has said waits for a person. */
  refused(nonce: string, error: Error): void {
    const left = this.#left.get(nonce)
    if (left !== undefined) left.outcome = 'refused'
    left?.answer.reject(error)
    const answer = this.#waiting.get(nonce)
    if (answer === undefined) return
    this.#waiting.delete(nonce)
    this.#options.discard(nonce)
    answer.reject(error)
  }

  /** What has an answer already is not taken back. */
  withdraw(nonce: string, cause?: Error): void {
    const answer = this.#waiting.get(nonce)
    if (answer === undefined) return
    this.#waiting.delete(nonce)
    answer.reject(new WithdrawnError(this.#options.discard(nonce), cause))
  }

  /** Nothing will be sent any more. What an earlier run left stays for the next one. */
  end(cause: Error): void {
    for (const nonce of [...this.#waiting.keys()]) this.withdraw(nonce, cause)
  }
}

type Claimed = Readonly<{ nonce: string; sent: Promise<Sent> }>

function newAnswer(): PromiseWithResolvers<Sent> {
  const answer = Promise.withResolvers<Sent>()
  // Whoever waits is told; nobody may be waiting.
  answer.promise.catch(() => undefined)
  return answer
}

function isSame(one: Target, other: Target): boolean {
  return one.kind === other.kind && nameKey(one.id) === nameKey(other.id)
}
