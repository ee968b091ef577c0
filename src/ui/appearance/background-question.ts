import { ASK_BACKGROUND, answeredBackground, type Background } from './background.ts'

/** An answer that nearly every terminal gives, after those to what it was asked before. */
const ASK_ATTRIBUTES = '\x1b[c'
// biome-ignore lint/suspicious/noControlCharactersInRegex: the answer begins with one.
const ATTRIBUTES = /^\x1b\[\?[\d;]*c$/

/** How long a terminal that answers nothing at all may keep somebody waiting, milliseconds. */
const ANSWER_MS = 500
/** What was not answered for so long never is, milliseconds. */
const ASKED_MS = 5_000

export type QuestionParts = Readonly<{
  write: (text: string) => void
  /** Milliseconds; from any point. */
  now: () => number
  /** Calls `run` once after so many milliseconds; the answer calls it off. */
  after: (ms: number, run: () => void) => () => void
}>

/**
 * Asks the terminal for its background. An answer that comes when the shell has the keyboard again
 * would be typed into it: who leaves at once waits for it.
 */
export class BackgroundQuestion {
  readonly #parts: QuestionParts
  #askedAt: number | undefined
  #ended = Promise.withResolvers<void>()

  constructor(parts: QuestionParts) {
    this.#parts = parts
  }

  ask(): void {
    this.#askedAt = this.#parts.now()
    this.#parts.write(ASK_BACKGROUND)
  }

  /** What the terminal says; undefined: nothing about its background. */
  take(reply: string): Background | undefined {
    if (ATTRIBUTES.test(reply)) this.#ended.resolve()
    const background = answeredBackground(reply)
    if (background !== undefined) this.#askedAt = undefined
    return background
  }

  /** No answer comes any more: the terminal is gone. */
  giveUp(): void {
    this.#ended.resolve()
  }

  /** Resolves when no answer is on its way. To be called while the terminal is still read, raw. */
  async settle(): Promise<void> {
    const { write, now, after } = this.#parts
    if (this.#askedAt === undefined || now() - this.#askedAt > ASKED_MS) return
    write(ASK_ATTRIBUTES)
    const callOff = after(ANSWER_MS, this.#ended.resolve)
    await this.#ended.promise
    callOff()
  }
}
