/** After something was told of a conversation: until when no more is, and what came since. */
type Pause<T> = { until: number; mentioned: boolean; gathered: number; newest: T }

/** So many conversations are told of within one pause; the others wait for its end. */
export const TOLD_AT_ONCE = 3

/** Of so many conversations it is known what was told; beyond that the one longest known is let go. */
export const PAUSES_MAX = 1_000

/** What there is to tell: of which conversation, how much of it, and what came last. */
export type Summary<T> = Readonly<{ target: string; count: number; newest: T }>

/** Decides what is told at once and what is gathered, to be told together when a pause ends. */
export class Cooldown<T> {
  readonly #pauseMs: number
  /** By target id, PAUSES_MAX at most. */
  readonly #pauses = new Map<string, Pause<T>>()
  /** When the pause of those ends that came when too many had been told of. */
  #othersUntil = 0

  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs
  }

  /**
   * Something has come. It is told unless something was told of that conversation just now, or of
   * many others; a mention is, unless one was. What is not told is gathered.
   */
  tells(target: string, isMention: boolean, now: number, newest: T): boolean {
    if (this.#pauseMs === 0) return true
    const pause = this.#runningOf(target, now)
    if (pause !== undefined) {
      pause.newest = newest
      const tell = isMention && !pause.mentioned
      if (tell) pause.mentioned = true
      else pause.gathered += 1
      return tell
    }
    const tell = isMention || this.#running(now) < TOLD_AT_ONCE
    const until = tell ? now + this.#pauseMs : this.#untilOfOthers(now)
    this.#pause(target, { until, mentioned: isMention, gathered: tell ? 0 : 1, newest })
    return tell
  }

  /** What was gathered in pauses that have ended. With what is told a new one begins. */
  end(now: number): readonly Summary<T>[] {
    const summaries: Summary<T>[] = []
    for (const [target, { until, gathered, newest }] of [...this.#pauses]) {
      if (until > now) continue
      this.#pauses.delete(target)
      if (gathered === 0) continue
      summaries.push({ target, count: gathered, newest })
      this.#pause(target, { until: now + this.#pauseMs, mentioned: false, gathered: 0, newest })
    }
    return summaries
  }

  /** When the next pause ends; undefined: there is none. */
  get nextEnd(): number | undefined {
    let next: number | undefined
    for (const { until } of this.#pauses.values()) next = Math.min(next ?? until, until)
    return next
  }

  /** Of how many conversations something is known. */
  get size(): number {
    return this.#pauses.size
  }

  #pause(target: string, pause: Pause<T>): void {
    this.#pauses.delete(target)
    this.#pauses.set(target, pause)
    const [longest] = this.#pauses.keys()
    if (this.#pauses.size > PAUSES_MAX && longest !== undefined) this.#pauses.delete(longest)
  }

  #runningOf(target: string, now: number): Pause<T> | undefined {
    const pause = this.#pauses.get(target)
    return pause !== undefined && pause.until > now ? pause : undefined
  }

  #running(now: number): number {
    let count = 0
    for (const { until } of this.#pauses.values()) if (until > now) count += 1
    return count
  }

  /** The same for all, so that they are told of together. */
  #untilOfOthers(now: number): number {
    if (this.#othersUntil <= now) this.#othersUntil = now + this.#pauseMs
    return this.#othersUntil
  }
}
