import type { Sent } from '../../net/events.ts'
import type { Chat } from '../../net/library/chat.ts'
import { linesOf } from './text-input.ts'

/** Lines that wait for their acknowledgement at the same time. */
const WINDOW = 256
/** After so many lines all are waited for: then the outbox is empty, and its file can be emptied. */
const STRETCH = 5_000

export type LinesOptions = Readonly<{
  signal: AbortSignal
  /** Of each line, in their order. */
  onSent: (text: string, sent: Sent) => Promise<void>
}>

/** `count` lines were acknowledged, up to `last`; `fault`: why no more were. */
export type LinesReport = Readonly<{
  count: number
  last: Sent | undefined
  fault: unknown
}>

type Waiting = Readonly<{ text: string; sent: Promise<Sent> }>

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
  const waiting: Waiting[] = []
  let count = 0
  let last: Sent | undefined
  const settle = async (most: number) => {
    while (waiting.length > most) {
      const oldest = waiting[0]
      if (oldest === undefined) return
      last = await oldest.sent
      waiting.shift()
      count += 1
      await onSent(oldest.text, last)
    }
  }
  const report = (fault: unknown): LinesReport => ({ count, last, fault })
  try {
    const fault = await readAll(interruptible(linesOf(input), either), async ({ text, number }) => {
      const sent = chat.send(target, text, { signal: either, repeat: true })
      // Whoever comes to it in its turn is told.
      sent.catch(() => undefined)
      waiting.push({ text, sent })
      await settle(number % STRETCH === 0 ? 0 : WINDOW - 1)
    })
    await settle(0)
    return report(fault)
  } catch (error) {
    stop.abort()
    return report(error)
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

/** Input that does not come is not waited for when the command is to end. */
async function* interruptible<T>(items: AsyncGenerator<T>, signal: AbortSignal): AsyncGenerator<T> {
  const aborted = Promise.withResolvers<never>()
  aborted.promise.catch(() => undefined)
  const abort = () => aborted.reject(signal.reason)
  signal.addEventListener('abort', abort)
  try {
    for (;;) {
      signal.throwIfAborted()
      const next = await Promise.race([items.next(), aborted.promise])
      if (next.done === true) return
      yield next.value
    }
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
