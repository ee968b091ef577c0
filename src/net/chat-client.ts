/// <reference types="node" preserve="true" />
import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { ChatError, ProtocolError } from '../protocol/errors.ts'
import { NONCE_BYTES } from '../protocol/limits.ts'
import type {
  AnswerOf,
  ClientMessageType,
  DraftMessage,
  MessageOf,
  User,
} from '../protocol/messages.ts'
import { fitDevice } from './device.ts'
import type { ClientEvent, Link, OutboxItem, Sent, Target } from './events.ts'
import { lossOf } from './loss.ts'
import { Mirror } from './mirror.ts'
import type { Outbox } from './outbox.ts'
import { DisconnectedError } from './requests.ts'
import { Retry } from './retry.ts'
import { nonceKey, Sender } from './sender.ts'
import { type LogIn, Session } from './session.ts'
import { type CancelTimer, systemTimers, type Timers } from './timers.ts'
import { watchSleep } from './wake.ts'

export type ChatClientOptions = Readonly<{
  /**
   * Makes a connection whose other end was checked, for example `() => dial(address, …)`. Gives up
   * when the signal is aborted. What it throws is shown to the person.
   */
  dial: (signal: AbortSignal) => Promise<Readonly<{ stream: Duplex }>>
  /** Of this user at this server. The client closes it. */
  outbox: Outbox
  onEvent: (event: ClientEvent) => void
  /** The server has it, and where: of each thing that was said, once. */
  onSent?: (sent: Sent) => void
  /**
   * What the server has stays in the outbox until `forget`, so that a program that is killed finds
   * there what nobody was told of. False by default: it is taken out by itself.
   */
  keepSent?: boolean
  /** The server will not take it. It waits in the outbox for a person, or to be discarded. */
  onRefused?: (nonce: string, error: Error) => void
  /**
   * What is told of what was said before: the newest of it (true, the default), or nothing. With
   * false the owner fetches by page what it wants, and moves `delivered` itself.
   */
  catchUp?: boolean
  /** What the client is, for the account's list of sessions: 'tchat 0.1.0 on Linux'. Cut to fit. */
  device: string
  /** What of a user's conversations is known already: it is not told again. */
  seen?: Seen | undefined
  /** The clock of the wall, milliseconds since 1970. */
  now?: () => number
  /** 0 ≤ value < 1 */
  random?: () => number
  randomNonce?: () => Uint8Array
  timers?: Timers
}>

/** The last seq that is known of conversations, by their id. */
export type Seen = Readonly<{ user: User; last: ReadonlyMap<string, number> }>

/** What a log-in gives: the token is a secret, to be kept in a private file. */
export type LoggedIn = Readonly<{ user: User; token: Uint8Array }>

/** What may be asked by `request`: sessions and heartbeats are the client's own affair. */
export type Askable = Exclude<ClientMessageType, 'logIn' | 'register' | 'logOut' | 'heartbeat'>

/** After a connection that lasted this long, milliseconds, a loss is a new one. */
const STABLE_MS = 10_000
/** A server that is there, but can keep nothing now, is asked again within this, milliseconds. */
const STUCK_MS_MAX = 4_000

/**
 * A user's standing connection to a server. It knows no terminal: the interface, bots and tests
 * use it alike. It logs in, keeps the connection alive, comes back after every loss, tells every
 * entry once and in order, and repeats what was said until the server has acknowledged it.
 */
export class ChatClient {
  #options: Required<Omit<ChatClientOptions, 'seen'>>
  #sender: Sender
  #retry: Retry
  #link: Link = { state: 'offline' }
  #session: Session | undefined
  /** While logged in. */
  #mirror: Mirror | undefined
  #user: User | undefined
  #token: Uint8Array | undefined
  /** Last seq that was told, by conversation. */
  readonly #emitted: Map<string, number>
  #watched = ''
  #onlineSince = 0
  /** The computer slept, and whether the connection has outlived that is not known yet. */
  #asleepSince: number | undefined
  /** A connection was lost, and there is none again yet. */
  #awaySince: number | undefined
  #dialing: AbortController | undefined
  #cancelWake: CancelTimer | undefined
  /** The server could not keep what was sent to it last. */
  #stuck = false
  /** The server says that it can keep nothing now. */
  #serverAway = false
  /** An answer is due, and nothing was heard since then. */
  #silentSince: number | undefined
  #closed = false

  constructor(options: ChatClientOptions) {
    this.#options = { ...DEFAULTS, ...options, device: fitDevice(options.device) }
    this.#user = options.seen?.user
    this.#emitted = new Map(options.seen?.last)
    const { outbox, timers, now, random, randomNonce } = this.#options
    const { onSent, keepSent, onRefused } = this.#options
    const onChange = (items: readonly OutboxItem[]) => {
      this.#emit({ type: 'outbox', items })
      if (items.length === 0) this.#setStuck(false)
    }
    const told = { onChange, onSent, keepSent, onRefused }
    this.#sender = new Sender({ outbox, timers, now, randomNonce, ...told })
    this.#retry = new Retry({ timers, now, random, onDue: () => this.#tryResume() })
  }

  get link(): Link {
    return this.#link
  }

  /** Who is logged in, or was before the connection was lost. */
  get user(): User | undefined {
    return this.#user
  }

  /** Of the session that is kept alive. */
  get token(): Uint8Array | undefined {
    return this.#token
  }

  /** Said but not acknowledged yet, oldest first. */
  get outbox(): readonly OutboxItem[] {
    return this.#sender.items
  }

  /**
   * One attempt. After it has succeeded the session is kept alive.
   * @throws ChatError the server's refusal; what `dial` throws; DisconnectedError
   */
  logIn(name: string, password: string): Promise<LoggedIn> {
    return this.#start({ type: 'logIn', name, password, device: this.#options.device })
  }

  /**
   * Goes on with an earlier session, in one attempt; after that it is kept alive. `resume` instead
   * tries until it succeeds.
   * @throws as `logIn`; ChatError badToken when the session has ended
   */
  logInByToken(token: Uint8Array): Promise<LoggedIn> {
    return this.#start({ type: 'logIn', token, device: this.#options.device })
  }

  /**
   * Creates an account and logs in to it. `invite`: a code, where registering takes one.
   * @throws as `logIn`
   */
  register(name: string, password: string, invite = ''): Promise<LoggedIn> {
    return this.#start({ type: 'register', name, password, invite, device: this.#options.device })
  }

  /**
   * Goes on with an earlier session, and tries until it succeeds; `loggedOut` is told when the
   * token is worthless.
   */
  resume(token: Uint8Array): void {
    this.#checkFree()
    this.#keepAlive(token)
    this.#tryResume()
  }

  /**
   * Says it as soon as that is possible. Resolves with its nonce when it is durable in the outbox;
   * only then it is shown as waiting. `reply`: seq of the text that this one answers; 0: none.
   * @throws RangeError for a text that cannot be a message; what the outbox throws
   */
  say(target: Target, text: string, reply = 0): Promise<string> {
    return this.#sender.say(target, text, reply)
  }

  /** Takes something out of the outbox. True: it was on its way, and may have reached the server. */
  discard(nonce: string): boolean {
    return this.#sender.discard(nonce)
  }

  /**
   * With `keepSent`: who said it knows that the server has it.
   * @throws Error for what waits for the server
   */
  forget(nonce: string): void {
    this.#sender.forget(nonce)
  }

  /** Sends something again that was refused. */
  retry(nonce: string): Promise<void> {
    return this.#sender.retry(nonce)
  }

  /**
   * Asks the server. Events that follow from the answer (marked, contacts, presences) are told, too.
   * A conversation that is watched is watched again after a reconnection.
   * @throws ChatError, DisconnectedError, RequestTimeoutError, RangeError (a field is too long)
   */
  async request<T extends Askable>(draft: DraftMessage<T>): Promise<AnswerOf<T>> {
    if (draft.type === 'watch') this.#watched = draft.conversation ?? ''
    if (this.#mirror === undefined) throw new DisconnectedError('not connected')
    return this.#mirror.request(draft)
  }

  /** Tries now: while waiting or blocked. While online, asks the server for a sign of life. */
  reconnect(): void {
    if (this.#closed || this.#token === undefined) return
    if (this.#link.state === 'online') this.#session?.probe()
    if (this.#link.state !== 'waiting' && this.#link.state !== 'blocked') return
    this.#retry.reset()
    this.#tryResume()
  }

  /** Ends the session, on the server too when it can be reached. What was not sent is kept. */
  async logOut(): Promise<void> {
    await this.#mirror?.request({ type: 'logOut' }).catch(() => undefined)
    this.#endSession('logged out')
  }

  /** Ends everything; no event follows. The session stays valid. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#stop()
    this.#token = undefined
    await this.#options.outbox.close()
  }

  // --- Connecting ---------------------------------------------------------------------------------

  #checkFree(): void {
    if (this.#closed) throw new Error('the client is closed')
    if (this.#token !== undefined || this.#dialing !== undefined) {
      throw new Error('the client has a session already: log out first')
    }
  }

  async #start(draft: LogIn): Promise<LoggedIn> {
    this.#checkFree()
    this.#setLink({ state: 'connecting', attempt: 1 })
    try {
      return await this.#connect(draft)
    } catch (error) {
      this.#setLink({ state: 'offline' })
      throw error
    }
  }

  #tryResume(): void {
    this.#setLink({ state: 'connecting', attempt: this.#retry.begin() })
    const { device } = this.#options
    const token = this.#token ?? new Uint8Array()
    this.#connect({ type: 'logIn', token, device }).catch((error: unknown) => this.#failed(error))
  }

  /** One attempt: dials, logs in, and makes that connection the client's. */
  async #connect(draft: LogIn): Promise<LoggedIn> {
    const dialing = new AbortController()
    this.#dialing = dialing
    try {
      const { stream } = await this.#options.dial(dialing.signal)
      if (dialing.signal.aborted) stream.destroy()
      dialing.signal.throwIfAborted()
      const session = this.#openSession(stream)
      const loggedIn = await session.logIn(draft)
      dialing.signal.throwIfAborted()
      return this.#online(session, loggedIn, draft)
    } catch (error) {
      if (this.#dialing === dialing) this.#dropSession()
      throw dialing.signal.aborted ? new DisconnectedError('given up') : error
    } finally {
      if (this.#dialing === dialing) this.#dialing = undefined
    }
  }

  #openSession(stream: Duplex): Session {
    const { timers, now } = this.#options
    const session: Session = new Session(stream, {
      timers,
      now,
      onNotice: (message) => {
        if (message.type === 'serverState') this.#setServerAway(message.away)
        else this.#mirror?.take(message)
      },
      onLatency: (latencyMs) => {
        if (!this.#isLive(session)) return
        this.#asleepSince = undefined
        this.#setOnline(latencyMs)
      },
      onSilent: (since) => {
        this.#silentSince = since
        this.#tellLink()
      },
      onLost: (error) => {
        if (this.#isLive(session)) this.#lost(error)
      },
    })
    this.#session = session
    return session
  }

  /** The session is this client's own still, and logged in. */
  #isLive(session: Session): boolean {
    return this.#session === session && this.#mirror !== undefined
  }

  #online(session: Session, loggedIn: MessageOf<'loggedIn'>, draft: LogIn): LoggedIn {
    const { user } = loggedIn
    if (user === undefined) throw new ProtocolError('badPayload', 'loggedIn names no user')
    // A log-in by token gives none.
    const token = loggedIn.token.length > 0 ? loggedIn.token : tokenOf(draft)
    if (this.#user?.id !== user.id) this.#emitted.clear()
    this.#user = user
    this.#keepAlive(token)
    this.#onlineSince = this.#options.now()
    this.#follow(session, user)
    return { user, token }
  }

  #follow(session: Session, user: User): void {
    const { timers, catchUp } = this.#options
    const emit = (event: ClientEvent) => this.#emit(event)
    const mirror = new Mirror({ session, user, emitted: this.#emitted, timers, emit, catchUp })
    this.#mirror = mirror
    this.#emit({ type: 'loggedIn', user })
    this.#stuck = false
    this.#serverAway = false
    this.#silentSince = undefined
    this.#setOnline(undefined)
    const onHeads = () => this.#sender.attach((item, nonce) => this.#carry(session, item, nonce))
    mirror.refresh(this.#watched, onHeads).catch((error: unknown) => {
      // A connection on which one cannot learn what there is, is worth nothing.
      if (this.#isLive(session)) this.#lost(error)
    })
  }

  async #carry(session: Session, item: OutboxItem, nonce: Uint8Array): Promise<MessageOf<'sent'>> {
    const note = (stuck: boolean) => {
      if (this.#isLive(session)) this.#setStuck(stuck)
    }
    try {
      const sent = await session.request(draftOf(item, nonce))
      note(false)
      return sent
    } catch (error) {
      note(isStuck(error))
      throw error
    }
  }

  #setStuck(stuck: boolean): void {
    if (stuck === this.#stuck) return
    this.#stuck = stuck
    this.#tellLink()
  }

  #setServerAway(away: boolean): void {
    this.#serverAway = away
    this.#tellLink()
  }

  /** What is known of a connection that stands has changed. */
  #tellLink(): void {
    if (this.#link.state === 'online') this.#setOnline(this.#link.latencyMs)
  }

  #setOnline(latencyMs: number | undefined): void {
    const silentSince = this.#silentSince
    this.#setLink({
      state: 'online',
      latencyMs,
      ...(this.#stuck || this.#serverAway ? { stuck: true } : {}),
      ...(silentSince === undefined ? {} : { silentSince }),
    })
  }

  #keepAlive(token: Uint8Array): void {
    const { timers, now } = this.#options
    this.#token = token
    this.#cancelWake ??= watchSleep(timers, now, (since) => {
      this.#asleepSince ??= since
      if (this.#link.state !== 'blocked') this.reconnect()
    })
  }

  // --- Losing -------------------------------------------------------------------------------------

  #lost(error: unknown): void {
    if (this.#options.now() - this.#onlineSince >= STABLE_MS) this.#retry.reset()
    this.#awaySince ??= this.#asleepSince ?? this.#options.now()
    this.#dropSession()
    this.#failed(error)
  }

  /** An attempt failed, or the connection was lost. */
  #failed(thrown: unknown): void {
    if (this.#closed || this.#token === undefined) return
    const { kind, error, retryMs } = lossOf(thrown)
    if (kind === 'sessionOver') this.#endSession(error.message)
    else if (kind === 'final') this.#setLink({ state: 'blocked', error })
    else {
      const stuck = isStuck(error)
      const next = stuck ? this.#retry.later(retryMs, STUCK_MS_MAX) : this.#retry.later(retryMs)
      const told = stuck ? ({ stuck } as const) : {}
      this.#setLink({ state: 'waiting', ...next, reason: error.message, ...told })
    }
  }

  #endSession(reason: string): void {
    if (this.#closed || (this.#token === undefined && this.#dialing === undefined)) return
    this.#stop()
    this.#token = undefined
    this.#watched = ''
    this.#awaySince = undefined
    this.#asleepSince = undefined
    this.#emit({ type: 'loggedOut', reason })
    this.#setLink({ state: 'offline' })
  }

  #dropSession(): void {
    this.#mirror?.stop()
    this.#mirror = undefined
    this.#sender.detach()
    const session = this.#session
    this.#session = undefined
    session?.close()
  }

  /** Nothing is tried any more, and no timer is left. */
  #stop(): void {
    this.#dialing?.abort()
    this.#dialing = undefined
    this.#retry.reset()
    this.#cancelWake?.()
    this.#cancelWake = undefined
    this.#dropSession()
  }

  #setLink(link: Link): void {
    if (this.#closed) return
    this.#link = link
    this.#emit({ type: 'link', link })
  }

  #tellAway(): void {
    const from = this.#awaySince
    this.#awaySince = undefined
    this.#asleepSince = undefined
    if (from === undefined) return
    this.#options.onEvent({ type: 'away', from, to: this.#options.now() })
  }

  #emit(event: ClientEvent): void {
    if (this.#closed) return
    if (event.type === 'heads' && event.complete) this.#tellAway()
    this.#options.onEvent(event)
    // An entry of one's own is an acknowledgement, too.
    if (event.type === 'entry' && event.entry.from === this.#user?.id) {
      const { conversation, entry } = event
      const { seq, time } = entry
      this.#sender.acknowledge(nonceKey(entry.nonce), { conversation, seq, time })
    }
  }
}

const DEFAULTS = {
  now: Date.now,
  random: Math.random,
  randomNonce: () => randomBytes(NONCE_BYTES),
  timers: systemTimers,
  catchUp: true,
  onSent: () => undefined,
  keepSent: false,
  onRefused: () => undefined,
}

function isStuck(error: unknown): boolean {
  return error instanceof ChatError && error.code === 'unavailable'
}

function tokenOf(draft: LogIn): Uint8Array {
  return (draft.type === 'logIn' ? draft.token : undefined) ?? new Uint8Array()
}

function draftOf(item: OutboxItem, nonce: Uint8Array): DraftMessage<'sendDirect' | 'sendGroup'> {
  const { target, text, reply } = item
  return target.kind === 'group'
    ? { type: 'sendGroup', group: target.id, nonce, text, reply }
    : { type: 'sendDirect', to: target.id, nonce, text, reply }
}
