import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { ChatError, type ErrorCode, ProtocolError } from '../protocol/errors.ts'
import { NONCE_BYTES } from '../protocol/limits.ts'
import type {
  AnswerOf,
  ClientMessageType,
  Contact,
  DraftMessage,
  MessageOf,
  ServerMessage,
  User,
} from '../protocol/messages.ts'
import { backoffMs } from './backoff.ts'
import { ChangedKeyError, UntrustedKeyError } from './dial.ts'
import type { ClientEvent, Link, OutboxItem, Target } from './events.ts'
import { Feed } from './feed.ts'
import type { Outbox } from './outbox.ts'
import { DisconnectedError } from './requests.ts'
import { nonceKey, Sender } from './sender.ts'
import { GoodbyeError, type LogIn, Session } from './session.ts'
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
  /** What the client is, for the account's list of sessions: 'tchat 0.1.0 on Linux'. */
  device: string
  /** The clock of the wall, milliseconds since 1970. */
  now?: () => number
  /** 0 ≤ value < 1 */
  random?: () => number
  randomNonce?: () => Uint8Array
  timers?: Timers
}>

/** What a log-in gives: the token is a secret, to be kept in a private file. */
export type LoggedIn = Readonly<{ user: User; token: Uint8Array }>

/** What may be asked by `request`: sessions and heartbeats are the client's own affair. */
export type Askable = Exclude<ClientMessageType, 'logIn' | 'register' | 'logOut' | 'heartbeat'>

/** After a connection that lasted this long, milliseconds, a loss is a new one. */
const STABLE_MS = 10_000

/**
 * A user's standing connection to a server. It knows no terminal: the interface, bots and tests
 * use it alike. It logs in, keeps the connection alive, comes back after every loss, tells every
 * entry once and in order, and repeats what was said until the server has acknowledged it.
 */
export class ChatClient {
  #options: Required<ChatClientOptions>
  #sender: Sender
  #link: Link = { state: 'offline' }
  #session: Session | undefined
  #feed: Feed | undefined
  #user: User | undefined
  #token: Uint8Array | undefined
  #emitted = new Map<string, number>()
  #watched = ''
  #attempt = 0
  #onlineSince = 0
  #dialing: AbortController | undefined
  #cancelRetry: CancelTimer | undefined
  #cancelWatch: CancelTimer | undefined
  /** Notices about contacts that came while the whole list is being asked for. */
  #contactNotices: Contact[] | undefined
  #closed = false

  constructor(options: ChatClientOptions) {
    this.#options = { ...DEFAULTS, ...options }
    const { outbox, timers, now, randomNonce } = this.#options
    const onChange = (items: readonly OutboxItem[]) => this.#emit({ type: 'outbox', items })
    this.#sender = new Sender({ outbox, timers, now, randomNonce, onChange })
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

  /** Creates an account and logs in to it. @throws as `logIn` */
  register(name: string, password: string): Promise<LoggedIn> {
    return this.#start({ type: 'register', name, password, device: this.#options.device })
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
   * only then it is shown as waiting.
   * @throws RangeError for a text that cannot be a message; what the outbox throws
   */
  say(target: Target, text: string): Promise<string> {
    return this.#sender.say(target, text)
  }

  /** Takes something out of the outbox. What is on its way may have reached the server. */
  discard(nonce: string): void {
    this.#sender.discard(nonce)
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
    const session = this.#session
    if (session === undefined || this.#feed === undefined) {
      throw new DisconnectedError('not connected')
    }
    const answer = await session.request(draft)
    if (this.#session === session) this.#take(answer as ServerMessage)
    return answer
  }

  /** Tries now: while waiting or blocked. While online, asks the server for a sign of life. */
  reconnect(): void {
    if (this.#token === undefined) return
    if (this.#link.state === 'online') this.#session?.probe()
    if (this.#link.state !== 'waiting' && this.#link.state !== 'blocked') return
    this.#attempt = 0
    this.#tryResume()
  }

  /** Ends the session, on the server too when it can be reached. What was not sent is kept. */
  async logOut(): Promise<void> {
    const session = this.#feed === undefined ? undefined : this.#session
    const told = session?.request({ type: 'logOut' }).catch(() => undefined)
    await told
    this.#endSession('logged out')
  }

  /** Ends everything; no event follows. The session stays valid. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#stop()
    this.#dropSession()
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
      const { user, token } = await this.#connect(draft)
      return { user, token }
    } catch (error) {
      this.#setLink({ state: 'offline' })
      throw error
    }
  }

  #tryResume(): void {
    this.#cancelRetry?.()
    this.#cancelRetry = undefined
    this.#attempt += 1
    this.#setLink({ state: 'connecting', attempt: this.#attempt })
    const { device } = this.#options
    this.#connect({ type: 'logIn', token: this.#token ?? new Uint8Array(), device }).catch(
      (error: unknown) => this.#failed(error),
    )
  }

  /** One attempt: dials, logs in, and makes that connection the client's. */
  async #connect(draft: LogIn): Promise<{ user: User; token: Uint8Array }> {
    const dialing = new AbortController()
    this.#dialing = dialing
    try {
      const { stream } = await this.#options.dial(dialing.signal)
      if (dialing.signal.aborted) stream.destroy()
      dialing.signal.throwIfAborted()
      const session = this.#openSession(stream)
      const loggedIn = await session.logIn(draft)
      dialing.signal.throwIfAborted()
      return this.#online(session, loggedIn)
    } catch (error) {
      if (this.#dialing === dialing) this.#dropSession()
      throw dialing.signal.aborted ? new DisconnectedError('given up') : error
    } finally {
      if (this.#dialing === dialing) this.#dialing = undefined
    }
  }

  #openSession(stream: Duplex): Session {
    const { timers, now } = this.#options
    const session = new Session(stream, {
      timers,
      now,
      onNotice: (message) => this.#take(message),
      onLatency: (latencyMs) => {
        if (this.#feed !== undefined) this.#setLink({ state: 'online', latencyMs })
      },
      onLost: (error) => {
        if (this.#session === session && this.#feed !== undefined) this.#lost(error)
      },
    })
    this.#session = session
    return session
  }

  #online(session: Session, loggedIn: MessageOf<'loggedIn'>): { user: User; token: Uint8Array } {
    const { user } = loggedIn
    if (user === undefined) throw new ProtocolError('badPayload', 'loggedIn names no user')
    const token = loggedIn.token.length > 0 ? loggedIn.token : (this.#token ?? loggedIn.token)
    if (this.#user?.id !== user.id) this.#emitted.clear()
    this.#user = user
    this.#keepAlive(token)
    this.#onlineSince = this.#options.now()
    const feed = this.#openFeed(session, user)
    this.#emit({ type: 'loggedIn', user })
    this.#setLink({ state: 'online', latencyMs: undefined })
    this.#refresh(session, feed).catch((error: unknown) => this.#notRefreshed(session, error))
    return { user, token }
  }

  #openFeed(session: Session, user: User): Feed {
    const feed = new Feed({
      user: user.id,
      emitted: this.#emitted,
      timers: this.#options.timers,
      emit: (event) => {
        this.#emit(event)
        if (event.type === 'entry' && event.entry.from === user.id) {
          this.#sender.acknowledge(nonceKey(event.entry.nonce))
        }
      },
      request: async (draft) => {
        const answer = await session.request(draft)
        if (this.#session === session) this.#take(answer as ServerMessage)
        return answer
      },
    })
    this.#feed = feed
    return feed
  }

  /** What a fresh connection asks for: heads, then entries, contacts and the outbox. */
  async #refresh(session: Session, feed: Feed): Promise<void> {
    this.#contactNotices = []
    await feed.sync()
    if (this.#session !== session) return
    this.#sender.attach((item, nonce) => session.request(draftOf(item, nonce)))
    await this.#refreshContacts(session)
    if (this.#watched !== '' && this.#session === session) {
      await this.request({ type: 'watch', conversation: this.#watched }).catch(ignoreRefusal)
    }
  }

  async #refreshContacts(session: Session): Promise<void> {
    const contacts: Contact[] = []
    let after = ''
    do {
      const answer: MessageOf<'contacts'> = await session.request({ type: 'listContacts', after })
      contacts.push(...answer.contacts)
      after = answer.next
    } while (after !== '' && this.#session === session)
    if (this.#session !== session) return
    this.#emit({ type: 'contacts', contacts, complete: true })
    const notices = this.#contactNotices ?? []
    this.#contactNotices = undefined
    if (notices.length > 0) this.#emit({ type: 'contacts', contacts: notices, complete: false })
  }

  /** A connection on which one cannot learn what there is, is worth nothing. */
  #notRefreshed(session: Session, error: unknown): void {
    if (this.#session === session && this.#feed !== undefined) this.#lost(error)
  }

  #keepAlive(token: Uint8Array): void {
    const { timers, now } = this.#options
    this.#token = token
    this.#cancelWatch ??= watchSleep(timers, now, () => this.#woke())
  }

  #woke(): void {
    if (this.#link.state !== 'blocked') this.reconnect()
  }

  // --- Losing -------------------------------------------------------------------------------------

  #lost(error: unknown): void {
    if (this.#options.now() - this.#onlineSince >= STABLE_MS) this.#attempt = 0
    this.#dropSession()
    this.#failed(error)
  }

  /** An attempt failed, or the connection was lost. */
  #failed(error: unknown): void {
    if (this.#closed || this.#token === undefined) return
    const reason = reasonOf(error)
    const code = codeOf(reason)
    if (code === 'badToken' || code === 'revoked') this.#endSession(reason.message)
    else if (isFinal(reason, code)) this.#setLink({ state: 'blocked', error: reason })
    else this.#tryLater(reason)
  }

  #tryLater(reason: Error): void {
    const { now, random, timers } = this.#options
    const attempt = this.#attempt + 1
    const asked = reason instanceof ChatError ? reason.retryMs : 0
    const ms = Math.max(asked, backoffMs(attempt, random))
    this.#cancelRetry?.()
    this.#cancelRetry = timers.after(ms, () => this.#tryResume())
    this.#setLink({ state: 'waiting', retryAt: now() + ms, attempt, reason: reason.message })
  }

  #endSession(reason: string): void {
    if (this.#closed || (this.#token === undefined && this.#dialing === undefined)) return
    this.#stop()
    this.#dropSession()
    this.#token = undefined
    this.#watched = ''
    this.#emit({ type: 'loggedOut', reason })
    this.#setLink({ state: 'offline' })
  }

  #dropSession(): void {
    this.#feed?.stop()
    this.#feed = undefined
    this.#sender.detach()
    this.#contactNotices = undefined
    const session = this.#session
    this.#session = undefined
    session?.close()
  }

  /** Nothing is tried any more, and no timer is left. */
  #stop(): void {
    this.#dialing?.abort()
    this.#dialing = undefined
    this.#cancelRetry?.()
    this.#cancelRetry = undefined
    this.#cancelWatch?.()
    this.#cancelWatch = undefined
    this.#attempt = 0
  }

  // --- What the server says -----------------------------------------------------------------------

  #take(message: ServerMessage): void {
    const take = takers[message.type] as Taker<ServerMessage> | undefined
    take?.(message, this.#tellers)
  }

  #tellers: Tellers = {
    emit: (event) => this.#emit(event),
    push: (conversation, entry) => this.#feed?.push(conversation, entry),
    know: (conversation) => this.#feed?.know(conversation),
    contacts: (contacts) => {
      if (this.#contactNotices !== undefined) this.#contactNotices.push(...contacts)
      else this.#emit({ type: 'contacts', contacts, complete: false })
    },
  }

  #setLink(link: Link): void {
    if (this.#closed) return
    this.#link = link
    this.#emit({ type: 'link', link })
  }

  #emit(event: ClientEvent): void {
    if (!this.#closed) this.#options.onEvent(event)
  }
}

type Tellers = Readonly<{
  emit: (event: ClientEvent) => void
  push: Feed['push']
  know: Feed['know']
  contacts: (contacts: readonly Contact[]) => void
}>

type Taker<M> = (message: M, tell: Tellers) => void

/** What follows from a notice, or from an answer. */
const takers: { [T in ServerMessage['type']]?: Taker<MessageOf<T>> } = {
  directEntry: pushed,
  groupEntry: pushed,
  groupCreated: ({ group }, { know }) => group !== undefined && know(group.id),
  groupJoined: ({ group }, { know }) => group !== undefined && know(group.id),
  marked: ({ conversation, delivered, read, readN }, { emit }) =>
    emit({ type: 'marked', conversation, delivered, read, readN }),
  presences: ({ users }, { emit }) => {
    if (users.length > 0) emit({ type: 'presences', users })
  },
  contacts: ({ contacts }, tell) => tell.contacts(contacts),
}

function pushed(
  { conversation, entry }: MessageOf<'directEntry' | 'groupEntry'>,
  { push }: Tellers,
): void {
  if (entry !== undefined) push(conversation, entry)
}

const DEFAULTS = {
  now: Date.now,
  random: Math.random,
  randomNonce: () => randomBytes(NONCE_BYTES),
  timers: systemTimers,
}

function draftOf(item: OutboxItem, nonce: Uint8Array): DraftMessage<'sendDirect' | 'sendGroup'> {
  const { target, text } = item
  return target.kind === 'group'
    ? { type: 'sendGroup', group: target.id, nonce, text }
    : { type: 'sendDirect', to: target.id, nonce, text }
}

/** The conversation that was watched may not be ours any more. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof ChatError)) throw error
}

/** What is behind a lost connection, when the server or the protocol said so. */
function reasonOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error))
  const { cause } = error
  const told = cause instanceof GoodbyeError || cause instanceof ProtocolError
  return error instanceof DisconnectedError && told ? cause : error
}

function codeOf(error: Error): ErrorCode | undefined {
  if (error instanceof ChatError || error instanceof GoodbyeError) return error.code
  return error instanceof ProtocolError ? error.code : undefined
}

const FINAL_CODES: ReadonlySet<ErrorCode | undefined> = new Set([
  'badMagic',
  'badVersion',
  'badSerializer',
  'plaintextRefused',
] as const)

/** Trying again would give the same: a person must do something. */
function isFinal(error: Error, code: ErrorCode | undefined): boolean {
  return (
    error instanceof ChangedKeyError || error instanceof UntrustedKeyError || FINAL_CODES.has(code)
  )
}
