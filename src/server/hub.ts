import { encode } from '../protocol/codec.ts'
import type { Entry } from '../protocol/messages.ts'
import { withheld } from '../protocol/present.ts'
import type { Hint } from './bus/bus.ts'
import { CatchUp } from './catch-up.ts'
import { Healing } from './healing.ts'
import type { Log } from './log.ts'
import { type Notice, noticeOf } from './notices.ts'
import type { Appended, GroupPlace, Store } from './store/store.ts'
import { type Change, frameOf, type LiveLog, notify, push, type Subscriber } from './subscriber.ts'

export type HubOptions = Readonly<{
  store: Pick<Store, 'read' | 'latecomers' | 'groupsOf' | 'lasts' | 'directsSince'>
  log: Log
  /** A direct conversation has become live here. */
  onDirect?: (one: string, other: string) => void
  /** The connection's user is no member of that group any more. */
  onLeft?: (subscriber: Subscriber, group: string) => void
}>

/**
 * Who is online on this node, and fan-out to them. The only owner of subscriptions: everything
 * that changes them is an entry of a log or a connection that comes or goes.
 */
export class Hub {
  /** Entries handed to connections since the start, for metrics. */
  deliveries = 0
  #store: HubOptions['store']
  #onDirect: (one: string, other: string) => void
  #onLeft: (subscriber: Subscriber, group: string) => void
  #users = new Map<string, Set<Subscriber>>()
  #logs = new Map<string, LiveLog>()
  /** Live direct conversations by each of their sides. */
  #directs = new Map<string, Set<LiveLog>>()
  #catchUp: CatchUp
  /** Users whose groups are compared with the store's, with those that they left meanwhile. */
  #reconciling = new Map<string, Set<string>>()
  #healing: Healing

  constructor(options: HubOptions) {
    this.#store = options.store
    this.#onDirect = options.onDirect ?? nothing
    this.#onLeft = options.onLeft ?? nothing
    const liveLog = (conversation: string) => this.#logs.get(conversation)
    this.#catchUp = new CatchUp({ ...options, liveLog })
    this.#healing = new Healing({
      ...options,
      usersIn: (conversation) => this.usersIn(conversation),
      deliver: (log, entry, hiddenFrom) => this.#deliver(log, entry, hiddenFrom),
      healed: (log) => this.#release(log),
    })
  }

  /** Connections of a user on this node. */
  subscribersOf(user: string): ReadonlySet<Subscriber> {
    return this.#users.get(user) ?? NOBODY
  }

  /** Users of this node that follow the conversation now. */
  usersIn(conversation: string): Set<string> {
    const users = new Set<string>()
    for (const subscriber of this.#logs.get(conversation)?.subscribers ?? NOBODY) {
      users.add(subscriber.user.id)
    }
    return users
  }

  /** Whether the connection is pushed what is appended there. */
  follows(subscriber: Subscriber, conversation: string): boolean {
    return this.#logs.get(conversation)?.subscribers.has(subscriber) ?? false
  }

  /**
   * From its resolution on everything appended to the user's conversations is pushed; nothing is
   * before, so that the caller can answer the log-in first. `check` is made when hints find the
   * connection already; when it rejects, so does this.
   */
  async attach(subscriber: Subscriber, check: () => Promise<void> = passed): Promise<void> {
    subscriber.loading = new Map()
    addTo(this.#users, subscriber.user.id, subscriber)
    const groups = this.#store.groupsOf(subscriber.user.id)
    const [places] = await Promise.all([groups, check()])
    await this.#reach(places)
    const changes = subscriber.loading
    subscriber.loading = undefined
    if (subscriber.closed) return
    for (const [group, last] of placesNow(places, changes)) this.#follow(subscriber, group, last)
    for (const log of this.#directs.get(subscriber.user.id) ?? []) this.#subscribe(subscriber, log)
  }

  /** Nothing is pushed any more. Idempotent. */
  detach(subscriber: Subscriber): void {
    subscriber.closed = true
    subscriber.behind.clear()
    subscriber.late.clear()
    removeFrom(this.#users, subscriber.user.id, subscriber)
    for (const log of subscriber.logs) this.#unsubscribe(subscriber, log)
  }

  /**
   * The store is asked which groups the user is in: hints of other nodes that said so may have been
   * lost. @throws ChatError when the store cannot say
   */
  async reconcile(user: string): Promise<void> {
    const left = new Set<string>()
    this.#reconciling.set(user, left)
    try {
      const places = await this.#store.groupsOf(user)
      await this.#reach(places)
      for (const { group, last } of places) if (!left.has(group)) this.#readmit(user, group, last)
    } finally {
      this.#reconciling.delete(user)
    }
  }

  /** Conversations that somebody here follows. */
  get followed(): readonly string[] {
    return [...this.#logs.keys()]
  }

  /**
   * The store is asked how far these logs have got: hints of other nodes that said so may have been
   * lost. @throws ChatError when the store cannot say
   */
  async compare(conversations: readonly string[]): Promise<void> {
    const lasts = await this.#store.lasts(conversations)
    await this.#reach(conversations.map((group, at) => ({ group, last: lasts[at] ?? 0 })))
  }

  /**
   * The store is asked for direct conversations of these users with an entry since that time: hints
   * of other nodes that would have made them live may have been lost.
   * @throws ChatError when the store cannot say
   */
  async reconcileDirects(users: readonly string[], since: number): Promise<void> {
    const healing: Promise<void>[] = []
    for (const { conversation, between, last } of await this.#store.directsSince(users, since)) {
      const log = this.#logs.get(conversation) ?? this.#awakenedDirect(conversation, between)
      if (log === undefined) continue
      // What is before it they fetch, as after every gap.
      log.last ??= last - 1
      if (log.last < last) healing.push(this.#healing.to(log, last))
    }
    await Promise.all(healing)
  }

  /** Entries and notices that concern connections of this node. */
  onHint(hint: Hint): void {
    if (hint.kind === 'appended') {
      for (const appended of hint.appended) this.#appended(appended)
      return
    }
    if (hint.kind === 'revoked') this.#revoke(hint.user, hint.tokenHash)
    const notice = noticeOf(hint)
    if (notice !== undefined) this.#notify(notice)
  }

  /** The connection's outbox is empty: what it was not sent follows. */
  drained(subscriber: Subscriber): void {
    for (const frame of subscriber.late.values()) subscriber.line.send(frame)
    subscriber.late.clear()
    this.#catchUp.start(subscriber)
  }

  /** Once a second: what the store could not serve is tried again. */
  sweep(): void {
    this.#healing.sweep()
    this.#catchUp.sweep()
  }

  /**
   * The store is ahead of the hints, as it can be of other nodes': what was committed before a
   * newcomer's groups were read is pushed to those who were there, not to the newcomer.
   */
  async #reach(places: readonly GroupPlace[]): Promise<void> {
    const healing: Promise<void>[] = []
    for (const { group, last } of places) {
      const log = this.#logs.get(group)
      if (log?.last !== undefined && log.last < last) healing.push(this.#healing.to(log, last))
    }
    if (healing.length > 0) await Promise.all(healing)
  }

  // --- One entry ----------------------------------------------------------------------------------

  #appended(appended: Appended): void {
    const { conversation, entry, between, hiddenFrom } = appended
    const log = this.#logs.get(conversation) ?? this.#awakened(conversation, between, entry)
    if (log === undefined || (log.last !== undefined && entry.seq <= log.last)) return
    const missed = log.last !== undefined && entry.seq > log.last + 1
    if (missed || log.healingTo > 0) void this.#healing.to(log, entry.seq)
    else this.#deliver(log, entry, hiddenFrom)
  }

  /** A conversation becomes live with an entry that concerns someone here. */
  #awakened(
    conversation: string,
    between: readonly [string, string] | undefined,
    entry: Entry,
  ): LiveLog | undefined {
    if (between === undefined) {
      const user = whoEnters(entry)
      if (user === undefined || !this.#users.has(user)) return undefined
      return this.#liveLog(conversation, undefined)
    }
    return this.#awakenedDirect(conversation, between)
  }

  #awakenedDirect(conversation: string, between: readonly [string, string]): LiveLog | undefined {
    const [one, other] = between
    if (!this.#users.has(one) && !this.#users.has(other)) return undefined
    const log = this.#liveLog(conversation, between)
    for (const user of between) {
      for (const subscriber of this.subscribersOf(user)) {
        if (subscriber.loading === undefined) this.#subscribe(subscriber, log)
      }
    }
    this.#onDirect(one, other)
    return log
  }

  /** Encodes once and hands the same bytes to everyone, but for an edit that is not for all. */
  #deliver(log: LiveLog, entry: Entry, hiddenFrom?: readonly string[]): void {
    const entering = whoEnters(entry)
    if (entering !== undefined) {
      for (const one of this.subscribersOf(entering)) this.#enter(one, log, entry.seq)
    }
    log.last = entry.seq
    if (log.subscribers.size > 0) {
      this.deliveries += log.subscribers.size
      const frame = frameOf(log, entry)
      if (hiddenFrom === undefined) {
        for (const subscriber of log.subscribers) push(subscriber, log, entry.seq, frame)
      } else this.#deliverApart(log, entry, frame, new Set(hiddenFrom))
    }
    if (entry.kind !== 'text') this.#depart(log, entry)
    this.#release(log)
  }

  /** Rule 5: who came later than the text gets its edit without what it says now. */
  #deliverApart(log: LiveLog, entry: Entry, frame: Buffer, hiddenFrom: ReadonlySet<string>): void {
    const blank = frameOf(log, withheld(entry))
    for (const subscriber of log.subscribers) {
      const hidden = hiddenFrom.has(subscriber.user.id)
      push(subscriber, log, entry.seq, hidden ? blank : frame)
    }
  }

  #depart(log: LiveLog, entry: Entry): void {
    if (entry.kind === 'ended') {
      this.#end(log, entry.seq)
      return
    }
    const leaving = whoLeaves(entry)
    if (leaving === undefined) return
    for (const one of this.subscribersOf(leaving)) this.#leave(one, log, entry.seq)
  }

  /** Nobody follows it any more, nor will who is just reading their groups. */
  #end(log: LiveLog, seq: number): void {
    for (const subscribers of this.#users.values()) {
      for (const one of subscribers) {
        if (log.subscribers.has(one) || one.loading !== undefined) this.#leave(one, log, seq)
      }
    }
  }

  #enter(subscriber: Subscriber, log: LiveLog, seq: number): void {
    // A hint that comes late tells of what is over.
    if (seq <= (subscriber.left.get(log.conversation) ?? 0)) return
    if (subscriber.loading !== undefined) {
      subscriber.loading.set(log.conversation, { entered: true, seq })
      return
    }
    if (log.subscribers.has(subscriber)) return
    this.#subscribe(subscriber, log)
    const stretches = subscriber.behind.get(log.conversation)
    if (stretches !== undefined) stretches.push({ next: seq, until: Number.POSITIVE_INFINITY })
  }

  /** Rule 5: the last entry pushed to someone who leaves is that entry, however late it comes. */
  #leave(subscriber: Subscriber, log: LiveLog, seq: number): void {
    subscriber.left.set(log.conversation, seq)
    subscriber.loading?.set(log.conversation, { entered: false, seq })
    this.#reconciling.get(subscriber.user.id)?.add(log.conversation)
    const stretch = subscriber.behind.get(log.conversation)?.at(-1)
    if (stretch !== undefined) stretch.until = Math.min(stretch.until, seq)
    log.subscribers.delete(subscriber)
    subscriber.logs.delete(log)
    this.#onLeft(subscriber, log.conversation)
  }

  #revoke(user: string, tokenHash: Uint8Array): void {
    for (const { session } of [...this.subscribersOf(user)]) {
      if (session.tokenHash.equals(tokenHash)) session.revoke()
    }
  }

  #notify({ users, topic, except, message }: Notice): void {
    let frame: Buffer | undefined
    for (const user of users) {
      for (const subscriber of this.subscribersOf(user)) {
        if (subscriber.id === except) continue
        frame ??= encode(message)
        notify(subscriber, topic, frame)
      }
    }
  }

  // --- Subscriptions ------------------------------------------------------------------------------

  /**
   * The store says that the user is a member, which may be news here: then the entry by which they
   * entered is not pushed any more, and their other connections are shown entry `last` instead.
   */
  #follow(subscriber: Subscriber, group: string, last: number): void {
    const log = this.#liveLog(group, undefined)
    log.last ??= last
    this.#enter(subscriber, log, log.last + 1)
    this.#readmit(subscriber.user.id, group, last)
  }

  /**
   * The user is a member, as of entry `last`, and may not be known as one here. That entry is
   * pushed, so that they learn of it.
   */
  #readmit(user: string, group: string, last: number): void {
    const known = this.#logs.get(group)
    // It could not be read up to there: they may have come later than what is pushed next.
    if (known?.last !== undefined && known.last < last) return
    const lacking = [...this.subscribersOf(user)].filter((one) => {
      return one.loading === undefined && known?.subscribers.has(one) !== true
    })
    if (lacking.length === 0) return
    const log = this.#liveLog(group, undefined)
    log.last ??= last - 1
    if (known === undefined) {
      for (const one of lacking) this.#enter(one, log, last)
      void this.#healing.to(log, last)
    } else {
      for (const one of lacking) this.#show(one, log, last)
    }
  }

  /** To this connection alone entry `seq`, by which they learn of the group, and what is behind it. */
  #show(subscriber: Subscriber, log: LiveLog, seq: number): void {
    this.#enter(subscriber, log, seq)
    if (!log.subscribers.has(subscriber) || subscriber.behind.has(log.conversation)) return
    const all = { next: seq, until: Number.POSITIVE_INFINITY }
    subscriber.behind.set(log.conversation, [all])
    this.#catchUp.start(subscriber)
  }

  #subscribe(subscriber: Subscriber, log: LiveLog): void {
    log.subscribers.add(subscriber)
    subscriber.logs.add(log)
  }

  #unsubscribe(subscriber: Subscriber, log: LiveLog): void {
    subscriber.logs.delete(log)
    log.subscribers.delete(subscriber)
    this.#release(log)
  }

  #liveLog(conversation: string, between: readonly [string, string] | undefined): LiveLog {
    const known = this.#logs.get(conversation)
    if (known !== undefined) return known
    const log = { conversation, between, subscribers: new Set<Subscriber>() }
    const made: LiveLog = { ...log, last: undefined, healingTo: 0, healing: undefined }
    this.#logs.set(conversation, made)
    for (const user of between ?? []) addTo(this.#directs, user, made)
    return made
  }

  /** A log that nobody follows is forgotten, unless lost entries may show that someone does. */
  #release(log: LiveLog): void {
    if (log.subscribers.size > 0 || log.healingTo > 0) return
    this.#logs.delete(log.conversation)
    for (const user of log.between ?? []) removeFrom(this.#directs, user, log)
  }
}

const NOBODY: ReadonlySet<Subscriber> = new Set()

function nothing(): void {}

async function passed(): Promise<void> {}

/** The groups with their last seq, and what became of them since they were read. */
function placesNow(
  places: readonly GroupPlace[],
  changes: ReadonlyMap<string, Change>,
): ReadonlyMap<string, number> {
  const now = new Map(places.map(({ group, last }) => [group, last]))
  for (const [group, { entered, seq }] of changes) {
    const read = now.get(group)
    if (read !== undefined && seq <= read) continue
    if (entered) now.set(group, seq)
    else now.delete(group)
  }
  return now
}

/** Whom the entry makes a member of its group. */
function whoEnters(entry: Entry): string | undefined {
  if (entry.kind === 'joined' || entry.kind === 'created') return entry.from
  if (entry.kind === 'added') return entry.subject?.id
  return undefined
}

/** Whose membership ends with the entry. With `ended` everybody's does. */
function whoLeaves(entry: Entry): string | undefined {
  if (entry.kind === 'quit') return entry.from
  if (entry.kind === 'removed' || entry.kind === 'banned') return entry.subject?.id
  return undefined
}

function addTo<T>(map: Map<string, Set<T>>, key: string, value: T): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, new Set([value]))
  else known.add(value)
}

function removeFrom<T>(map: Map<string, Set<T>>, key: string, value: T): void {
  const known = map.get(key)
  known?.delete(value)
  if (known?.size === 0) map.delete(key)
}
