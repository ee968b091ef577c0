/** After something was told of a conversation: until when no more is, and what came since. */
type Pause = { until: number; mentioned: boolean; gathered: number }

/** So many conversations are told of within one pause; the others wait for its end. */
export const TOLD_AT_ONCE = 3

/** What there is to tell: of which conversation, and how much of it. */
export type Summary = Readonly<{ target: string; count: number }>

/** Decides what is told at once and what is gathered, to be told together when a pause ends. */
export class Cooldown {
  readonly #pauseMs: number
  /** By target id. */
  readonly #pauses = new Map<string, Pause>()
  /** When the pause of those ends that came when too many had been told of. */
  #othersUntil = 0

  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs
  }

  /**
   * Something has come. It is told unless something was told of that conversation just now, or of
   * many others; a mention is, unless one was. What is not told is gathered.
   */
  tells(target: string, isMention: boolean, now: number): boolean {
    if (this.#pauseMs === 0) return true
    const pause = this.#runningOf(target, now)
    if (pause !== undefined) {
      const tell = isMention && !pause.mentioned
      if (tell) pause.mentioned = true
      else pause.gathered += 1
      return tell
    }
    const tell = isMention || this.#running(now) < TOLD_AT_ONCE
    const until = tell ? now + this.#pauseMs : this.#untilOfOthers(now)
    this.#pauses.set(target, { until, mentioned: isMention, gathered: tell ? 0 : 1 })
    return tell
  }

  /** What was gathered in pauses that have ended. With what is told a new one begins. */
  end(now: number): readonly Summary[] {
    const summaries: Summary[] = []
    for (const [target, { until, gathered }] of [...this.#pauses]) {
      if (until > now) continue
      this.#pauses.delete(target)
      if (gathered === 0) continue
      summaries.push({ target, count: gathered })
      this.#pauses.set(target, { until: now + this.#pauseMs, mentioned: false, gathered: 0 })
    }
    return summaries
  }

  /** When the next pause ends; undefined: there is none. */
  get nextEnd(): number | undefined {
    let next: number | undefined
    for (const { until } of this.#pauses.values()) next = Math.min(next ?? until, until)
    return next
  }

  has(target: string): boolean {
    return this.#pauses.has(target)
  }

  #runningOf(target: string, now: number): Pause | undefined {
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
