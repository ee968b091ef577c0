import type { Look } from '../look.ts'
import { HostError, type Hosted, type HostOptions, type Start } from '../options.ts'
import type { StateEvent } from '../state/events.ts'
import type { ClientState, Notice } from '../state/model.ts'
import type { Store } from '../state/store.ts'
import type { Chat } from './connector.ts'
import type { Hosting, HostingEvent } from './hosting.ts'
import { isAtHosted } from './share.ts'

export type OwnServerOptions = Readonly<{
  hosting: Hosting
  store: Store<ClientState, StateEvent>
  look: Look
  /** The client of who is logged in, wherever. */
  chat: () => Chat | undefined
  connect: (start: Start) => Promise<void>
}>

/** The server that one hosts, as one sees it: the way to it, and what is said of it. */
export class OwnServer {
  readonly #options: OwnServerOptions

  constructor(options: OwnServerOptions) {
    this.#options = options
  }

  /** Starts it, unless it runs already, and goes to it. */
  async enter(port: HostOptions['port']): Promise<void> {
    const { hosting, store, look, connect } = this.#options
    if (hosting.server !== undefined) return connect({ address: hosting.server.address })
    store.dispatch({ type: 'screen', screen: { type: 'hosting' } })
    const isWaiting = () => this.#state.screen.type === 'hosting'
    let server: Hosted | undefined
    try {
      server = await hosting.start(port, isWaiting)
    } catch (error) {
      if (!isWaiting()) return
      const { reason, address } =
        error instanceof HostError ? error : { reason: 'other' as const, address: undefined }
      const text = look.words.faults.of(error)
      const screen = { type: 'hostFailed', chosen: 0, reason, text, address } as const
      return store.dispatch({ type: 'screen', screen })
    }
    if (server === undefined) return
    const { address, share, fingerprint, invite = '' } = server
    store.dispatch({ type: 'hosting', share, key: fingerprint })
    await connect({ address, line: { group: '', fingerprint, invite } })
  }

  /** How many others use it. */
  async othersConnected(): Promise<number> {
    const { hosting, chat } = this.#options
    const connected = (await hosting.server?.connected()) ?? 0
    // Who is logged out is not among them.
    const isThere = isAtHosted(this.#state) && this.#state.link.state === 'online'
    const own = chat() !== undefined && isThere ? 1 : 0
    return Math.max(0, connected - own)
  }

  /** It ended by itself, and was started again or not. */
  changed(event: HostingEvent): void {
    const { look, chat } = this.#options
    const { restarted, lost } = look.words.notices.hosted
    if (event.type === 'restarted') {
      if (isAtHosted(this.#state)) chat()?.reconnect()
      return this.#say('info', restarted(event.how))
    }
    this.#forget()
    const why = event.error === undefined ? '' : look.words.faults.of(event.error)
    this.#say('error', lost(event.how, why))
  }

  /**
   * Where one is at another server now, it ends, unless somebody uses it. Answers what is to be said
   * of it.
   */
  async leave(): Promise<string> {
    const { hosting, look } = this.#options
    const { server } = hosting
    if (server === undefined || isAtHosted(this.#state)) return ''
    const others = await this.othersConnected()
    const { hosted } = look.words.notices
    if (others > 0) return hosted.goesOn(server.address, others)
    await hosting.stop()
    this.#forget()
    return hosted.stopped
  }

  #forget(): void {
    this.#options.store.dispatch({ type: 'hosting', share: [], key: undefined })
  }

  #say(kind: Notice['kind'], text: string): void {
    this.#options.store.dispatch({ type: 'notice', notice: { kind, text } })
  }

  get #state(): ClientState {
    return this.#options.store.getSnapshot()
  }
}
