import type { Duplex } from 'node:stream'
import { cleanText } from '../protocol/clean.ts'
import { decode, encode } from '../protocol/codec.ts'
import { SILENT_INTERVALS_MAX } from '../protocol/limits.ts'
import type {
  AnswerOf,
  ClientMessageType,
  DraftMessage,
  MessageOf,
  ServerMessage,
} from '../protocol/messages.ts'
import { Connection } from './connection.ts'
import { DisconnectedError, Requests } from './requests.ts'
import { Silence } from './silence.ts'
import type { CancelTimer, Timers } from './timers.ts'

/** After a sleep, an answer must come within this, milliseconds. */
const PROBE_MS_MAX = 5_000

export type SessionOptions = Readonly<{
  timers: Timers
  now: () => number
  /** What the server says unasked. */
  onNotice: (message: ServerMessage) => void
  onLatency: (latencyMs: number) => void
  /**
   * An answer is due and nothing was heard since then; undefined: something was heard again. Who does
   * not want to know waits for its answers as long as it takes.
   */
  onSilent?: (since: number | undefined) => void
  /** Once, unless `close` was called before. */
  onLost: (error: Error) => void
}>

/** What a person or a token log in with. */
export type LogIn = DraftMessage<'logIn'> | DraftMessage<'register'>

/** The server said why it closes the connection. */
export class GoodbyeError extends Error {
  override readonly name = 'GoodbyeError'
  readonly code: MessageOf<'goodbye'>['code']

  constructor(code: MessageOf<'goodbye'>['code'], text: string) {
    super(text)
    this.code = code
  }
}

/** One connection's life, from the check of the server's key to its end. */
export class Session {
  #options: SessionOptions
  #connection: Connection
  #requests: Requests
  /** After the log-in. */
  #silence: Silence | undefined
  #cancelHeartbeat: CancelTimer | undefined
  #cancelProbe: CancelTimer | undefined
  #silentIntervals = 0
  #lastHeardAt = 0
  #ended = false

  constructor(stream: Duplex, options: SessionOptions) {
    this.#options = options
    this.#requests = new Requests(options.timers)
    this.#connection = new Connection(
      stream,
      {
        onFrame: (command, payload) => this.#receive(command, payload),
        onProtocolError: (error) => this.#lose(error),
        onFault: (error) => this.#lose(error instanceof Error ? error : new Error(String(error))),
        onClose: (error) =>
          this.#lose(new DisconnectedError('the connection was lost', { cause: error })),
      },
      options.now,
    )
  }

  /** The first request of a connection (rule 13). Heartbeats begin with its answer. */
  async logIn(draft: LogIn): Promise<MessageOf<'loggedIn'>> {
    const loggedIn = await this.request(draft)
    if (this.#ended) return loggedIn
    this.#silence = this.#listen()
    this.#beat(loggedIn.heartbeatMs)
    return loggedIn
  }

  /**
   * `onAnswer` is called in order with `onNotice`, as the server spoke.
   * @throws ChatError, DisconnectedError, RequestTimeoutError, RangeError (a field is too long)
   */
  request<T extends ClientMessageType>(
    draft: DraftMessage<T>,
    onAnswer?: (answer: AnswerOf<T>) => void,
  ): Promise<AnswerOf<T>> {
    if (this.#ended) return Promise.reject(new DisconnectedError('not connected'))
    const send = (message: DraftMessage<T>) => this.#connection.send(encode(message))
    const answer = this.#requests.start(draft, send, onAnswer)
    this.#silence?.watch()
    return answer
  }

  /** After a sleep: is the server still there? Says `onLost` soon if it is not. */
  probe(): void {
    if (this.#ended || this.#cancelProbe !== undefined) return
    this.#cancelProbe = this.#options.timers.after(PROBE_MS_MAX, () => {
      this.#lose(new DisconnectedError('the server did not answer after a pause'))
    })
    this.#sendHeartbeat()
  }

  /** Ends it without a word to the owner; what waits for an answer is told. */
  close(): void {
    this.#end(new DisconnectedError('the connection was closed'))
    this.#connection.end()
  }

  #listen(): Silence | undefined {
    const { timers, now, onSilent } = this.#options
    if (onSilent === undefined) return undefined
    return new Silence({
      timers,
      now,
      waitsFor: () => {
        if (this.#requests.isEmpty()) return 'nothing'
        return this.#requests.isEmpty('heartbeat') ? 'signOfLife' : 'answer'
      },
      heardAt: () => this.#connection.heardAt,
      onSilent,
      onDead: () => this.#lose(new DisconnectedError('the server did not answer')),
    })
  }

  #receive(command: number, payload: Buffer): void {
    if (this.#ended) return
    this.#silence?.heard()
    const message = decode(command, payload, cleanText)
    // A newer server may say what this client does not know.
    if (message === undefined || this.#requests.settle(message)) return
    if (message.type === 'goodbye') this.#lose(new GoodbyeError(message.code, message.text))
    else this.#options.onNotice(message as ServerMessage)
  }

  #beat(intervalMs: number): void {
    this.#sendHeartbeat()
    this.#lastHeardAt = this.#connection.heardAt
    this.#cancelHeartbeat = this.#options.timers.after(intervalMs, () => {
      const heard = this.#connection.heardAt !== this.#lastHeardAt
      this.#silentIntervals = heard ? 0 : this.#silentIntervals + 1
      if (this.#silentIntervals < SILENT_INTERVALS_MAX) return this.#beat(intervalMs)
      this.#lose(new DisconnectedError('nothing was heard from the server for too long'))
    })
  }

  #sendHeartbeat(): void {
    const sentAt = this.#options.now()
    this.request({ type: 'heartbeat' }).then(
      () => this.#answered(sentAt),
      // An answer that does not come is found by the silence.
      () => undefined,
    )
  }

  #answered(sentAt: number): void {
    if (this.#ended) return
    this.#cancelProbe?.()
    this.#cancelProbe = undefined
    this.#options.onLatency(Math.max(0, this.#options.now() - sentAt))
  }

  #lose(error: Error): void {
    if (this.#ended) return
    this.#end(error)
    this.#connection.destroy()
    this.#options.onLost(error)
  }

  #end(error: Error): void {
    this.#ended = true
    this.#cancelHeartbeat?.()
    this.#cancelProbe?.()
    this.#silence?.stop()
    const disconnected =
      error instanceof DisconnectedError
        ? error
        : new DisconnectedError(error.message, { cause: error })
    this.#requests.failAll(disconnected)
  }
}
