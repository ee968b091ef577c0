import { parseAddress } from '../../net/address.ts'
import type { Hosted, HostOptions, UiOptions } from '../options.ts'

/** A server that ends again and again has a reason that starting it does not mend. */
const RESTARTS_MAX = 5

/**
 * The server ended by itself; `how`: the signal or exit code. It is there again, or it is not, and
 * `error` says why (undefined: it ended too often).
 */
export type HostingEvent =
  | Readonly<{ type: 'restarted'; how: string }>
  | Readonly<{ type: 'lost'; how: string; error: unknown }>

/** The server that this program starts: one at most. */
export class Hosting {
  readonly #start: UiOptions['host']
  readonly #onEvent: (event: HostingEvent) => void
  #server: Hosted | undefined
  /** Starts and stops wait for the ones before them: two servers cannot have the same data. */
  #before: Promise<unknown> = Promise.resolve()
  /** What a person asked for last. A restart of what was asked for before is not wanted any more. */
  #turn = 0
  #restarts = 0
  #goesOn: Readonly<{ address: string; pid: number }> | undefined

  constructor(start: UiOptions['host'], onEvent: (event: HostingEvent) => void) {
    this.#start = start
    this.#onEvent = onEvent
  }

  get server(): Hosted | undefined {
    return this.#server
  }

  /** What is to be said on the shell's screen of the server that was kept. */
  get goesOn(): Readonly<{ address: string; pid: number }> | undefined {
    return this.#goesOn
  }

  /**
   * Starts it. Where it is not `wanted` any more when it is there, it is
   * stopped again: undefined. One that ends unasked is started again at the same address.
   * @throws HostError
   */
  start(port: HostOptions['port'], wanted: () => boolean): Promise<Hosted | undefined> {
    this.#turn += 1
    return this.#after(() => this.#begin(port, wanted))
  }

  stop(): Promise<void> {
    this.#turn += 1
    const server = this.#server
    this.#server = undefined
    return this.#after(async () => server?.stop())
  }

  /** It goes on when this program ends. */
  keep(): void {
    const pid = this.#server?.keep()
    if (this.#server !== undefined && pid !== undefined) {
      this.#goesOn = { address: this.#server.address, pid }
    }
  }

  #after<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#before.then(run)
    this.#before = result.catch(() => undefined)
    return result
  }

  async #begin(port: HostOptions['port'], wanted: () => boolean): Promise<Hosted | undefined> {
    const server = await this.#start({ port })
    if (!wanted()) {
      await server.stop()
      return undefined
    }
    this.#server = server
    void server.ended.then((how) => this.#ended(server, how))
    return server
  }

  async #ended(server: Hosted, how: string): Promise<void> {
    if (this.#server !== server) return
    this.#server = undefined
    this.#restarts += 1
    if (this.#restarts > RESTARTS_MAX) return this.#onEvent({ type: 'lost', how, error: undefined })
    const turn = this.#turn
    const isWanted = () => this.#turn === turn
    try {
      const { port } = parseAddress(server.address)
      const again = await this.#after(() => this.#begin(port, isWanted))
      if (again !== undefined) this.#onEvent({ type: 'restarted', how })
    } catch (error) {
      if (isWanted()) this.#onEvent({ type: 'lost', how, error })
    }
  }
}
