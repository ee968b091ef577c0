import { join } from 'node:path'
import type { Store } from '../../../src/server/store/store.ts'
import { type BusFaults, FaultyBus, type FaultyNode, NO_BUS_FAULTS } from '../faulty-bus.ts'
import type { FaultyLink } from '../faulty-link.ts'
import { NearStore } from '../near-store.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { openServer, type TestServer } from '../server.ts'
import { type Host, type HostOptions, keepIn, type Restart } from './host.ts'

export type ClusterOptions = HostOptions &
  Readonly<{
    nodes: number
    random: SeededRandom
    /** Milliseconds, as fast as the world's. */
    monotonic: () => number
  }>

type Node = {
  readonly server: TestServer
  readonly bus: FaultyNode
  readonly wheel: NodeJS.Timeout
  readonly links: Set<FaultyLink>
}

/**
 * Several servers of one store, with a bus between them that loses hints, doubles them, brings them
 * late and is cut. Of what is appended all hear over the bus: nobody is told for sure.
 */
export class Cluster implements Host {
  readonly store: Store
  #options: ClusterOptions
  #bus: FaultyBus
  #nodes: Node[] = []

  constructor(options: ClusterOptions) {
    this.#options = options
    const { random } = options
    this.#bus = new FaultyBus(random.fork())
    this.#bus.faults = faultsFrom(random)
    const spread = this.#bus.connect(() => undefined)
    const near = new NearStore(join(options.folder, 'server'), (appended) => {
      spread.publish({ kind: 'appended', appended })
    })
    this.store = near.store
  }

  async start(): Promise<void> {
    for (let node = 0; node < this.#options.nodes; node += 1) await this.#add()
  }

  accept(link: FaultyLink): boolean {
    if (this.#nodes.length === 0) return false
    const { server, links } = this.#options.random.pick(this.#nodes)
    keepIn(links, link)
    server.peers.accept(link.far, { address: '192.0.2.1', refusal: undefined })
    return true
  }

  /** Of one of the nodes; where only something is cut, it is its way to the others. */
  async restart(how: Restart): Promise<void> {
    if (this.#nodes.length === 0) return
    const node = this.#options.random.pick(this.#nodes)
    if (how === 'cut') {
      node.bus.cut = !node.bus.cut
      return
    }
    this.#nodes = this.#nodes.filter((one) => one !== node)
    if (how === 'killed') {
      // Without goodbye to anybody.
      await node.bus.close()
      for (const link of node.links) link.reset()
    }
    await stop(node)
    await this.#add()
  }

  heal(): void {
    this.#bus.faults = NO_BUS_FAULTS
    for (const { bus } of this.#nodes) bus.cut = false
  }

  async stop(): Promise<void> {
    await Promise.all(this.#nodes.map(stop))
    await this.store.close()
  }

  async #add(): Promise<void> {
    const { rates, folder, monotonic, sweepMs } = this.#options
    const ends: FaultyNode[] = []
    const server = await openServer(folder, {
      rates,
      monotonic,
      shared: true,
      connectBus: (onHint, onLost) => {
        const end = this.#bus.connect(onHint, onLost)
        ends.push(end)
        return end
      },
      openStore: async () => ({ ...this.store, close: () => Promise.resolve() }),
    })
    const wheel = setInterval(() => server.peers.sweep(), sweepMs)
    for (const bus of ends) this.#nodes.push({ server, bus, wheel, links: new Set() })
  }
}

async function stop({ server, wheel }: Node): Promise<void> {
  clearInterval(wheel)
  await server.stop()
}

function faultsFrom(random: SeededRandom): BusFaults {
  return {
    lost: random.pick([0, 0.1, 0.5, 1]),
    doubled: random.pick([0, 0.2]),
    delayMs: random.pick([0, 3, 30]),
  }
}
