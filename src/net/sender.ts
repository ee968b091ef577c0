import { messageOf } from '../protocol/errors.ts'
import { NONCE_BYTES, TEXT_BYTES_MAX } from '../protocol/limits.ts'
import type { MessageOf } from '../protocol/messages.ts'
import type { OutboxItem, Sent, Target } from './events.ts'
import type { Outbox } from './outbox.ts'
import { DisconnectedError, repeatAfterMs } from './requests.ts'
import type { CancelTimer, Timers } from './timers.ts'

/** Sends that wait for their acknowledgement at the same time. */
const IN_FLIGHT_MAX = 64

export type SenderOptions = Readonly<{
  outbox: Outbox
  timers: Timers
  now: () => number
  /** `NONCE_BYTES` random bytes. */
  randomNonce: () => Uint8Array
  /** The outbox has changed. */
  onChange: (items: readonly OutboxItem[]) => void
  /** The server has it, and where. Once of each. */
  onSent?: (sent: Sent) => void
  /** What the server has stays in the outbox until `forget`. Otherwise it goes by itself. */
  keepSent?: boolean
  /** The server will not take it. */
  onRefused?: (nonce: string, error: Error) => void
}>

/** Carries one item to the server. */
export type Send = (item: OutboxItem, nonce: Uint8Array) => Promise<MessageOf<'sent'>>

/** `tried`: it was given to a connection, and may have reached the server. */
type Waiting = { item: OutboxItem; durable: boolean; inFlight: boolean; tried: boolean }

/**
 * What was said goes out in order, with the same nonce on every connection, until the server has
 * acknowledged it (rule 3). Something refused stays for a person to see and holds up nothing.
 */
export class Sender {
  #options: SenderOptions
  /** By nonce, oldest first. */
  #waiting = new Map<string, Waiting>()
  #send: Send | undefined
  #inFlight = 0
  #cancelPause: CancelTimer | undefined
  /** Something is to be sent again: first all that is in flight lands, so that the order stays. */
  #repeats = false

  constructor(options: SenderOptions) {
    this.#options = options
    for (const item of options.outbox.kept) {
      // An earlier run may have sent it.
      this.#waiting.set(item.nonce, { item, durable: true, inFlight: false, tried: true })
    }
  }

  /** What is on disk: what a person is shown as waiting survives a crash. */
  get items(): readonly OutboxItem[] {
    const durable = [...this.#waiting.values()].filter((waiting) => waiting.durable)
    return durable.map(({ item }) => item)
  }

  /**
   * Keeps the item, shows it, and sends it. Resolves with its nonce when it is kept. `reply`: seq of
   * the text that it answers, 0 for none.
   * @throws RangeError for a text that cannot be a message; what the outbox throws
   */
  async say(target: Target, text: string, reply = 0): Promise<string> {
    checkText(text)
    const { outbox, now, randomNonce } = this.#options
    const nonce = Buffer.from(randomNonce()).toString('hex')
    const item: OutboxItem = { nonce, target, text, reply, time: now(), refused: undefined }
    const waiting: Waiting = { item, durable: false, inFlight: false, tried: false }
    this.#waiting.set(nonce, waiting)
    try {
      await outbox.add(item)
      waiting.durable = true
      this.#changed()
    } catch (error) {
      this.#waiting.delete(nonce)
      throw error
    } finally {
      this.#flush()
    }
    return nonce
  }

  /** From now on items go out by `send`, all that wait at first. */
  attach(send: Send): void {
    this.#send = send
    this.#flush()
  }

  /** The connection is gone: what was in flight waits again. */
  detach(): void {
    this.#send = undefined
    this.#inFlight = 0
    this.#repeats = false
    this.#cancelPause?.()
    this.#cancelPause = undefined
    for (const waiting of this.#waiting.values()) waiting.inFlight = false
  }

  /** The server has it, there. Unknown nonces are fine. */
  acknowledge(nonce: string, place: Omit<Sent, 'nonce'>): void {
    if (!this.#waiting.delete(nonce)) return
    this.#changed()
    if (this.#options.keepSent !== true) this.forget(nonce)
    this.#options.onSent?.({ nonce, ...place })
  }

  /** Who said it knows that the server has it: the outbox need not keep it any longer. */
  forget(nonce: string): void {
    if (this.#waiting.has(nonce)) throw new Error('what the server does not have is not forgotten')
    // A removal that is lost costs one repetition, which the server answers like the first.
    this.#options.outbox.remove(nonce).catch(() => undefined)
  }

  /** A person takes it back. True: it was on its way, and may have reached the server. */
  discard(nonce: string): boolean {
    const waiting = this.#waiting.get(nonce)
    if (waiting === undefined) return false
    this.#waiting.delete(nonce)
    this.#changed()
    this.forget(nonce)
    return waiting.tried
  }

  /** A person wants something refused sent again. */
  async retry(nonce: string): Promise<void> {
    const waiting = this.#waiting.get(nonce)
    if (waiting?.item.refused === undefined) return
    await this.#setRefused(waiting, undefined)
    this.#flush()
  }

  #flush(): void {
    if (this.#send === undefined || this.#cancelPause !== undefined) return
    if (this.#repeats && this.#inFlight > 0) return
    this.#repeats = false
    for (const waiting of this.#waiting.values()) {
      if (waiting.inFlight || waiting.item.refused !== undefined) continue
      // Order: nothing overtakes what is being written to disk.
      if (!waiting.durable || this.#inFlight >= IN_FLIGHT_MAX) return
      this.#carry(waiting, this.#send)
    }
  }

  #carry(waiting: Waiting, send: Send): void {
    waiting.inFlight = true
    waiting.tried = true
    this.#inFlight += 1
    const landed = (settle: () => void) => {
      // Another connection has taken over: its own answer counts.
      if (this.#send !== send) return
      waiting.inFlight = false
      this.#inFlight -= 1
      settle()
      this.#flush()
    }
    send(waiting.item, Buffer.from(waiting.item.nonce, 'hex')).then(
      ({ conversation, seq, time }) =>
        landed(() => this.acknowledge(waiting.item.nonce, { conversation, seq, time })),
      (error: unknown) => landed(() => this.#failed(waiting, error)),
    )
  }

  #failed(waiting: Waiting, error: unknown): void {
    if (error instanceof DisconnectedError || !this.#waiting.has(waiting.item.nonce)) return
    const ms = repeatAfterMs(error)
    if (ms !== undefined) {
      this.#repeats = true
      this.#pause(ms)
    } else {
      this.#setRefused(waiting, messageOf(error)).catch(() => undefined)
      this.#options.onRefused?.(
        waiting.item.nonce,
        error instanceof Error ? error : new Error(messageOf(error)),
      )
    }
  }

  #pause(ms: number): void {
    if (this.#cancelPause !== undefined) return
    this.#cancelPause = this.#options.timers.after(ms, () => {
      this.#cancelPause = undefined
      this.#flush()
    })
  }

  #setRefused(waiting: Waiting, refused: string | undefined): Promise<void> {
    waiting.item = { ...waiting.item, refused }
    this.#changed()
    return this.#options.outbox.refuse(waiting.item.nonce, refused)
  }

  #changed(): void {
    this.#options.onChange(this.items)
  }
}

function checkText(text: string): void {
  if (text === '') throw new RangeError('a message needs a text')
  const length = Buffer.byteLength(text)
  if (length > TEXT_BYTES_MAX) {
    throw new RangeError(`the message has ${length} bytes; ${TEXT_BYTES_MAX} are the most`)
  }
}

/** Hex digits of a nonce on the wire: the identity of an outbox item. */
export function nonceKey(nonce: Uint8Array): string {
  return nonce.length === NONCE_BYTES ? Buffer.from(nonce).toString('hex') : ''
}
