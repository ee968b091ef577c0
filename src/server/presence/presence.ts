import { encode } from '../../protocol/codec.ts'
import { LIST_ITEMS_MAX } from '../../protocol/limits.ts'
import type { Contact, Presence as PresenceRecord, Status } from '../../protocol/messages.ts'
import type { Hint } from '../bus/bus.ts'
import type { Hub } from '../hub.ts'
import type { Log } from '../log.ts'
import type { Store, StoredContact } from '../store/store.ts'
import type { Subscriber } from '../subscriber.ts'
import { Elsewhere } from './elsewhere.ts'
import { Roll } from './roll.ts'
import { Statuses } from './statuses.ts'

/** Whom a connection is told about, and what it was not told yet. */
type Watcher = {
  readonly subscriber: Subscriber
  /** Contacts and direct partners. */
  circle: ReadonlySet<string>
  /** Who was among them and is not any more. */
  readonly former: Set<string>
  /** First members of the conversation that is open. */
  open: ReadonlySet<string>
  /** Which that is; empty: none. */
  conversation: string
  /** Who blocks this user, and so is never told of (rule 10); undefined: not known yet. */
  hidden: ReadonlySet<string> | undefined
  /** Counts what was heard of blocks: what the store said before is read again. */
  heard: number
  readonly changes: Map<string, boolean>
}

export type PresenceOptions = Readonly<{
  node: string
  hub: Pick<Hub, 'subscribersOf'>
  store: Pick<Store, 'circle' | 'blockers' | 'statuses'>
  publish: (hint: Hint) => void
  /** Other nodes work on the same store. */
  shared?: boolean
  monotonic?: () => number
  /** Another node is heard no more. */
  onNodeGone?: () => void
  log: Log
}>

/**
 * Who is connected, to whichever node, and who is told so (rule 10). Changes are gathered and told
 * by `sweep`, which is called once a second. Nothing here is durable, and hints may be lost.
 */
export class Presence {
  #options: PresenceOptions
  #watchers = new Map<Subscriber, Watcher>()
  #watchersOf = new Map<string, Set<Watcher>>()
  /** Connections of this node by user. */
  #connections = new Map<string, number>()
  #here = new Roll()
  #elsewhere: Elsewhere
  #due = new Set<Watcher>()
  /** Of those the store could not say whom they know: it is asked again by `sweep`. */
  #unlearned = new Set<Watcher>()
  #learning = false
  #statuses: Statuses

  constructor(options: PresenceOptions) {
    this.#options = options
    const { node, shared = false, monotonic = uptime, publish, onNodeGone = nothing } = options
    const changed = (users: readonly string[], compared: boolean) => {
      this.#elsewhereChanged(users, compared)
    }
    const told = { changed, gone: onNodeGone }
    this.#elsewhere = new Elsewhere({ node, shared, monotonic, publish, here: this.#here, ...told })
    this.#statuses = new Statuses({
      store: options.store,
      isOnline: (user) => this.isOnline(user),
      changed: (user) => this.#noteAll(user, true),
    })
  }

  /** Users with a connection to this node. */
  get usersHere(): number {
    return this.#here.size
  }

  /** Users with a connection to this node, or to one that is heard of. */
  get usersEverywhere(): number {
    return new Set([...this.#here, ...this.#elsewhere.users()]).size
  }

  /** This one, and those that are heard of. */
  get nodes(): number {
    return 1 + this.#elsewhere.nodes
  }

  /** Who is connected to this node. */
  get here(): Iterable<string> {
    return this.#here
  }

  /** Other nodes that the user is connected to. */
  nodesOf(user: string): readonly string[] {
    return this.#elsewhere.nodesOf(user)
  }

  isOnline(user: string): boolean {
    return this.#here.has(user) || this.#elsewhere.has(user)
  }

  /**
   * From its resolution on `isOnlineFor` and `hides` say what the store says of blocks now: hints of
   * other nodes may have been lost. @throws ChatError when the store cannot say
   */
  async known(subscriber: Subscriber): Promise<void> {
    const watcher = this.#watchers.get(subscriber)
    if (watcher === undefined) return
    const { heard } = watcher
    const hidden = await this.#options.store.blockers(subscriber.user.id)
    if (watcher.heard !== heard) return this.known(subscriber)
    this.#hide(watcher, new Set(hidden))
  }

  /** Whether that connection may know that the user is online, and they are. */
  isOnlineFor(subscriber: Subscriber, user: string): boolean {
    return this.isOnline(user) && !this.hides(subscriber, user)
  }

  /** What the user says of themselves, as that connection may know it. */
  statusFor(subscriber: Subscriber, user: string): Status {
    return this.isOnlineFor(subscriber, user) ? this.#statuses.of(user) : 'available'
  }

  /** How that connection sees who is on its user's lists; of who is on neither nothing more is told. */
  contactFor(subscriber: Subscriber, contact: StoredContact): Contact {
    const { user, removed } = contact
    const online = !removed && this.isOnlineFor(subscriber, user.id)
    const status = online ? this.statusFor(subscriber, user.id) : 'available'
    return { ...contact, online, status }
  }

  /**
   * From its resolution on `statusFor` says of these users what the store says: hints of other nodes
   * may have been lost. @throws ChatError when the store cannot say
   */
  learnStatuses(users: Iterable<string>): Promise<void> {
    return this.#statuses.learn(users)
  }

  /** Who blocks the user of that connection; undefined: not known yet. */
  hiddenFrom(subscriber: Subscriber): ReadonlySet<string> | undefined {
    return this.#watchers.get(subscriber)?.hidden
  }

  /** Whether the user blocks who that connection belongs to; they may, until that is known. */
  hides(subscriber: Subscriber, user: string): boolean {
    return this.#watchers.get(subscriber)?.hidden?.has(user) ?? true
  }

  /**
   * After the hub has taken the connection. Who of its circle is online is told as soon as the
   * store has said who they are: by then the log-in is answered.
   */
  async attach(subscriber: Subscriber): Promise<void> {
    const user = subscriber.user.id
    const watcher: Watcher = {
      subscriber,
      circle: NOBODY,
      former: new Set(),
      open: NOBODY,
      conversation: '',
      hidden: undefined,
      heard: 0,
      changes: new Map(),
    }
    this.#watchers.set(subscriber, watcher)
    this.#count(user, 1)
    await this.#learn(watcher)
  }

  /**
   * Hints may have been lost: of what depends on the contacts and blocks of the user their connections
   * are told how it is. Answers who was among their contacts and direct partners and is not any more.
   * @throws ChatError when the store cannot say
   */
  async learnAgain(user: string): Promise<ReadonlySet<string>> {
    const former = new Set<string>()
    for (const subscriber of [...this.#options.hub.subscribersOf(user)]) {
      const watcher = this.#watchers.get(subscriber)
      if (watcher === undefined) continue
      await this.#learn(watcher)
      for (const one of watcher.former) former.add(one)
    }
    return former
  }

  /** After the hub has let the connection go. */
  detach(subscriber: Subscriber): void {
    const watcher = this.#watchers.get(subscriber)
    if (watcher === undefined) return
    this.#watchers.delete(subscriber)
    this.#due.delete(watcher)
    this.#unlearned.delete(watcher)
    this.#change(watcher, NOBODY, NOBODY)
    this.#count(subscriber.user.id, -1)
  }

  /** These are the members of the conversation that this connection shows; empty: it shows none. */
  watch(subscriber: Subscriber, conversation: string, users: readonly string[]): void {
    const watcher = this.#watchers.get(subscriber)
    if (watcher === undefined) return
    watcher.conversation = conversation
    this.#change(watcher, watcher.circle, new Set(users))
  }

  /** Who is no member any more is not told of the members, though they show the conversation. */
  left(subscriber: Subscriber, conversation: string): void {
    const watcher = this.#watchers.get(subscriber)
    if (watcher?.conversation === conversation) this.watch(subscriber, '', [])
  }

  /** Two users began to talk. */
  acquaint(one: string, other: string): void {
    for (const [user, partner] of [
      [one, other],
      [other, one],
    ] as const) {
      for (const subscriber of this.#options.hub.subscribersOf(user)) {
        const watcher = this.#watchers.get(subscriber)
        if (watcher === undefined || watcher.circle.has(partner)) continue
        this.#change(watcher, new Set(watcher.circle).add(partner), watcher.open)
        if (this.isOnline(partner)) this.#note(watcher, partner, true)
      }
    }
  }

  onHint(hint: Hint): void {
    this.#elsewhere.onHint(hint)
    if (hint.kind === 'status') this.#statuses.heard(hint.user, hint.status)
    if (hint.kind === 'settings') this.#statuses.heard(hint.user, hint.settings.status)
    if (hint.kind === 'contacts') this.#reload(hint.user)
    if (hint.kind === 'block') this.#blockChanged(hint.user, hint.other, hint.blocked)
  }

  /** Once a second. */
  sweep(): void {
    this.#elsewhere.sweep()
    for (const watcher of this.#due) this.#tell(watcher)
    if (this.#unlearned.size > 0 && !this.#learning) void this.#learnTheRest()
  }

  /** As far as the store answers. */
  async #learnTheRest(): Promise<void> {
    this.#learning = true
    try {
      for (const watcher of this.#unlearned) await this.#learn(watcher)
    } catch (error) {
      this.#options.log.warn('contacts could not be read', { error })
    } finally {
      this.#learning = false
    }
  }

  #notLearned(watcher: Watcher): void {
    if (this.#watchers.has(watcher.subscriber)) this.#unlearned.add(watcher)
  }

  /** Whom the connection is told about; who of them is online is told at once. */
  async #learn(watcher: Watcher): Promise<void> {
    const { subscriber } = watcher
    const user = subscriber.user.id
    try {
      await this.#loadCircle(watcher)
      await this.#statuses.learn([user, ...watcher.circle])
    } catch (error) {
      this.#notLearned(watcher)
      throw error
    }
    this.#unlearned.delete(watcher)
    if (!this.#watchers.has(subscriber)) return
    const status = this.#statuses.of(user)
    if (status !== 'available') this.#options.publish({ kind: 'status', user, status })
    for (const one of watcher.circle) {
      if (this.isOnlineFor(subscriber, one)) watcher.changes.set(one, true)
    }
    this.#tell(watcher)
  }

  /** They are told of by what they are now. */
  #elsewhereChanged(users: readonly string[], compared: boolean): void {
    const watched = users.filter((user) => !this.#here.has(user))
    const came: string[] = []
    for (const user of watched) {
      const online = this.isOnline(user)
      this.#noteAll(user, online)
      if (online && this.#watchersOf.has(user)) came.push(user)
    }
    // One who has just come says it by a hint.
    if (compared) this.#learnStatuses(came)
  }

  #learnStatuses(users: readonly string[]): void {
    this.#statuses.learn(users).catch((error: unknown) => {
      this.#options.log.warn('what users say of themselves could not be read', { error })
    })
  }

  /** A connection of this node came (1) or went (−1). */
  #count(user: string, change: 1 | -1): void {
    const before = this.isOnline(user)
    const connections = (this.#connections.get(user) ?? 0) + change
    if (connections === 0) this.#connections.delete(user)
    else this.#connections.set(user, connections)
    if (connections === 0) this.#here.delete(user)
    else this.#here.add(user)
    if (this.isOnline(user) !== before) this.#noteAll(user, !before)
    if (connections !== (change === 1 ? 1 : 0)) return
    const online = connections > 0
    this.#options.publish({ kind: 'presence', node: this.#options.node, user, online })
  }

  #noteAll(user: string, online: boolean): void {
    if (!online) this.#statuses.forget(user)
    for (const watcher of this.#watchersOf.get(user) ?? []) this.#note(watcher, user, online)
  }

  #blockChanged(user: string, other: string, blocked: boolean): void {
    for (const subscriber of this.#options.hub.subscribersOf(other)) {
      const watcher = this.#watchers.get(subscriber)
      if (watcher === undefined) continue
      watcher.heard += 1
      if (watcher.hidden === undefined) continue
      const hidden = new Set(watcher.hidden)
      if (blocked) hidden.add(user)
      else hidden.delete(user)
      this.#hide(watcher, hidden)
    }
  }

  /** Who is blocked sees the other go, and come back when they are not blocked any more. */
  #hide(watcher: Watcher, hidden: ReadonlySet<string>): void {
    const before = watcher.hidden ?? NOBODY
    for (const user of hidden) {
      if (!before.has(user) && this.#seesOnline(watcher, user)) this.#note(watcher, user, false)
    }
    watcher.hidden = hidden
    for (const user of before) {
      if (!hidden.has(user) && this.#seesOnline(watcher, user)) this.#note(watcher, user, true)
    }
  }

  /** Whether the connection is told of the user, who is online. */
  #seesOnline({ circle, open }: Watcher, user: string): boolean {
    return (circle.has(user) || open.has(user)) && this.isOnline(user)
  }

  #note(watcher: Watcher, user: string, online: boolean): void {
    if (watcher.hidden?.has(user) ?? true) return
    watcher.changes.set(user, online)
    this.#due.add(watcher)
  }

  /** A slow reader is told later, and then only how things are. */
  #tell(watcher: Watcher): void {
    if (watcher.subscriber.slow) {
      this.#due.add(watcher)
      return
    }
    this.#due.delete(watcher)
    const users: PresenceRecord[] = []
    for (const [user, online] of watcher.changes) {
      users.push({ user, online, status: online ? this.#statuses.of(user) : 'available' })
    }
    watcher.changes.clear()
    for (let at = 0; at < users.length; at += LIST_ITEMS_MAX) {
      const part = users.slice(at, at + LIST_ITEMS_MAX)
      watcher.subscriber.line.send(encode({ type: 'presences', users: part }))
    }
  }

  #reload(user: string): void {
    for (const subscriber of this.#options.hub.subscribersOf(user)) {
      const watcher = this.#watchers.get(subscriber)
      if (watcher === undefined) continue
      this.#loadCircle(watcher).catch((error: unknown) => {
        this.#notLearned(watcher)
        this.#options.log.warn('contacts could not be read', { connection: subscriber.id, error })
      })
    }
  }

  async #loadCircle(watcher: Watcher): Promise<void> {
    const { store } = this.#options
    const { id } = watcher.subscriber.user
    const { heard } = watcher
    const [circle, hidden] = await Promise.all([store.circle(id), store.blockers(id)])
    if (!this.#watchers.has(watcher.subscriber)) return
    if (watcher.heard !== heard) return this.#loadCircle(watcher)
    this.#hide(watcher, new Set(hidden))
    this.#change(watcher, new Set(circle.filter((user) => user !== id)), watcher.open)
  }

  #change(watcher: Watcher, circle: ReadonlySet<string>, open: ReadonlySet<string>): void {
    const before = [...watcher.circle, ...watcher.open]
    for (const user of watcher.circle) if (!circle.has(user)) watcher.former.add(user)
    for (const user of circle) watcher.former.delete(user)
    watcher.circle = circle
    watcher.open = open
    for (const user of before) {
      if (circle.has(user) || open.has(user)) continue
      watcher.changes.delete(user)
      const watchers = this.#watchersOf.get(user)
      watchers?.delete(watcher)
      if (watchers?.size === 0) this.#watchersOf.delete(user)
    }
    for (const user of [...circle, ...open]) {
      const watchers = this.#watchersOf.get(user)
      if (watchers === undefined) this.#watchersOf.set(user, new Set([watcher]))
      else watchers.add(watcher)
    }
  }
}

const NOBODY: ReadonlySet<string> = new Set()

function nothing(): void {}

function uptime(): number {
  return performance.now()
}
