import { ChatError } from '../../../protocol/errors.ts'
import { SEARCH_WORDS_MAX } from '../../../protocol/limits.ts'
import type { Log } from '../../log.ts'
import { withBuffer } from '../calls.ts'
import type { Appended, FoundText, Listed, SearchQuery } from '../store.ts'
import type { IndexThread } from './index-thread.ts'
import { Indexer } from './indexer.ts'
import { foundBytes, type Readable, type SearchSource } from './source.ts'
import { expressionOf as fts5Expression, hasAll, type Wanted, wantedIn } from './words.ts'

/** The index is opened so long after the store: who comes back at the start is served first. */
const START_MS = 3_000
/** So long a search waits for what was said before it to be in the index. */
const PATIENCE_MS = 5_000
/** Then it makes sense to ask again whether the index is complete. */
const RETRY_MS = 3_000
/** Texts that the index looks at in one step, and steps for one answer: bounds its work. */
const LOOK_AT = 2_000
const STEPS_MAX = 16

export type SearchOptions = Readonly<{
  patienceMs?: number
  /** What the index finds texts with all these words by; FTS5's unless said otherwise. */
  expressionOf?: (wanted: readonly Wanted[]) => string
}>

/**
 * Finds texts by their words. What the index says is checked with the log, so what was deleted,
 * edited or may not be read is never answered, however far the index is behind.
 */
export class Search {
  #source: SearchSource
  #indexer: Indexer
  #starting: NodeJS.Timeout
  #patienceMs: number
  #expressionOf: (wanted: readonly Wanted[]) => string

  constructor(
    openIndex: () => Promise<IndexThread>,
    source: SearchSource,
    log: Log,
    { patienceMs = PATIENCE_MS, expressionOf = fts5Expression }: SearchOptions = {},
  ) {
    this.#expressionOf = expressionOf
    this.#source = source
    this.#patienceMs = patienceMs
    this.#indexer = new Indexer(openIndex, source, log)
    this.#starting = setTimeout(() => this.#indexer.start(), START_MS).unref()
  }

  /** Costs next to nothing: the index reads by itself, later, what is new in them. */
  note(appended: readonly Appended[]): void {
    this.#indexer.note(appended)
  }

  /** The logs of these conversations begin later now. */
  shortened(conversations: readonly string[]): void {
    this.#indexer.shortened(conversations)
  }

  /** See the port. */
  async search(query: SearchQuery): Promise<Listed<FoundText>> {
    const wanted = wantedIn(query.text)
    if (wanted.length === 0) {
      throw new ChatError('badRequest', 'there is no word to search for: letters, digits or emoji')
    }
    if (wanted.length > SEARCH_WORDS_MAX) {
      const words = `a search takes at most ${SEARCH_WORDS_MAX} different words`
      throw new ChatError('badRequest', words)
    }
    const before = continuedIn(query.after)
    const scope = await this.#source.readable(query.user, query.conversation)
    if (scope.length === 0) return { items: [], next: '' }
    const index = await this.#ready()
    return this.#collect(index, { ...query, wanted, scope, before })
  }

  async close(): Promise<void> {
    clearTimeout(this.#starting)
    await this.#indexer.close()
  }

  async #ready(): Promise<IndexThread> {
    this.#indexer.start()
    await this.#indexer.caughtUp(this.#patienceMs)
    const { index } = this.#indexer
    if (index !== undefined) return index
    const words = 'the search index is still being made: try again in a little while'
    throw new ChatError('unavailable', words, RETRY_MS)
  }

  async #collect(index: IndexThread, sought: Sought): Promise<Listed<FoundText>> {
    const { user, scope, wanted, limit, maxBytes } = sought
    const expression = this.#expressionOf(wanted)
    const harvest = new Harvest(wanted, maxBytes)
    let { before } = sought
    for (let step = 0; step < STEPS_MAX && harvest.size < limit; step += 1) {
      const query = { expression, scope, before, limit: limit - harvest.size, lookAt: LOOK_AT }
      const { places, next } = await index.call('find', query).catch(notNow)
      const asked = places.map(({ place }) => place)
      const hits = asked.length === 0 ? [] : await this.#source.hits(user, asked, harvest.room)
      const taken = harvest.take(hits)
      if (taken < places.length) return harvest.answer(places[taken - 1]?.id ?? before)
      if (next === 0) return harvest.answer(0)
      before = next
    }
    return harvest.answer(before)
  }
}

type Sought = Readonly<{
  user: string
  wanted: readonly Wanted[]
  scope: readonly Readable[]
  before: number
  limit: number
  maxBytes: number
}>

/** What was found and fits. */
class Harvest {
  #wanted: readonly Wanted[]
  #room: number
  #items: FoundText[] = []

  constructor(wanted: readonly Wanted[], room: number) {
    this.#wanted = wanted
    this.#room = room
  }

  get size(): number {
    return this.#items.length
  }

  get room(): number {
    return this.#room
  }

  /** Answers how many it has taken, or passed over, before one did not fit. */
  take(hits: readonly (FoundText | undefined)[]): number {
    for (const [at, hit] of hits.entries()) {
      // Since it was taken into the index it may have been edited.
      if (hit === undefined || !hasAll(this.#wanted, hit.entry.text)) continue
      this.#room -= foundBytes(hit)
      if (this.#room < 0 && this.#items.length > 0) return at
      this.#items.push({ ...hit, entry: withBuffer(hit.entry) })
    }
    return hits.length
  }

  /** @param before where it goes on; 0: there is no more */
  answer(before: number): Listed<FoundText> {
    return { items: this.#items, next: before === 0 ? '' : `${before}` }
  }
}

/** The index is damaged, most likely: it is found to be, and made anew, by who keeps it up. */
function notNow(): never {
  throw new ChatError('unavailable', 'the search index cannot be read now', RETRY_MS)
}

/** Where a continuation goes on: below that number of the index. */
function continuedIn(after: string): number {
  if (after === '') return Number.MAX_SAFE_INTEGER
  const place = Number(after)
  if (/^\d{1,16}$/.test(after) && Number.isSafeInteger(place)) return place
  throw new ChatError('badRequest', `'${after}' continues no search`)
}
