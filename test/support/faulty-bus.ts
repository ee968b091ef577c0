import { setTimeout as delay } from 'node:timers/promises'
import type { Bus, Hint, OnHint, OnLost } from '../../src/server/bus/bus.ts'
import { LocalBus } from '../../src/server/bus/local.ts'
import type { SeededRandom } from './seeded-random.ts'

/** What befalls a hint on its way to another node; chances from 0 to 1. */
export type BusFaults = Readonly<{
  lost: number
  doubled: number
  /** Milliseconds at most; hints overtake each other by it. */
  delayMs: number
}>

export const NO_BUS_FAULTS: BusFaults = { lost: 0, doubled: 0, delayMs: 0 }

/** A bus that loses hints, brings some twice and some late, and can be cut. Own hints come at once. */
export class FaultyBus {
  faults: BusFaults = NO_BUS_FAULTS
  /** Whether a hint is lost, beside those that are by chance. */
  loses: (hint: Hint) => boolean = () => false
  #random: SeededRandom
  #nodes = new Set<FaultyNode>()

  constructor(random: SeededRandom) {
    this.#random = random
  }

  /** Who has lost a hint learns that with the next one that comes. */
  connect(onHint: OnHint, onLost: OnLost = () => undefined): FaultyNode {
    const node = new FaultyNode(onHint, onLost, (hint) => this.#spread(node, hint))
    this.#nodes.add(node)
    return node
  }

  /** To those who are there when it comes. */
  #spread(from: FaultyNode, hint: Hint): void {
    for (const node of this.#nodes) {
      if (node === from) continue
      if (from.cut || this.#random.chance(this.faults.lost) || this.loses(hint)) {
        node.lose()
        continue
      }
      void this.#carry(node, hint)
      if (this.#random.chance(this.faults.doubled)) void this.#carry(node, hint)
    }
  }

  async #carry(node: FaultyNode, hint: Hint): Promise<void> {
    const { delayMs } = this.faults
    if (delayMs > 0) {
      await delay(this.#random.below(delayMs))
      // Others may have overtaken it.
      node.lose()
    }
    node.hear(hint)
  }
}

/** A node's end of it. */
export class FaultyNode implements Bus {
  /** Nothing comes or goes. */
  cut = false
  #own: Bus
  #spread: (hint: Hint) => void
  #closed = false
  #onLost: OnLost
  #missed = false

  constructor(onHint: OnHint, onLost: OnLost, spread: (hint: Hint) => void) {
    this.#own = new LocalBus().connect(onHint)
    this.#onLost = onLost
    this.#spread = spread
  }

  get isUp(): boolean {
    return !this.cut && !this.#closed
  }

  publish(hint: Hint): void {
    if (!this.#closed) this.#spread(hint)
    this.#own.publish(hint)
  }

  /** It has missed one. */
  lose(): void {
    this.#missed = true
  }

  hear(hint: Hint): void {
    if (this.#closed) return
    if (this.cut) {
      this.#missed = true
      return
    }
    this.#own.publish(hint)
    if (!this.#missed) return
    this.#missed = false
    this.#onLost()
  }

  close(): Promise<void> {
    this.#closed = true
    return this.#own.close()
  }
}
