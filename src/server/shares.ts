/**
 * A fair share of the store: what takes it long is done for so many requests of one account at a
 * time, on however many connections, so that others wait for those at most.
 */
export class Shares {
  #most: number
  #running = new Map<string, number>()
  /** Who wants to be told, in the order of asking. */
  #waiting = new Map<string, Set<() => void>>()

  constructor(most: number) {
    this.#most = most
  }

  /** True: it may begin, and `leave` is to be called. False: `onFree` says when to ask again. */
  enter(account: string, onFree: () => void): boolean {
    const running = this.#running.get(account) ?? 0
    if (running >= this.#most) {
      const waiting = this.#waiting.get(account)
      if (waiting === undefined) this.#waiting.set(account, new Set([onFree]))
      else waiting.add(onFree)
      return false
    }
    this.#running.set(account, running + 1)
    this.forget(account, onFree)
    return true
  }

  /** Who is told may not want it any more: then the next one is. */
  leave(account: string): void {
    const running = (this.#running.get(account) ?? 0) - 1
    if (running > 0) this.#running.set(account, running)
    else this.#running.delete(account)
    for (const onFree of this.#waiting.get(account) ?? []) {
      if ((this.#running.get(account) ?? 0) >= this.#most) return
      this.forget(account, onFree)
      onFree()
    }
  }

  /** They do not wait any more. */
  forget(account: string, onFree: () => void): void {
    const waiting = this.#waiting.get(account)
    if (waiting?.delete(onFree) === true && waiting.size === 0) this.#waiting.delete(account)
  }

  /** Accounts that have something running or waiting. */
  get size(): number {
    return new Set([...this.#running.keys(), ...this.#waiting.keys()]).size
  }
}
