import { formatAddress } from '../../net/address.ts'
import { ChangedKeyError, UntrustedKeyError } from '../../net/dial.ts'
import { DialError, type DialErrorKind } from '../../net/dial-error.ts'
import type { ClientEvent } from '../../net/events.ts'
import { Retry } from '../../net/retry.ts'
import { looksLikeShareLine, parseShareLine, type ShareLine } from '../../net/share-line.ts'
import type { Timers } from '../../net/timers.ts'
import type { User } from '../../protocol/messages.ts'
import { nameOf } from '../../protocol/names.ts'
import type { ServerProfile } from '../configuration/options.ts'
import { editorText } from '../input/editor.ts'
import type { Look } from '../look.ts'
import type { Start, UiOptions } from '../options.ts'
import type { StateEvent } from '../state/events.ts'
import type { ClientState, LogInScreen, Screen } from '../state/model.ts'
import type { Store, StoreClock } from '../state/store.ts'
import type { Chat, Connector, Kept, ServerPlace } from './connector.ts'
import type { Destination } from './destination.ts'
import { firstOpen } from './first-open.ts'
import { Hosting } from './hosting.ts'
import { formFault, inviteOf, logInForm, refusedForm, systemUser } from './log-in-form.ts'
import type { Memory } from './memory.ts'
import { offered } from './offered.ts'
import { OwnServer } from './own-server.ts'
import { Remembrance } from './remembrance.ts'

export type FlowOptions = Readonly<{
  store: Store<ClientState, StateEvent>
  connector: Connector
  host: UiOptions['host']
  env: UiOptions['env']
  /** Those of the person's configuration. */
  servers: readonly ServerProfile[]
  /** Of the account that this program runs in, where the environment has none; '' when unknown. */
  accountName: () => string
  look: Look
  timers: Timers
  clock: StoreClock
  /** Milliseconds since 1970. */
  now: () => number
  /** 0 ≤ value < 1 */
  random: () => number
}>

/** What passes by itself where there was a server: it is started again, the network is back. */
const PASSING: readonly DialErrorKind[] = ['refused', 'unreachable', 'timedOut', 'closed']

/** The place of 'Back' on the screen that asks for trust. */
const TRUST_BACK = 2

/** The way from the start screen to a chat and back: each step is a screen. */
export class Flow {
  /** The server that is started here. */
  readonly hosting: Hosting
  /** The same, as one sees it. */
  readonly ownServer: OwnServer
  /** What this computer remembers of who is logged in. */
  readonly remembrance: Remembrance
  readonly #options: FlowOptions
  #place: ServerPlace | undefined
  #wantedUser: string | undefined
  /** What a session that the server ended has left is being put away. */
  #tidying: Promise<void> = Promise.resolve()
  /** What a share line asked for, until it is done. */
  #line: Start['line']
  #chat: Chat | undefined
  #lastOpen: string | undefined
  #checking: AbortController | undefined

  readonly #retry: Retry
  readonly #listeners = new Set<(event: ClientEvent) => void>()

  constructor(options: FlowOptions) {
    this.#options = options
    this.hosting = new Hosting(options.host, (event) => this.ownServer.changed(event))
    const chat = () => this.#chat
    const connect = (start: Start) => this.connect(start)
    this.ownServer = new OwnServer({ ...options, hosting: this.hosting, chat, connect })
    this.remembrance = new Remembrance(options)
    const { timers, now, random } = options
    this.#retry = new Retry({ timers, now, random, onDue: () => this.#retryByItself() })
  }

  /** The client of who is logged in, or logging in. */
  get chat(): Chat | undefined {
    return this.#chat
  }

  get place(): ServerPlace | undefined {
    return this.#place
  }

  /** The target that was open when this user left this server; known before the log-in. */
  get lastOpen(): string | undefined {
    return this.#lastOpen
  }

  /** The group that a share line leads to, until one is in it. */
  get destination(): Destination | undefined {
    const { group = '', invite = '' } = this.#line ?? {}
    return group === '' ? undefined : { group, invite }
  }

  /** One is there, or cannot get there. */
  arrived(): void {
    this.#line = undefined
  }

  async showStart(): Promise<void> {
    this.#place = undefined
    this.#wantedUser = undefined
    this.#line = undefined
    const { servers, connector } = this.#options
    this.#show({ type: 'start', chosen: 0, recent: offered(servers, []) })
    const recent = offered(servers, await connector.recent().catch(() => []))
    const { screen } = this.#state
    // Somebody quick has chosen already.
    if (screen.type === 'start') this.#show({ ...screen, recent })
  }

  showAddress(text = '', fault = ''): void {
    this.cancel()
    this.#show({ type: 'address', text, fault })
  }

  /** What a person wrote: an address, or a share line. */
  async connectTo(text: string): Promise<void> {
    if (!looksLikeShareLine(text)) return this.connect({ address: text })
    try {
      await this.connect(startOf(parseShareLine(text)))
    } catch (error) {
      this.showAddress(text, this.#inWords(error))
    }
  }

  async connect({ address, user, plaintext, line }: Start): Promise<void> {
    this.#place = { address, plaintext: plaintext ?? false }
    this.#wantedUser = user === '' ? undefined : user
    this.#line = line
    this.#retry.reset()
    if (line === undefined && (await this.#resumeAtOnce(this.#place))) return
    await this.#check(this.#place)
  }

  /**
   * Where this computer remembers the account, its screen is there before the server answers, and
   * without it. Answers whether nothing is left to do. Who the server is, is checked when it is
   * dialled.
   */
  async #resumeAtOnce(place: ServerPlace): Promise<boolean> {
    const { connector, store } = this.#options
    if (this.#chat !== undefined) return false
    const { signal } = this.#beginChecking()
    this.#show({ type: 'connecting', address: place.address })
    const kept = await connector.kept(place, this.#wantedUser).catch(() => undefined)
    if (kept === undefined || signal.aborted) return signal.aborted
    const memory = await connector.memory(place, kept.user)
    if (memory.cache.conversations.length === 0 || signal.aborted) {
      await close(memory)
      return signal.aborted
    }
    const key = await connector.knownKey(place).catch(() => undefined)
    store.dispatch({ type: 'server', address: place.address })
    store.dispatch({ type: 'serverKey', key })
    await this.#resume(place, kept, memory, await this.ownServer.leave(), signal)
    return true
  }

  #beginChecking(): AbortController {
    const checking = new AbortController()
    this.cancel()
    this.#checking = checking
    return checking
  }

  /** Tries the same server again. */
  async retry(): Promise<void> {
    if (this.#place !== undefined) await this.#check(this.#place)
  }

  /** What the client tells from now on, after the state has taken it. The answer ends it. */
  listen(listener: (event: ClientEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** A person decided about the key on the screen. */
  async trust(forGood: boolean): Promise<void> {
    const { screen } = this.#state
    if (screen.type !== 'trust' || this.#place === undefined) return
    await this.#options.connector.trust(this.#place, screen.fingerprint, forGood)
    await this.#check(this.#place)
  }

  cancel(): void {
    this.#checking?.abort()
    this.#retry.cancel()
  }

  /** Sends the form. */
  async logIn(create: boolean): Promise<void> {
    const { screen } = this.#state
    const place = this.#place
    if (screen.type !== 'logIn' || screen.busy || place === undefined) return
    const name = nameOf(editorText(screen.name))
    const fault = formFault(name, screen.password, this.#options.look)
    if (fault !== undefined) return this.#show({ ...screen, fault })
    this.#show({ ...screen, busy: true, fault: '' })
    // What is left of the session before goes first: it has files in the same folders.
    await this.#tidying.catch(() => undefined)
    const failure = await this.#tryLogIn(place, { ...screen, name }, create)
    if (failure === undefined) return
    const now = this.#state.screen
    if (now.type === 'logIn') this.#show(refusedForm(now, failure, this.#line, this.#options.look))
  }

  /** Ends the session, leaves nothing of it behind, and offers the form again, where that is said. */
  async logOut(said = this.#options.look.words.notices.loggedOut): Promise<void> {
    const [chat, place, { me, outbox }] = [this.#chat, this.#place, this.#state]
    if (place === undefined) return
    // The server was first: the form is there already.
    if (chat === undefined) return this.#showForm(place, said)
    this.#chat = undefined
    for (const { nonce } of outbox) chat.discard(nonce)
    await chat.logOut()
    await chat.close()
    await this.remembrance.forget()
    if (me !== undefined) await this.#options.connector.forget(place, me)
    this.#options.store.dispatch({ type: 'server', address: place.address })
    this.#wantedUser = me?.name
    this.#showForm(place, said)
  }

  /** Leaves the server without logging out, back to the start screen. */
  async leave(): Promise<void> {
    await this.close()
    this.#options.store.dispatch({ type: 'server', address: '' })
    await this.showStart()
  }

  /** Before the program ends. */
  async close(): Promise<void> {
    this.cancel()
    const chat = this.#chat
    this.#chat = undefined
    await Promise.all([chat?.close(), this.remembrance.end()])
  }

  #retryByItself(): void {
    const { screen } = this.#state
    if (this.#place === undefined) return
    // The question about leaving is over it.
    if (screen.type !== 'failed') return void this.#retry.later(0)
    this.#retry.begin()
    this.#check(this.#place, { ...screen, next: 'now' }).catch(() => undefined)
  }

  async #check(
    place: ServerPlace,
    meanwhile: Screen = { type: 'connecting', address: place.address },
  ): Promise<void> {
    const checking = this.#beginChecking()
    this.#show(meanwhile)
    try {
      const { connector, store } = this.#options
      const key = await connector.check(place, checking.signal, this.#line?.fingerprint)
      if (checking.signal.aborted) return
      store.dispatch({ type: 'serverKey', key })
      await this.#known(place, checking.signal)
    } catch (error) {
      if (!checking.signal.aborted) await this.#refused(place, error)
    }
  }

  /** The server is who it was: on with the kept session, or with the form. */
  async #known(place: ServerPlace, signal: AbortSignal): Promise<void> {
    const { store, connector } = this.#options
    this.#retry.reset()
    if (this.#chat !== undefined) {
      this.#show({ type: 'main' })
      return this.#chat.reconnect()
    }
    store.dispatch({ type: 'server', address: place.address })
    const said = await this.ownServer.leave()
    const kept = await connector.kept(place, this.#wantedUser)
    // After each wait: Esc may have been pressed in it.
    if (signal.aborted) return
    if (kept === undefined) return this.#showForm(place, said)
    const memory = await connector.memory(place, kept.user)
    if (signal.aborted) return close(memory)
    await this.#resume(place, kept, memory, said, signal)
  }

  async #resume(
    place: ServerPlace,
    kept: Kept,
    memory: Memory,
    said: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { connector } = this.#options
    // Asked anew after each wait.
    const isGivenUp = () => signal.aborted
    this.#wantedUser = kept.user.name
    const chat = await this.#open(place, kept.user, memory)
    if (isGivenUp()) {
      await close(memory)
      return chat.close()
    }
    this.#chat = chat
    this.remembrance.restore(memory, kept.user)
    await this.#recallFirst()
    await connector.keep(place, kept).catch(() => undefined)
    if (isGivenUp() || this.#chat !== chat) return
    this.#show({ type: 'main' })
    if (said !== '') this.#options.store.dispatch(infoNotice(said))
    chat.resume(kept.token)
  }

  /** The first frame is full. */
  async #recallFirst(): Promise<void> {
    const target = firstOpen(this.#state, this.#lastOpen)
    if (target === undefined) return
    this.#options.store.dispatch({ type: 'opened', target, unasked: true })
    await this.remembrance.recall(target)
  }

  async #refused(place: ServerPlace, error: unknown): Promise<void> {
    if (error instanceof UntrustedKeyError) {
      const { fingerprint } = error
      // Enter may be on its way to a screen that a try by itself takes away: it must not trust.
      const chosen = this.#state.screen.type === 'failed' ? TRUST_BACK : 0
      this.#show({ type: 'trust', chosen, address: place.address, fingerprint })
    } else if (error instanceof ChangedKeyError) {
      const { fingerprint, pinned } = error
      this.#show({ type: 'changedKey', chosen: 0, address: place.address, fingerprint, pinned })
    } else if (error instanceof TypeError) {
      this.showAddress(place.address, this.#inWords(error))
    } else {
      await this.#failed(place, error)
    }
  }

  /** With a session there is somebody to come back for: what can pass is tried again. */
  async #failed(place: ServerPlace, error: unknown): Promise<void> {
    const checking = this.#checking
    const { connector } = this.#options
    const kept = await connector.kept(place, this.#wantedUser).catch(() => undefined)
    const waiting = kept === undefined ? 0 : await this.#waiting(place, kept.user.name)
    if (checking?.signal.aborted === true) return
    const { screen } = this.#state
    const chosen = screen.type === 'failed' ? screen.chosen : 0
    const next = kept !== undefined && canPass(error) ? this.#retry.later(0).retryAt : undefined
    const { address } = place
    this.#show({ type: 'failed', chosen, address, text: this.#inWords(error), next, waiting })
  }

  /** A client that is open holds its outbox itself. */
  async #waiting(place: ServerPlace, userName: string): Promise<number> {
    if (this.#chat === undefined) {
      return this.#options.connector.waiting(place, userName).catch(() => 0)
    }
    return this.#state.outbox.filter(({ refused }) => refused === undefined).length
  }

  /** What it was refused with; undefined: it worked. */
  async #tryLogIn(
    place: ServerPlace,
    form: Readonly<{ name: string; password: string; invite: LogInScreen['invite'] }>,
    create: boolean,
  ): Promise<unknown> {
    const { name, password } = form
    const { connector } = this.#options
    let chat: Chat | undefined
    try {
      chat = await this.#open(place, { id: '', name })
      this.#chat = chat
      const loggedIn = await (create
        ? chat.register(name, password, inviteOf(form, this.#line, this.#options.look))
        : chat.logIn(name, password))
      await connector.keep(place, loggedIn)
      this.#wantedUser = loggedIn.user.name
      const memory = await connector.memory(place, loggedIn.user)
      // Somebody quick has logged out already.
      if (this.#chat === chat) this.remembrance.begin(memory, loggedIn.user)
      else await close(memory)
      this.#show({ type: 'main' })
      return undefined
    } catch (error) {
      if (this.#chat === chat) this.#chat = undefined
      await chat?.close()
      return error
    }
  }

  /** `memory`: what is known of the user's conversations, which is not told again. */
  async #open(place: ServerPlace, user: User, memory?: Memory): Promise<Chat> {
    const { connector, store } = this.#options
    this.#lastOpen = await connector.lastOpen(place, user.name).catch(() => undefined)
    const seen = memory === undefined ? undefined : { user, last: lastSeqs(memory) }
    const chat = await connector.open(place, user.name, this.#receive, seen)
    // What an earlier run left is shown before anything is connected.
    store.receive({ type: 'outbox', items: chat.outbox })
    return chat
  }

  #receive = (event: ClientEvent): void => {
    this.#options.store.receive(event)
    for (const listener of this.#listeners) listener(event)
    if (event.type === 'loggedOut') this.#ended(event.reason).catch(() => undefined)
    if (event.type === 'link' && event.link.state === 'blocked' && this.#place !== undefined) {
      this.#refused(this.#place, event.link.error).catch(() => undefined)
    }
  }

  /** The server ended the session. */
  async #ended(reason: string): Promise<void> {
    const [chat, place] = [this.#chat, this.#place]
    if (chat === undefined || place === undefined) return
    this.#chat = undefined
    // First: the same person, or another one, may log in at once.
    const ended = this.remembrance.endSession()
    this.#showForm(place, this.#options.look.words.faults.text(reason))
    this.#tidying = this.#tidy(chat, place, ended)
    await this.#tidying
  }

  async #tidy(chat: Chat, place: ServerPlace, ended: Promise<unknown>): Promise<void> {
    await Promise.all([chat.close(), ended])
    if (this.#wantedUser !== undefined) {
      await this.#options.connector.forgetSession(place, this.#wantedUser)
    }
  }

  #showForm(place: ServerPlace, fault = ''): void {
    const name = this.#wantedUser ?? systemUser(this.#options)
    this.#show(logInForm(place, name, fault))
  }

  #inWords(error: unknown): string {
    return this.#options.look.words.faults.of(error)
  }

  #show(screen: Screen): void {
    this.#options.store.dispatch({ type: 'screen', screen })
  }

  get #state(): ClientState {
    return this.#options.store.getSnapshot()
  }
}

/** The last seq of each conversation that is remembered. */
function lastSeqs({ cache }: Memory): ReadonlyMap<string, number> {
  const kept = cache.conversations.filter((it) => it.kept > 0)
  return new Map(kept.map((it) => [it.head.conversation, it.kept]))
}

async function close({ cache, drafts }: Memory): Promise<void> {
  await Promise.all([cache.close(), drafts.close()])
}

/** What a share line says to do. */
function infoNotice(text: string): StateEvent {
  return { type: 'notice', notice: { kind: 'info', text } }
}

function startOf({ address, ...line }: ShareLine): Start {
  return { address: formatAddress(address), line }
}

function canPass(error: unknown): boolean {
  return error instanceof DialError && PASSING.includes(error.kind)
}
