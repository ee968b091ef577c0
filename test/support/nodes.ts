import { onTestFinished } from 'vitest'
import { openSqliteStore } from '../../src/server/store/sqlite.ts'
import type { Store } from '../../src/server/store/store.ts'
import { FaultyBus, type FaultyNode } from './faulty-bus.ts'
import { SeededRandom } from './seeded-random.ts'
import { openServer, type TestServer, temporaryFolder } from './server.ts'

/**
 * Several servers of one store, with a bus that can be made to lose hints. Of what is appended all
 * nodes hear over the bus, as if another one had done it.
 */
export class Nodes {
  readonly bus = new FaultyBus(new SeededRandom(1))
  readonly servers: TestServer[] = []
  readonly ends: FaultyNode[] = []
  #now = 0
  #store: Store
  #folder: string

  constructor(store: Store, folder: string) {
    this.#store = store
    this.#folder = folder
  }

  async add(): Promise<TestServer> {
    const server = await openServer(this.#folder, {
      shared: true,
      monotonic: () => this.#now,
      connectBus: (onHint) => {
        const end = this.bus.connect(onHint)
        this.ends.push(end)
        return end
      },
      openStore: async () => ({ ...this.#store, close: () => Promise.resolve() }),
    })
    this.servers.push(server)
    return server
  }

  /** So many seconds later. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.#now += 1_000
      for (const { peers } of this.servers) peers.sweep()
      // What was asked is answered.
      for (const _ of [1, 2, 3, 4]) {
        await this.#store.lasts([])
        await new Promise(setImmediate)
      }
    }
  }
}

/** @param count how many */
export async function startNodes(count: number): Promise<Nodes> {
  const folder = await temporaryFolder()
  const spread: { bus?: FaultyNode } = {}
  const store = await openSqliteStore({
    folder,
    onAppended: (appended) => spread.bus?.publish({ kind: 'appended', appended }),
  })
  const nodes = new Nodes(store, folder)
  spread.bus = nodes.bus.connect(() => undefined)
  for (let node = 0; node < count; node += 1) await nodes.add()
  onTestFinished(async () => {
    await Promise.all(nodes.servers.map((server) => server.stop()))
    await store.close()
  })
  return nodes
}
