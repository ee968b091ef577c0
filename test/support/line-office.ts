import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll } from 'vitest'
import type { Chat } from '../../src/net/library/chat.ts'
import { connect } from '../../src/net/library/connect.ts'
import { type RunningServer, serve } from '../../src/server/serve.ts'
import { LineClient, type LineClientOptions } from './line-client.ts'
import { CHEAP, PASSWORD } from './server.ts'

/** A real server that the tests of a file share, and people who come to it in line mode or by programs. */
export class LineOffice {
  #folder = ''
  #server: RunningServer | undefined
  readonly #guests = new Set<string>()
  readonly #open: (() => Promise<unknown>)[] = []

  /** To be made outside tests: it is there for all of them. */
  constructor() {
    beforeAll(async () => {
      this.#folder = await mkdtemp(join(tmpdir(), 'tchat-line-'))
      this.#server = await this.#serve(0)
    })
    afterEach(async () => {
      for (const close of this.#open.splice(0)) await close()
    })
    afterAll(async () => {
      await this.#running.close()
      await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 })
    })
  }

  get address(): string {
    return `127.0.0.1:${this.#running.port}`
  }

  stateFolder(name: string): string {
    return join(this.#folder, `state-${name}`)
  }

  /** Somebody's line mode. */
  client(name: string, more: Partial<LineClientOptions> = {}): LineClient {
    const start = { address: this.address, user: name }
    const client = new LineClient({ start, stateFolder: this.stateFolder(name), ...more })
    this.#open.push(() => client.close())
    return client
  }

  /** Somebody new, in line mode, who is in. */
  async person(name: string, more: Partial<LineClientOptions> = {}): Promise<LineClient> {
    const client = this.client(name, { isPerson: true, ...more })
    await client.waitFor('Have you an account there?')
    client.type('no', '', PASSWORD, PASSWORD)
    await client.waitFor('You are in #lobby')
    return client
  }

  /** The same with a pipe, of somebody who is logged in on this computer. */
  async pipe(name: string, more: Partial<LineClientOptions> = {}): Promise<LineClient> {
    const client = this.client(name, more)
    await client.waitFor('You are in ')
    return client
  }

  /** Somebody new, who is a program. */
  async program(name: string): Promise<Chat> {
    const chat = await connect({
      server: this.address,
      user: name,
      password: PASSWORD,
      register: true,
    })
    this.#open.push(() => chat.close())
    return chat
  }

  /** A program of that name, which may have been there before. */
  async guest(name: string): Promise<Chat> {
    const isNew = !this.#guests.has(name)
    this.#guests.add(name)
    const account = { server: this.address, user: name, password: PASSWORD, register: isNew }
    const chat = await connect(account)
    this.#open.push(() => chat.close())
    return chat
  }

  /** Stops the server, and gives what starts it again at the same address. */
  async stop(): Promise<() => Promise<void>> {
    const { port } = this.#running
    await this.#running.close()
    return async () => {
      this.#server = await this.#serve(port)
    }
  }

  get #running(): RunningServer {
    if (this.#server === undefined) throw new Error('the server is not there yet')
    return this.#server
  }

  #serve(port: number): Promise<RunningServer> {
    const folder = join(this.#folder, 'server')
    // Many log in at once here.
    const rates = { failedLogInsPerAccount: 1e9, failedLogInsPerAddress: 1e9 }
    return serve({ host: '127.0.0.1', port, folder, passwordCost: CHEAP, rates })
  }
}
