import type { ClientEvent } from '../events.ts'
import type { Timers } from '../timers.ts'
import type { ChatEntry } from './chat-entry.ts'
import type { EntryStream, Placed } from './entry-stream.ts'
import { ClosedError } from './standing.ts'

/** For the last `delivered` to reach the server, milliseconds. */
const FLUSH_MS_MAX = 2_000

/** Entries one by one. One `next` at a time. */
export type Reader = Readonly<{
  /** Undefined: there are no more. @throws SessionOverError, ChatError */
  next: () => Promise<ChatEntry | undefined>
  /** `next` would answer at once. */
  ready: () => boolean
  /** All that `next` has given has reached whom it is for. */
  done: () => void
  /** `next` gives nothing more. */
  end: () => void
  /** Tells the server at once of what was delivered. */
  close: () => Promise<void>
}>

/** Who reads entries as they come. */
export class Readers {
  readonly #timers: Timers
  readonly #streams = new Set<EntryStream>()
  #ended = false

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** `entryOf`: the entry as a reader gets it. */
  add(stream: EntryStream, entryOf: (placed: Placed) => ChatEntry): Reader {
    this.#streams.add(stream)
    /** Given out since the last `done`, the last of each conversation. */
    const given = new Map<string, Placed>()
    return {
      next: async () => {
        const placed = await stream.next()
        if (placed !== undefined) given.set(placed.conversation, placed)
        return placed && entryOf(placed)
      },
      ready: () => stream.ready,
      done: () => {
        for (const placed of given.values()) stream.done(placed)
        given.clear()
      },
      end: () => stream.end(),
      close: async () => {
        if (!this.#ended) await this.#inTime(stream.flush())
        stream.end()
        this.#streams.delete(stream)
      },
    }
  }

  /** What the client tells. */
  take(event: ClientEvent): void {
    for (const stream of this.#streams) {
      if (event.type === 'heads') stream.heads(event.heads, event.complete)
      if (event.type === 'entry') stream.entry(event.conversation, event.entry)
      if (event.type === 'left') stream.left(event.conversation)
    }
  }

  /** Tells the server of all that was delivered. */
  async flush(): Promise<void> {
    await this.#inTime(Promise.all([...this.#streams].map((stream) => stream.flush())))
  }

  /** Nobody is given anything more; who reads is told why, unless it was closed here. */
  end(error: Error): void {
    this.#ended = true
    for (const stream of this.#streams) {
      stream.end(error instanceof ClosedError ? undefined : error)
    }
    this.#streams.clear()
  }

  async #inTime(doing: Promise<unknown>): Promise<void> {
    const late = Promise.withResolvers<void>()
    const cancel = this.#timers.after(FLUSH_MS_MAX, late.resolve)
    await Promise.race([doing, late.promise])
    cancel()
  }
}
