import type { Batches } from '../batches.ts'

/** Between steps of what nobody waits for. */
const PAUSE_MS = 20

/** What is left to be done goes in small steps, with pauses for those who wait. */
export class Tidying {
  #batches: Pick<Batches, 'tidy'>
  #timer: NodeJS.Timeout | undefined

  constructor(batches: Pick<Batches, 'tidy'>) {
    this.#batches = batches
  }

  begin(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      if (this.#batches.tidy()) this.begin()
    }, PAUSE_MS)
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}
