import type { Hosted, UiOptions } from '../options.ts'

/** The server that this program starts: one at most. */
export class Hosting {
  readonly #start: UiOptions['host']
  #server: Hosted | undefined
  /** Of the one before: two cannot have the same data. */
  #stopped: Promise<void> = Promise.resolve()
  #goesOn: Readonly<{ address: string; pid: number }> | undefined

  constructor(start: UiOptions['host']) {
    this.#start = start
  }

  get server(): Hosted | undefined {
    return this.#server
  }

  /** What is to be said on the shell's screen of the server that was kept. */
  get goesOn(): Readonly<{ address: string; pid: number }> | undefined {
    return this.#goesOn
  }

  /**
   * Starts it, `port` 0: on any free one. Where it is not `wanted` any more when it is there, it is
   * stopped again: undefined.
   * @throws HostError
   */
  async start(port: number, wanted: () => boolean): Promise<Hosted | undefined> {
    await this.#stopped
    const server = await this.#start({ port })
    if (wanted()) this.#server = server
    else await server.stop()
    return this.#server
  }

  async stop(): Promise<void> {
    this.#stopped = this.#server?.stop() ?? this.#stopped
    this.#server = undefined
    await this.#stopped
  }

  /** It goes on when this program ends. */
  keep(): void {
    const pid = this.#server?.keep()
    if (this.#server !== undefined && pid !== undefined) {
      this.#goesOn = { address: this.#server.address, pid }
    }
  }
}
