import { join } from 'node:path'
import type { Rates } from '../../../src/server/limits.ts'
import { openSqliteStore } from '../../../src/server/store/sqlite.ts'
import type { OnAppended, Store } from '../../../src/server/store/store.ts'
import type { FaultyLink } from '../faulty-link.ts'
import { NearStore } from '../near-store.ts'
import { openServer, type TestServer } from '../server.ts'

export type Restart = 'gracefully' | 'cut' | 'killed'

/** What the clients of a simulation connect to. */
export type Host = {
  readonly store: Store
  start(): Promise<void>
  /** False: nothing listens there now. */
  accept(link: FaultyLink): boolean
  restart(how: Restart): Promise<void>
  /** No more faults of its own. */
  heal(): void
  stop(): Promise<void>
}

export type HostOptions = Readonly<{
  folder: string
  rates: Partial<Rates>
  /** How often a server does what it does once a second. */
  sweepMs: number
  /** The store has its thread and syncs the disk, as a server's does: slower, and cannot be killed. */
  thread: boolean
}>

/** A server that runs alone, with a store of its own. */
export class LoneHost implements Host {
  #options: HostOptions
  #server: TestServer | undefined
  #near: NearStore | undefined
  #wheel: NodeJS.Timeout | undefined
  #links = new Set<FaultyLink>()

  constructor(options: HostOptions) {
    this.#options = options
  }

  get store(): Store {
    if (this.#server === undefined) throw new Error('the server is down')
    return this.#server.services.store
  }

  async start(): Promise<void> {
    const openStore = (folder: string, onAppended: OnAppended) =>
      this.#openStore(folder, onAppended)
    const { folder, rates, sweepMs } = this.#options
    const server = await openServer(join(folder, 'server'), { rates, openStore })
    this.#server = server
    this.#wheel = setInterval(() => server.peers.sweep(), sweepMs)
  }

  accept(link: FaultyLink): boolean {
    if (this.#server === undefined) return false
    keepIn(this.#links, link)
    this.#server.peers.accept(link.far, { address: '192.0.2.1', refusal: undefined })
    return true
  }

  async restart(how: Restart): Promise<void> {
    const server = this.#server
    this.#server = undefined
    clearInterval(this.#wheel)
    if (how !== 'gracefully') for (const link of this.#links) link.reset()
    if (how === 'killed') this.#near?.kill()
    await server?.stop()
    await this.start()
  }

  heal(): void {}

  async stop(): Promise<void> {
    clearInterval(this.#wheel)
    await this.#server?.stop()
  }

  async #openStore(folder: string, onAppended: OnAppended): Promise<Store> {
    if (this.#options.thread) return openSqliteStore({ folder, onAppended })
    this.#near = new NearStore(folder, onAppended)
    return this.#near.store
  }
}

/** Until it closes. */
export function keepIn(links: Set<FaultyLink>, link: FaultyLink): void {
  links.add(link)
  link.near.once('close', () => links.delete(link))
}
