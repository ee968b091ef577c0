import type { Bus, Hint, OnHint } from './bus.ts'

/**
 * ADAPTER: all nodes are in this process. A hint arrives at once, unless one is being told: then
 * after it, so that a listener that publishes is not entered again.
 */
export class LocalBus {
  #listeners = new Set<OnHint>()
  #waiting: Hint[] = []
  #telling = false

  connect(onHint: OnHint): Bus {
    this.#listeners.add(onHint)
    return {
      isUp: true,
      publish: (hint) => this.#publish(hint),
      close: () => {
        this.#listeners.delete(onHint)
        return Promise.resolve()
      },
    }
  }

  #publish(hint: Hint): void {
    this.#waiting.push(hint)
    if (this.#telling) return
    this.#telling = true
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        for (const listener of this.#listeners) listener(next)
      }
    } finally {
      this.#telling = false
    }
  }
}
