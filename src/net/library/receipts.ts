import type { Sent } from '../events.ts'
import type { Standing } from './standing.ts'

/** How often it is asked again whether something was delivered, though nobody said so, milliseconds. */
const RECEIPT_MS = 5_000

/** Who waits until others have something. */
export class Receipts {
  readonly #standing: Standing
  readonly #waiting = new Set<() => void>()

  constructor(standing: Standing) {
    this.#standing = standing
  }

  /** Somebody's receipt came: who waits looks again. */
  moved(): void {
    for (const look of [...this.#waiting]) look()
  }

  /**
   * Resolves when it has reached everybody it is for. How many they are is counted anew each time:
   * who leaves is not waited for.
   * @throws the signal's reason; ChatError
   */
  async delivered({ conversation, seq }: Sent, signal?: AbortSignal): Promise<void> {
    for (;;) {
      // From before the question on: what moves while it is answered is not missed.
      const move = this.#nextMove()
      try {
        const draft = { type: 'getReceipts', conversation, seq } as const
        const { delivered, of } = await this.#standing.ask(draft, signal)
        if (delivered >= of) return
        const either = signal === undefined ? move.signal : AbortSignal.any([signal, move.signal])
        await this.#standing.pause(RECEIPT_MS, either)
      } finally {
        move.stop()
      }
    }
  }

  #nextMove(): Readonly<{ signal: AbortSignal; stop: () => void }> {
    const moved = new AbortController()
    const look = () => moved.abort()
    this.#waiting.add(look)
    return { signal: moved.signal, stop: () => this.#waiting.delete(look) }
  }
}
