import type { Entry } from '../protocol/messages.ts'
import { withheld } from '../protocol/present.ts'
import { CATCH_UP_ENTRIES } from './limits.ts'
import type { Log } from './log.ts'
import type { Store } from './store/store.ts'
import { frameOf, type LiveLog, type Stretch, type Subscriber } from './subscriber.ts'

export type CatchUpOptions = Readonly<{
  store: Pick<Store, 'read' | 'latecomers'>
  log: Log
  liveLog: (conversation: string) => LiveLog | undefined
}>

/**
 * Serves slow readers: what was not pushed to them is read from the store, page by page, as fast
 * as they take it. When a reader has caught up with a conversation, pushes go on.
 */
export class CatchUp {
  #options: CatchUpOptions
  #busy = new Set<Subscriber>()
  /** The store could not serve them: tried again by `sweep`. */
  #stuck = new Set<Subscriber>()

  constructor(options: CatchUpOptions) {
    this.#options = options
  }

  /** The reader can take more. */
  start(subscriber: Subscriber): void {
    if (subscriber.behind.size > 0 && !this.#busy.has(subscriber)) void this.#run(subscriber)
  }

  /** Once a second. */
  sweep(): void {
    const stuck = [...this.#stuck]
    this.#stuck.clear()
    for (const subscriber of stuck) this.start(subscriber)
  }

  async #run(subscriber: Subscriber): Promise<void> {
    this.#busy.add(subscriber)
    try {
      while (!subscriber.closed && !subscriber.slow) {
        const [next] = subscriber.behind
        if (next === undefined) break
        await this.#page(subscriber, next[0], next[1])
      }
    } catch (error) {
      this.#options.log.warn('a slow reader could not be served', {
        connection: subscriber.id,
        error,
      })
      if (!subscriber.closed) this.#stuck.add(subscriber)
    } finally {
      this.#busy.delete(subscriber)
    }
  }

  async #page(subscriber: Subscriber, conversation: string, stretches: Stretch[]): Promise<void> {
    const [stretch] = stretches
    if (stretch === undefined) return
    const { store, liveLog } = this.#options
    const read = await store.read(conversation, stretch.next - 1, CATCH_UP_ENTRIES)
    const entries = await this.#readable(subscriber, conversation, read)
    if (subscriber.closed) return
    const log = liveLog(conversation)
    // What was committed but not announced yet comes by its hint.
    const end = Math.min(stretch.until, log?.last ?? stretch.until)
    const lacking = entries.filter(({ seq }) => seq <= end)
    for (const entry of lacking) {
      subscriber.line.send(frameOf(log ?? { conversation, between: undefined }, entry))
      stretch.next = entry.seq + 1
    }
    // None, although some are lacking: the log has a hole.
    if (stretch.next > end || lacking.length === 0) stretches.shift()
    if (stretches.length === 0) subscriber.behind.delete(conversation)
  }

  /** Rule 5: edits of texts from before the reader came say nothing. */
  async #readable(
    { user }: Subscriber,
    conversation: string,
    entries: readonly Entry[],
  ): Promise<readonly Entry[]> {
    const late = async ({ target }: Entry) => {
      const hidden = await this.#options.store.latecomers(conversation, target, [user.id])
      return hidden.length > 0
    }
    const shown: Entry[] = []
    for (const entry of entries) {
      shown.push(entry.kind === 'edited' && (await late(entry)) ? withheld(entry) : entry)
    }
    return shown
  }
}
