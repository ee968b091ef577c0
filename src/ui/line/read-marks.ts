import type { Context } from '../context.ts'

/** Tells the server what was read: one request at a time, whatever comes meanwhile. */
export class ReadMarks {
  readonly #context: Pick<Context, 'flow' | 'store'>
  readonly #isPerson: boolean
  readonly #wanted = new Map<string, number>()
  #isAsking = false

  /** @param isPerson somebody hears what is said; a pipe has read nothing. */
  constructor(context: Pick<Context, 'flow' | 'store'>, isPerson: boolean) {
    this.#context = context
    this.#isPerson = isPerson
  }

  /** Everything up to there was said to the person. Resolves when the server knows; never rejects. */
  async read(conversation: string, seq: number): Promise<void> {
    if (!this.#isPerson) return
    this.#wanted.set(conversation, Math.max(seq, this.#wanted.get(conversation) ?? 0))
    await this.#ask().catch(() => undefined)
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    try {
      for (const [conversation, read] of this.#wanted) {
        this.#wanted.delete(conversation)
        await this.#context.flow.chat?.request({ type: 'mark', conversation, read })
      }
    } finally {
      // What a lost connection left is read again by whoever reads it again.
      this.#isAsking = false
    }
  }
}
