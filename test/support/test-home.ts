import { afterEach, beforeEach } from 'vitest'
import { Home } from './home.ts'
import { Program } from './program.ts'

/** What a test has started, and that must not outlive it. */
type Closable = Readonly<{ close: () => unknown }>

/** `key`: its fingerprint. */
export type HomeServer = Readonly<{ program: Program; port: number; key: string }>

/** A home that is new for each test of a file, with all that was started there. */
export class TestHome {
  #home: Home | undefined
  #started: Closable[] = []

  /** To be made outside tests: it is there from the beginning of each to its end. */
  constructor() {
    beforeEach(() => {
      this.#home = new Home()
    })
    afterEach(() => this.#end())
  }

  get env(): Record<string, string> {
    return this.#now.env
  }

  path(...parts: readonly string[]): string {
    return this.#now.path(...parts)
  }

  /** Closes it after the test, what was started last at first. */
  keep<T extends Closable>(started: T): T {
    this.#started.push(started)
    return started
  }

  /** A server of the built program, on a free port of this machine, that is ready. */
  async serve(...args: string[]): Promise<HomeServer> {
    const line = ['--serve', '--host', '127.0.0.1', '--port', '0', ...args]
    const program = this.keep(new Program(line, this.env))
    const [, port] = await program.waitFor(/127\.0\.0\.1:(\d+)/)
    const [key] = await program.waitFor(/sha256:\w{64}/)
    await program.waitFor(/Ctrl-C/)
    return { program, port: Number(port), key }
  }

  get #now(): Home {
    if (this.#home === undefined) throw new Error('no test runs')
    return this.#home
  }

  async #end(): Promise<void> {
    for (const started of this.#started.splice(0).reverse()) await started.close()
    this.#home?.[Symbol.dispose]()
    this.#home = undefined
  }
}
