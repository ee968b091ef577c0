import { setImmediate as nextRound } from 'node:timers/promises'
import type { Timers } from '../../src/net/timers.ts'

type Waiting = { at: number; run: () => void }

/** Time that passes only when a test says so. */
export class FakeClock implements Timers {
  /** The clock of the wall: goes on while the machine sleeps. */
  wall = 1_800_000_000_000
  #uptime = 0
  #waiting = new Set<Waiting>()

  now = (): number => this.wall

  /** Timers that have not run and were not cancelled. */
  get pending(): number {
    return this.#waiting.size
  }

  after(ms: number, run: () => void): () => void {
    const waiting = { at: this.#uptime + ms, run }
    this.#waiting.add(waiting)
    return () => this.#waiting.delete(waiting)
  }

  /** Lets that much time pass; everything that follows from it has happened afterwards. */
  async advance(ms: number): Promise<void> {
    const end = this.#uptime + ms
    await settle()
    for (;;) {
      const [next] = [...this.#waiting].sort((one, other) => one.at - other.at)
      if (next === undefined || next.at > end) break
      this.#passTo(next.at)
      this.#waiting.delete(next)
      next.run()
      await settle()
    }
    this.#passTo(end)
  }

  /** The machine sleeps: timers stand still, the clock of the wall does not. */
  sleep(ms: number): void {
    this.wall += ms
  }

  #passTo(uptime: number): void {
    this.wall += uptime - this.#uptime
    this.#uptime = uptime
  }
}

/** Lets everything happen that waits for nothing but its turn: in-memory streams, promises. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 12; round += 1) await nextRound()
}
