import { CACHED_ENTRIES_MAX, type Cache, type CacheChange } from '../../net/cache.ts'
import { messageOf } from '../../protocol/errors.ts'
import type { Contact, Entry, Head, User } from '../../protocol/messages.ts'
import type { StateEvent } from '../state/events.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import type { Store, StoreClock } from '../state/store.ts'

/** How long changes are gathered before they are written, milliseconds. */
const WRITE_MS = 1_000

export type KeeperOptions = Readonly<{
  store: Store<ClientState, StateEvent>
  clock: StoreClock
  /** It cannot be kept any more; told once for each account. */
  onFault: (reason: string) => void
}>

/**
 * Keeps what is on the screen in the cache of the account, some time after it has changed, and gets
 * the entries of a conversation from there when it is opened.
 */
export class Keeper {
  readonly #options: KeeperOptions
  #cache: Cache | undefined
  #me: User | undefined
  /** Entries that the cache has, and lists of which it has all that it keeps. */
  #written = new WeakSet<Entry | readonly Entry[]>()
  /** As the cache has them, by conversation and user. */
  #heads = new Map<string, Head>()
  #contacts = new Map<string, Contact>()
  /** Conversations of which the cache has entries that were not read yet: seq of the last one. */
  #unread = new Map<string, number>()
  #reading = new Set<string>()
  #lookedAt: Pick<ClientState, 'conversations' | 'contacts'> | undefined
  #cancel: (() => void) | undefined
  /** One after the other: what is being written must not be taken for fresh once more. */
  #writing: Promise<void> = Promise.resolve()

  constructor(options: KeeperOptions) {
    this.#options = options
  }

  /** From now on this account is kept. */
  begin(cache: Cache, me: User): void {
    this.#cache = cache
    this.#me = me
    this.#written = new WeakSet()
    this.#heads = new Map(cache.conversations.map(({ head }) => [head.conversation, head]))
    this.#contacts = new Map(cache.contacts.map((contact) => [contact.user?.id ?? '', contact]))
    const kept = cache.conversations.filter((it) => it.kept > 0)
    this.#unread = new Map(kept.map((it) => [it.head.conversation, it.kept]))
    this.#reading.clear()
    this.#lookedAt = undefined
  }

  /** Writes the rest, and lets the account go. */
  async end(): Promise<void> {
    const cache = this.#cache
    const [writing, change] = [this.#writing, this.#changeNow()]
    // At once: another account may follow before everything is written.
    this.#stop()
    await writing
    if (change !== undefined) await cache?.write(change).catch(() => undefined)
    await cache?.close()
  }

  /** Nothing of the account stays. */
  async forget(): Promise<void> {
    const cache = this.#cache
    this.#stop()
    await cache?.remove()
  }

  /** The cache is being asked for what is at the end of this conversation. */
  isReading(target: string): boolean {
    return this.#reading.has(target)
  }

  /** After each change of the state. */
  look({ conversations, contacts }: ClientState): void {
    if (this.#cache === undefined) return
    const before = this.#lookedAt
    if (before?.conversations === conversations && before.contacts === contacts) return
    this.#lookedAt = { conversations, contacts }
    this.#cancel ??= this.#options.clock.after(WRITE_MS, () => {
      this.#cancel = undefined
      this.#writing = this.#writing.then(() => this.#flush()).catch(() => undefined)
    })
  }

  /** Gets what the cache has of a conversation, once. Resolves when it is in the state. */
  async recall(target: string): Promise<void> {
    const { store } = this.#options
    const cache = this.#cache
    const head = store.getSnapshot().conversations.get(target)?.head
    const id = head?.conversation ?? ''
    const kept = this.#unread.get(id)
    // More than the server has: its log is another one now.
    if (cache === undefined || head === undefined || kept === undefined || kept > head.last) return
    this.#unread.delete(id)
    this.#reading.add(target)
    const entries = await cache.read(id)
    if (cache !== this.#cache) return
    this.#reading.delete(target)
    for (const entry of entries) this.#written.add(entry)
    store.receive({ type: 'recalled', target, entries })
  }

  #stop(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#cache = undefined
    this.#reading.clear()
  }

  async #flush(): Promise<void> {
    const cache = this.#cache
    const change = this.#changeNow()
    if (cache === undefined || change === undefined) return
    await this.#write(cache, change)
  }

  async #write(cache: Cache, change: CacheChange): Promise<void> {
    try {
      const isWritten = await cache.write(change)
      if (isWritten && cache === this.#cache) this.#wrote(change)
    } catch (error) {
      this.#options.onFault(messageOf(error))
    }
  }

  #wrote({ heads, entries, gone, contacts, contactsGone }: CacheChange): void {
    for (const id of gone) this.#heads.delete(id)
    for (const head of heads) this.#heads.set(head.conversation, head)
    for (const contact of contacts) this.#contacts.set(contact.user?.id ?? '', contact)
    for (const id of contactsGone) this.#contacts.delete(id)
    for (const list of entries.values()) for (const entry of list) this.#written.add(entry)
  }

  /** undefined: nothing has changed. */
  #changeNow(): CacheChange | undefined {
    const state = this.#options.store.getSnapshot()
    if (this.#cache === undefined || state.me?.id !== this.#me?.id) return undefined
    return this.#changeOf(state)
  }

  #changeOf({ conversations, targets, contacts }: ClientState): CacheChange | undefined {
    const heads: Head[] = []
    const entries = new Map<string, readonly Entry[]>()
    for (const conversation of conversations.values()) {
      const { head } = conversation
      if (head === undefined) continue
      if (this.#heads.get(head.conversation) !== head) heads.push(head)
      const fresh = this.#freshOf(conversation)
      if (fresh.length > 0) entries.set(head.conversation, fresh)
    }
    const gone = [...this.#heads.keys()].filter((id) => !targets.has(id))
    const changed = [...contacts.values()].filter(
      (contact) => this.#contacts.get(contact.user?.id ?? '') !== contact,
    )
    const contactsGone = [...this.#contacts.keys()].filter((id) => !contacts.has(id))
    const counts = [heads.length, entries.size, gone.length, changed.length, contactsGone.length]
    if (counts.every((count) => count === 0)) return undefined
    return { heads, entries, gone, contacts: changed, contactsGone }
  }

  /** Of the end of the log, as far as it has no hole, what the cache does not have. */
  #freshOf({ entries }: Conversation): readonly Entry[] {
    if (this.#written.has(entries)) return []
    const fresh: Entry[] = []
    const end = entries.at(-1)?.seq ?? 0
    const from = Math.max(0, entries.length - CACHED_ENTRIES_MAX)
    for (let at = entries.length - 1; at >= from; at -= 1) {
      const entry = entries[at]
      if (entry === undefined || entry.seq !== end - (entries.length - 1 - at)) break
      if (!this.#written.has(entry)) fresh.push(entry)
    }
    if (fresh.length === 0) this.#written.add(entries)
    return fresh.reverse()
  }
}
