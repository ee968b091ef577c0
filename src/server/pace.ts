export type PaceOptions = Readonly<{
  /** Resolves with the milliseconds from its beginning to the next one. Never rejects. */
  task: () => Promise<number>
  /** It takes at most this part of the time. */
  share: number
  /** Milliseconds from one beginning to the next at least, and to the first. */
  least: number
  monotonic: () => number
}>

/** When something is done again and again that may take long: never twice at a time. */
export class Pace {
  #options: PaceOptions
  #running = false
  #dueAt: number
  /** It may not begin before. */
  #restsUntil: number

  constructor(options: PaceOptions) {
    this.#options = options
    this.#restsUntil = options.monotonic() + options.least
    this.#dueAt = this.#restsUntil
  }

  /** Once a second: begins it when it is due. */
  sweep(): void {
    if (this.#running || this.#options.monotonic() < this.#dueAt) return
    this.#running = true
    void this.#run()
  }

  /** It is due as soon as it may begin. */
  hasten(): void {
    const now = this.#options.monotonic()
    this.#dueAt = Math.min(this.#dueAt, Math.max(this.#restsUntil, now))
  }

  async #run(): Promise<void> {
    const { task, share, least, monotonic } = this.#options
    const began = monotonic()
    const pause = await task()
    const now = monotonic()
    this.#restsUntil = Math.max(began + least, now + (now - began) / share)
    this.#dueAt = Math.max(began + pause, this.#restsUntil)
    this.#running = false
  }
}
