import type { Sent } from '../../net/events.ts'
import type { Chat } from '../../net/library/chat.ts'
import { interruptible } from './interruptible.ts'
import { linesOf } from './text-input.ts'

/** Lines that wait for their acknowledgement at the same time. */
const WINDOW = 256
/** After so many lines all are waited for: then the outbox is empty, and its file can be emptied. */
const STRETCH = 5_000

export type LinesOptions = Readonly<{
  signal: AbortSignal
  /**
   * Of each line, in their order. The outbox forgets a line only after that: what is said again by who
   * was not told is not said twice.
   */
  onSent: (text: string, sent: Sent) => Promise<void>
}>

/** `count` lines were acknowledged, up to `last`; `fault`: why no more were. */
export type LinesReport = Readonly<{
  count: number
  last: Sent | undefined
  fault: unknown
}>

/**
 * Each line is a message, in order, no faster than they are acknowledged. After the first one that
 * cannot be sent nothing more is said, and what was not acknowledged is taken back.
 */
export async function sendLines(
  chat: Chat,
  target: string,
  input: AsyncIterable<unknown>,
  { signal, onSent }: LinesOptions,
): Promise<LinesReport> {
  const stop = new AbortController()
  const either = AbortSignal.any([signal, stop.signal])
  const acks = new Acks(onSent, () => stop.abort())
  const fault = await readAll(interruptible(linesOf(input), either), async ({ text, number }) => {
    acks.follow(text, (onSent) => chat.send(target, text, { signal: either, onSent }))
    await acks.room(number % STRETCH === 0 ? 0 : WINDOW - 1)
  })
  await acks.room(0)
  const { count, last } = acks
  return { count, last, fault: acks.fault ?? fault }
}

/** The acknowledgements of lines that are under way, told in the order of the lines. */
class Acks {
  count = 0
  last: Sent | undefined
  /** Why a line was not sent. */
  fault: unknown
  readonly #onSent: LinesOptions['onSent']
  readonly #onFault: () => void
  /** All lines up to now were told, or will not be. */
  #settled: Promise<void> = Promise.resolve()
  #waiting = 0
  #wake: () => void = () => undefined

  constructor(onSent: LinesOptions['onSent'], onFault: () => void) {
    this.#onSent = onSent
    this.#onFault = onFault
  }

  /** `send`: sends the line, and calls back when the server has it. */
  follow(text: string, send: (onSent: (sent: Sent) => Promise<void>) => Promise<Sent>): void {
    this.#waiting += 1
    const before = this.#settled
    const sending = send(async (sent) => {
      await before
      await this.#tell(text, sent)
    })
    this.#settled = this.#settle(before, sending)
  }

  /** When no more than so many are under way. */
  async room(most: number): Promise<void> {
    while (this.#waiting > most) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Behind a line that was not sent nothing is told: then the outbox keeps it for who repeats it. */
  async #tell(text: string, sent: Sent): Promise<void> {
    if (this.fault !== undefined) throw this.fault
    await this.#onSent(text, sent)
    this.last = sent
    this.count += 1
  }

  async #settle(before: Promise<void>, sending: Promise<Sent>): Promise<void> {
    try {
      await sending
    } catch (error) {
      await before
      this.fault ??= error
      this.#onFault()
    } finally {
      this.#waiting -= 1
      this.#wake()
    }
  }
}

/** Answers what was wrong with the input; what `take` throws is thrown. */
async function readAll<T>(items: AsyncIterator<T>, take: (item: T) => Promise<void>) {
  for (;;) {
    let next: IteratorResult<T>
    try {
      next = await items.next()
    } catch (error) {
      return error
    }
    if (next.done === true) return undefined
    await take(next.value)
  }
}
