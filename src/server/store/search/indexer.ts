import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../log.ts'
import { isOfStore } from '../../told-once.ts'
import { conversationNumber } from '../ids.ts'
import type { Appended } from '../store.ts'
import type { IndexThread } from './index-thread.ts'
import type { Changes, SearchSource, TextPlace } from './source.ts'
import type { Stale } from './text-index.ts'

/** Conversations that one call compares, or asks the changes of. */
const CONVERSATIONS = 128
/** Entries that one step takes in: 4 MB at most. */
const ENTRIES = 512
/** Conversations that are known to be behind; when there are more, all are compared again. */
const BEHIND_MAX = 50_000
/** Between rounds, unless somebody searches: entries go together, and the log has the disk to itself. */
const ROUND_MS = 1_000
/**
 * After a failure: once soon, because a damaged index is made anew; then it is the disk most likely. A
 * store that is away may be back at any time.
 */
const FIRST_RETRY_MS = 1_000
const RETRY_MS = 30_000

/** Entries that change what can be found; a group ends when the last member quits, too. */
const CHANGING: ReadonlySet<string> = new Set(['text', 'edited', 'deleted', 'quit', 'ended'])

type Behind = Readonly<{ conversation: number; reached: number; until: number | undefined }>

/**
 * Keeps the index behind the log, at leisure: nothing waits for it, and what it has to do is never
 * more than a set of conversations. What it lacks it reads from the log, so it is made, kept up
 * and caught up after a crash in one way.
 */
export class Indexer {
  #openThread: () => Promise<IndexThread>
  #source: SearchSource
  #log: Log
  #thread: IndexThread | undefined
  /** All conversations were compared with it. */
  #complete = false
  /** Ids of conversations whose logs have got longer. */
  #behind = new Set<string>()
  #overflowed = false
  /** Something that was told is being taken in. */
  #busy = true
  #waiting = new Set<() => void>()
  #wake: (() => void) | undefined
  /** Ends the pause that is made so that others come first. */
  #leisure = new AbortController()
  #closing = new AbortController()
  #living: Promise<void> | undefined

  constructor(openThread: () => Promise<IndexThread>, source: SearchSource, log: Log) {
    this.#openThread = openThread
    this.#source = source
    this.#log = log
  }

  /** The index, when it is complete but for what came lately. */
  get index(): IndexThread | undefined {
    return this.#complete && this.#thread?.ended === false ? this.#thread : undefined
  }

  /** Idempotent. What was appended before it is found by itself. */
  start(): void {
    if (!this.#closing.signal.aborted) this.#living ??= this.#live()
  }

  note(appended: readonly Appended[]): void {
    if (this.#living === undefined) return
    for (const { conversation, entry } of appended) {
      if (CHANGING.has(entry.kind)) this.#behind.add(conversation)
    }
    this.#noted()
  }

  /** Their logs begin later now. */
  shortened(conversations: readonly string[]): void {
    if (this.#living === undefined) return
    for (const conversation of conversations) this.#behind.add(conversation)
    this.#noted()
  }

  /** What was told before this call is in the index; or it took longer than `patienceMs`. */
  async caughtUp(patienceMs: number): Promise<void> {
    if (this.index !== undefined && !this.#busy && this.#behind.size === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#waiting.add(resolve)
    this.#leisure.abort()
    this.#wake?.()
    const enough = new AbortController()
    await Promise.race([promise, this.#pause(patienceMs, enough.signal)])
    enough.abort()
    this.#waiting.delete(resolve)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#wake?.()
    await this.#living
    await this.#thread?.close()
  }

  // --- Its life -----------------------------------------------------------------------------------

  async #live(): Promise<void> {
    let failures = 0
    while (!this.#closing.signal.aborted) {
      try {
        await this.#open()
        await this.#compareAll()
        failures = 0
        while (!this.#overflowed) await this.#round()
      } catch (error) {
        if (this.#closing.signal.aborted) return
        this.#log.error('the search index cannot be kept up', { error })
        failures += 1
        const isSoon = failures === 1 || isOfStore(error)
        await this.#pause(isSoon ? FIRST_RETRY_MS : RETRY_MS)
      }
    }
  }

  async #open(): Promise<void> {
    this.#overflowed = false
    this.#busy = true
    if (this.#thread !== undefined && !this.#thread.ended) return
    this.#complete = false
    this.#thread = await this.#openThread()
    const { made } = this.#thread
    if (made !== undefined) this.#log.info('the search index is being made', { because: made })
  }

  /** All conversations, in small steps: what came while nobody told it. */
  async #compareAll(): Promise<void> {
    const begun = performance.now()
    let texts = 0
    for (let after = 0; ; ) {
      const extents = await this.#source.extents(after, CONVERSATIONS)
      const { behind, stale } = await this.#opened().call('compare', extents)
      for (const each of stale) await this.#drop(each)
      texts += await this.#catchUp(behind)
      const last = extents.at(-1)
      if (last === undefined || extents.length < CONVERSATIONS) break
      after = last.conversation
    }
    const made = !this.#complete && this.#thread?.made !== undefined
    this.#complete = true
    const ms = Math.round(performance.now() - begun)
    if (made || texts > 0) this.#log.info('the search index is complete', { texts, ms })
  }

  /** Catches up with all that was told until now; then who waits for it is told. */
  async #round(): Promise<void> {
    if (this.#behind.size === 0 && this.#waiting.size === 0) await this.#woken()
    this.#busy = true
    const behind = this.#behind
    this.#behind = new Set()
    const waiting = [...this.#waiting]
    await this.#catchUp([...behind].flatMap((each) => conversationNumber(each) ?? []))
    this.#busy = false
    for (const resolve of waiting) resolve()
    await this.#opened().call('tidy')
    await this.#rest(ROUND_MS)
  }

  /** Answers how many texts that took in. */
  async #catchUp(conversations: readonly number[]): Promise<number> {
    let texts = 0
    for (let at = 0; at < conversations.length; at += CONVERSATIONS) {
      const some = conversations.slice(at, at + CONVERSATIONS)
      const reached = await this.#opened().call('reached', some)
      let queue: readonly Behind[] = some.map((conversation, place) => {
        return { conversation, reached: reached[place] ?? 0, until: undefined }
      })
      while (queue.length > 0) {
        const begun = performance.now()
        const changes = await this.#step(queue)
        texts += changes.reduce((sum, each) => sum + each.texts.length, 0)
        queue = leftOf(queue, changes)
        // Half of the time store, disk and processor are left to others.
        await this.#rest(performance.now() - begun)
      }
    }
    return texts
  }

  async #step(queue: readonly Behind[]): Promise<readonly Changes[]> {
    const places = queue.map((each): TextPlace => [each.conversation, each.reached])
    const changes = await this.#source.changes(places, ENTRIES)
    for (const stale of await this.#opened().call('put', changes)) await this.#drop(stale)
    return changes
  }

  async #drop(stale: Stale): Promise<void> {
    while (await this.#opened().call('drop', stale)) await this.#pause(1)
    await this.#opened().call('tidy')
  }

  /** @throws when it closes: whatever goes on is over then */
  #opened(): IndexThread {
    this.#closing.signal.throwIfAborted()
    if (this.#thread === undefined) throw new Error('the search index is not open')
    return this.#thread
  }

  #noted(): void {
    if (this.#behind.size > BEHIND_MAX) {
      this.#behind = new Set()
      this.#overflowed = true
    }
    this.#wake?.()
  }

  async #woken(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#wake = resolve
    if (!this.#closing.signal.aborted) await promise
    this.#wake = undefined
  }

  /** Not while somebody waits to search. */
  async #rest(ms: number): Promise<void> {
    if (this.#waiting.size > 0) return
    this.#leisure = new AbortController()
    await this.#pause(ms, this.#leisure.signal)
  }

  /** Ends early when it closes. */
  async #pause(ms: number, signal?: AbortSignal): Promise<void> {
    const also = signal === undefined ? [] : [signal]
    const either = AbortSignal.any([this.#closing.signal, ...also])
    await delay(ms, undefined, { signal: either, ref: false }).catch(() => undefined)
  }
}

/** Those that were not asked about yet, and those that were not read to where they stood then. */
function leftOf(queue: readonly Behind[], changes: readonly Changes[]): readonly Behind[] {
  const seen = new Map(changes.map((each) => [each.conversation, each]))
  return queue.flatMap((each) => {
    const { conversation, until } = each
    const change = seen.get(conversation)
    if (change === undefined) return changes.length === 0 ? [] : [each]
    const end = until ?? change.last
    if (change.reached >= end) return []
    return [{ conversation, reached: change.reached, until: end }]
  })
}
