import type { Duplex } from 'node:stream'
import { Connection, type Flusher } from '../net/connection.ts'
import { decode, encode, requestOf } from '../protocol/codec.ts'
import { ChatError, type ErrorCode, errorCodes, type ProtocolError } from '../protocol/errors.ts'
import { REASON_BYTES_MAX, SILENT_INTERVALS_MAX } from '../protocol/limits.ts'
import type { DraftMessage, User } from '../protocol/messages.ts'
import { costOf, dispatch, isRequest, runsAlone, takesLong } from './dispatch.ts'
import type { Caller, Incoming, LoggedIn } from './handler.ts'
import {
  ACCOUNT_CONNECTIONS_MAX,
  ANSWER_BYTES_MAX,
  GUEST_MS_MAX,
  HEARTBEAT_MS,
  RUNNING_REQUESTS_MAX,
} from './limits.ts'
import { topicOf } from './notices.ts'
import type { Services } from './services.ts'
import { Subscriber, tellFirst } from './subscriber.ts'
import { Turn } from './turn.ts'

/** After so long it makes sense to ask whether another device has gone. */
const RECONNECT_MS = 10_000

/** What is known of a connection before its first byte. */
export type Arrival = Readonly<{
  /** The peer's address, as it is counted by. */
  address: string
  /** Why its first request is answered with goodbye; undefined: it is welcome. */
  refusal: ErrorCode | undefined
  /** The same for people, where the code alone does not say what to do. */
  refusalText?: string | undefined
}>

/**
 * One client's life: guest → member → gone. Frames become requests, requests run in the order of
 * arrival, their answers go back; whatever goes wrong here ends this connection at most.
 */
export class Peer implements Caller {
  readonly id: string
  readonly address: string
  tokenHash: Buffer = Buffer.alloc(0)
  #services: Services
  #arrival: Arrival
  #connection: Connection
  #onGone: (peer: Peer) => void
  #connectedAt: number
  #loggedIn: LoggedIn | undefined
  /** Requests that wait for their turn. The connection is not read while there are any. */
  #waiting: Incoming[] = []
  /** How many of them were begun: taking each from the front of a long list would be slow. */
  #begun = 0
  #running = 0
  /** A request runs that must be alone. */
  #alone = false
  /** Why the connection closes when that request is answered. */
  #last: ErrorCode | undefined
  #turn: Turn
  #onFree = () => this.#beginWaiting()
  #paused = false
  #stopping = false
  #onIdle: (() => void) | undefined

  constructor(
    id: string,
    services: Services,
    stream: Duplex,
    arrival: Arrival,
    onGone: (peer: Peer) => void,
    flusher?: Flusher,
  ) {
    this.id = id
    this.address = arrival.address
    this.#arrival = arrival
    this.#services = services
    this.#onGone = onGone
    this.#connectedAt = services.monotonic()
    this.#turn = new Turn(services.limits.messages, () => this.#beginWaiting())
    const events = {
      onFrame: (command: number, payload: Buffer) => this.#receive(command, payload),
      onProtocolError: (error: ProtocolError) => this.#sayGoodbye(error.code, error.message),
      onFault: (error: unknown) => this.#fault(error),
      onDrain: () => this.#drained(),
      onClose: () => this.#gone(),
    }
    this.#connection = new Connection(stream, events, services.monotonic, flusher)
  }

  /** Who is logged in. */
  get user(): User | undefined {
    return this.#loggedIn?.user
  }

  /** Of who is logged in, as the hub knows it. */
  get subscriber(): Subscriber | undefined {
    return this.#loggedIn?.subscriber
  }

  get outboxBytes(): number {
    return this.#connection.outboxBytes
  }

  async enter(user: User, tokenHash: Buffer): Promise<void> {
    if (this.#services.hub.subscribersOf(user.id).size >= ACCOUNT_CONNECTIONS_MAX) {
      const words = `you are connected ${ACCOUNT_CONNECTIONS_MAX} times already`
      throw new ChatError('tooManyConnections', words, RECONNECT_MS)
    }
    const subscriber = new Subscriber(this.id, user, this.#connection, {
      tokenHash,
      revoke: () => this.#sayGoodbye('revoked'),
    })
    this.#loggedIn = { user, subscriber }
    this.tokenHash = tokenHash
    try {
      await this.#services.hub.attach(subscriber, () => this.#checkAlive(tokenHash))
    } catch (error) {
      this.leave()
      throw error
    }
    if (this.#connection.closed) this.leave()
    else this.#appear(subscriber)
  }

  leave(): void {
    const loggedIn = this.#loggedIn
    this.#loggedIn = undefined
    if (loggedIn !== undefined) {
      this.#services.hub.detach(loggedIn.subscriber)
      this.#services.presence.detach(loggedIn.subscriber)
      this.#services.watching.close(loggedIn.subscriber)
      this.#services.cursors.flush(loggedIn.user.id)
    }
  }

  leaveAfterAnswer(code: ErrorCode): void {
    this.#last = code
    this.leave()
  }

  /** Rule 13, once a second. */
  sweep(): void {
    const now = this.#services.monotonic()
    if (!this.#connection.native && now - this.#connectedAt > GUEST_MS_MAX) {
      this.#connection.destroy()
      return
    }
    // Whom we do not read cannot be silent: the network tells when such a peer is dead.
    const silentMs = HEARTBEAT_MS * SILENT_INTERVALS_MAX
    if (!this.#paused && now - this.#connection.heardAt > silentMs) this.#sayGoodbye('timedOut')
  }

  /** Reads no more; resolves when everything that was read is answered. */
  stop(): Promise<void> {
    this.#stopping = true
    this.#pauseOrResume()
    return new Promise((resolve) => {
      this.#onIdle = resolve
      this.#checkIdle()
    })
  }

  /** Tells why, closes, and lets the last bytes go out. */
  close(code: ErrorCode): void {
    this.#sayGoodbye(code)
  }

  /** The session may have ended just before the hub took the connection: no hint would find it. */
  async #checkAlive(tokenHash: Buffer): Promise<void> {
    const { store, now } = this.#services
    const [alive] = await store.sessionsAlive([tokenHash], now())
    if (alive !== true) throw new ChatError('badToken')
  }

  #receive(command: number, payload: Buffer): void {
    const { refusal, refusalText } = this.#arrival
    if (refusal !== undefined) {
      this.#sayGoodbye(refusal, refusalText)
      return
    }
    const message = decode(command, payload)
    if (message !== undefined && isRequest(message)) this.#take(message)
    else this.#take({ type: 'unknown', request: requestOf(payload), command })
  }

  #take(message: Incoming): void {
    if (this.#waiting.length === 0 && this.#tryBegin(message)) return
    this.#waiting.push(message)
    this.#pauseOrResume()
  }

  /** False: it has to wait, and what came after it, too. */
  #tryBegin(message: Incoming): boolean {
    if (!this.#mayBegin(message)) return false
    const { shares } = this.#services
    const account = this.#account
    const long = takesLong(message)
    if (long && !shares.enter(account, this.#onFree)) return false
    const retryMs = this.#turn.ask(account, costOf(message))
    if (long && retryMs !== 0) shares.leave(account)
    if (retryMs === undefined) return false
    this.#begin(message, retryMs, long && retryMs === 0 ? account : undefined)
    return true
  }

  /** A guest's requests are counted for the connection: many people share an address. */
  get #account(): string {
    return this.#loggedIn?.user.id ?? this.id
  }

  #mayBegin(message: Incoming): boolean {
    if (this.#alone || this.#running >= RUNNING_REQUESTS_MAX) return false
    if (this.#connection.outboxBytes > ANSWER_BYTES_MAX) return false
    return this.#running === 0 || !runsAlone(message)
  }

  /** `share`: whose share of the store it takes part of. */
  #begin(message: Incoming, retryMs: number, share: string | undefined): void {
    this.#running += 1
    this.#alone = runsAlone(message)
    const answer =
      retryMs === 0
        ? dispatch(this.#services, this, this.#loggedIn, message)
        : Promise.reject(new ChatError('rateLimited', undefined, retryMs))
    const { counts, shares } = this.#services
    answer.then(
      (answer) => {
        if (share !== undefined) shares.leave(share)
        counts.request(message.type, 'ok')
        this.#finish(answer)
      },
      (error: unknown) => {
        if (share !== undefined) shares.leave(share)
        counts.request(message.type, error instanceof ChatError ? error.code : 'fault')
        this.#refuse(message.request, error)
      },
    )
  }

  #finish(answer: DraftMessage): void {
    this.#tellFirst(answer)
    this.#send(answer)
    if (this.#last !== undefined) this.#sayGoodbye(this.#last)
    this.#finished()
  }

  /** A notice that waits, as this reader is slow, must not come after what is newer. */
  #tellFirst(answer: DraftMessage): void {
    const subscriber = this.#loggedIn?.subscriber
    if (subscriber === undefined || subscriber.late.size === 0) return
    const topic = topicOf(answer)
    if (topic !== undefined) tellFirst(subscriber, topic)
  }

  #finished(): void {
    this.#running -= 1
    this.#alone = false
    this.#beginWaiting()
    this.#checkIdle()
  }

  #refuse(request: number, error: unknown): void {
    if (error instanceof ChatError) {
      const { code, message, retryMs } = error
      this.#finish({ type: 'error', request, code, text: short(message), retryMs })
    } else {
      this.#fault(error)
      this.#finished()
    }
  }

  #beginWaiting(): void {
    if (this.#waiting.length === 0) return
    for (;;) {
      const message = this.#waiting[this.#begun]
      if (message === undefined || this.#connection.closed || !this.#tryBegin(message)) break
      this.#begun += 1
    }
    if (this.#begun >= this.#waiting.length) this.#forgetWaiting()
    this.#pauseOrResume()
  }

  #forgetWaiting(): void {
    this.#waiting = []
    this.#begun = 0
  }

  #pauseOrResume(): void {
    const pause = this.#stopping || this.#waiting.length > 0
    if (pause === this.#paused) return
    this.#paused = pause
    if (pause) {
      this.#connection.pause()
    } else {
      this.#connection.heardAt = this.#services.monotonic()
      this.#connection.resume()
    }
  }

  #drained(): void {
    if (this.#loggedIn !== undefined) this.#services.hub.drained(this.#loggedIn.subscriber)
    this.#beginWaiting()
  }

  #send(message: DraftMessage): void {
    if (this.#connection.closed) return
    try {
      this.#connection.send(encode(message))
    } catch (error) {
      this.#fault(error)
    }
  }

  #appear(subscriber: Subscriber): void {
    this.#services.presence.attach(subscriber).catch((error: unknown) => {
      this.#services.log.warn('contacts could not be read', { connection: this.id, error })
    })
  }

  #fault(error: unknown): void {
    this.#services.log.error('a connection failed', { connection: this.id, error })
    this.#sayGoodbye('failed')
  }

  /** Who never sent a valid frame is not sent a byte. */
  #sayGoodbye(code: ErrorCode, text: string = errorCodes[code].meaning): void {
    if (this.#connection.closed) return
    this.#services.log.debug('a connection is closed', { connection: this.id, code })
    if (this.#connection.native) {
      this.#connection.end(encode({ type: 'goodbye', code, text: short(text) }))
    } else {
      this.#connection.destroy()
    }
  }

  #gone(): void {
    this.#turn.cancel()
    this.#services.shares.forget(this.#account, this.#onFree)
    this.#forgetWaiting()
    this.leave()
    this.#checkIdle()
    this.#onGone(this)
  }

  #checkIdle(): void {
    if (this.#running === 0 && this.#waiting.length === 0) this.#onIdle?.()
  }
}

/** Error texts may quote what a client sent: cut to what the field takes. */
function short(text: string): string {
  if (Buffer.byteLength(text) <= REASON_BYTES_MAX) return text
  return `${[...text].slice(0, REASON_BYTES_MAX / 4 - 1).join('')}…`
}
