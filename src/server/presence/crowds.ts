import { encode } from '../../protocol/codec.ts'
import { PRESENCE_MEMBERS_MAX } from '../../protocol/limits.ts'
import type { Entry } from '../../protocol/messages.ts'
import type { Hint } from '../bus/bus.ts'
import type { Hub } from '../hub.ts'
import { CROWD_COUNTED_MAX, CROWD_GAP_MS, CROWD_KEPT_MS } from '../limits.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/store.ts'
import type { Subscriber } from '../subscriber.ts'
import type { Presence } from './presence.ts'

/** A group that is open here and has more members than are watched by name. */
type Crowd = {
  members: ReadonlySet<string>
  readAt: number
  /** Somebody has come or gone since. */
  stale: boolean
  reading: Promise<void> | undefined
  countedAt: number
  /** What those who have it open were told. */
  readonly told: Map<Subscriber, number>
}

export type CrowdsOptions = Readonly<{
  store: Pick<Store, 'firstMembers'>
  hub: Pick<Hub, 'usersIn'>
  presence: Pick<Presence, 'isOnline' | 'hiddenFrom'>
  monotonic: () => number
  log: Log
}>

/**
 * How many members of large groups are online (rule 10), on whichever node: counted when such a group
 * is opened, and told anew every few seconds at most while it is open and the number is another one.
 */
export class Crowds {
  #options: CrowdsOptions
  #crowds = new Map<string, Crowd>()
  #of = new Map<Subscriber, string>()

  constructor(options: CrowdsOptions) {
    this.#options = options
  }

  /**
   * How many of its members are online, as that connection may know. Members are read at most every few
   * seconds, however many open it. @throws ChatError when the store cannot say
   */
  async count(subscriber: Subscriber, conversation: string): Promise<number> {
    const crowd = this.#crowds.get(conversation) ?? this.#add(conversation)
    const isFresh = this.#options.monotonic() - crowd.readAt < CROWD_GAP_MS
    if (!isFresh) await this.#read(crowd, subscriber.user.id, conversation)
    return this.#countFor(subscriber, this.#onlineIn(conversation, crowd))
  }

  /** From now on changes are told to that connection, which was told this number. */
  watch(subscriber: Subscriber, conversation: string, told: number): void {
    this.forget(subscriber)
    if (subscriber.closed) return
    const crowd = this.#crowds.get(conversation) ?? this.#add(conversation)
    crowd.told.set(subscriber, told)
    this.#of.set(subscriber, conversation)
  }

  forget(subscriber: Subscriber): void {
    const conversation = this.#of.get(subscriber)
    if (conversation === undefined) return
    this.#of.delete(subscriber)
    this.#crowds.get(conversation)?.told.delete(subscriber)
  }

  /** Who is no member any more is not told of it. */
  left(subscriber: Subscriber, conversation: string): void {
    if (this.#of.get(subscriber) === conversation) this.forget(subscriber)
  }

  onHint(hint: Hint): void {
    if (hint.kind !== 'appended' || this.#crowds.size === 0) return
    for (const { conversation, entry } of hint.appended) {
      const crowd = this.#crowds.get(conversation)
      if (crowd !== undefined && changesMembers(entry)) crowd.stale = true
    }
  }

  /** Once a second. */
  sweep(): void {
    const now = this.#options.monotonic()
    for (const [conversation, crowd] of this.#crowds) {
      for (const one of [...crowd.told.keys()]) if (one.closed) this.forget(one)
      if (now - crowd.countedAt < CROWD_GAP_MS) continue
      const [anybody] = crowd.told.keys()
      if (anybody === undefined) this.#crowds.delete(conversation)
      else this.#tell(conversation, crowd, anybody)
    }
  }

  #add(conversation: string): Crowd {
    const crowd: Crowd = {
      members: new Set(),
      readAt: Number.NEGATIVE_INFINITY,
      stale: true,
      reading: undefined,
      countedAt: this.#options.monotonic(),
      told: new Map(),
    }
    this.#crowds.set(conversation, crowd)
    return crowd
  }

  #tell(conversation: string, crowd: Crowd, asker: Subscriber): void {
    const { log, monotonic } = this.#options
    crowd.countedAt = monotonic()
    // A hint may have been lost: now and then they are read again all the same.
    const isKnown = !crowd.stale && monotonic() - crowd.readAt < CROWD_KEPT_MS
    const known = isKnown ? undefined : this.#read(crowd, asker.user.id, conversation)
    if (known === undefined) return this.#tellAll(conversation, crowd)
    known.then(
      () => this.#tellAll(conversation, crowd),
      (error: unknown) => log.warn('members could not be counted', { conversation, error }),
    )
  }

  #tellAll(conversation: string, crowd: Crowd): void {
    const online = this.#onlineIn(conversation, crowd)
    for (const [subscriber, before] of crowd.told) {
      const count = this.#countFor(subscriber, online)
      // A slow reader is told later, and then only how things are.
      if (count === before || subscriber.slow) continue
      crowd.told.set(subscriber, count)
      subscriber.line.send(encode({ type: 'presences', conversation, online: count }))
    }
  }

  /** Found once for all who have the group open: they may be as many. */
  #onlineIn(conversation: string, { members }: Crowd): ReadonlySet<string> {
    const { hub, presence } = this.#options
    const isOnline = (user: string) => presence.isOnline(user)
    const known = [...members].filter(isOnline)
    if (members.size < CROWD_COUNTED_MAX) return new Set(known)
    return new Set([...known, ...[...hub.usersIn(conversation)].filter(isOnline)])
  }

  #countFor(subscriber: Subscriber, online: ReadonlySet<string>): number {
    const hidden = this.#options.presence.hiddenFrom(subscriber)
    // Nobody knows yet who may be counted.
    if (hidden === undefined) return 0
    let count = online.size
    for (const user of hidden) if (online.has(user)) count -= 1
    return count
  }

  #read(crowd: Crowd, asker: string, conversation: string): Promise<void> {
    crowd.reading ??= this.#readAnew(crowd, asker, conversation).finally(() => {
      crowd.reading = undefined
    })
    return crowd.reading
  }

  async #readAnew(crowd: Crowd, asker: string, conversation: string): Promise<void> {
    crowd.stale = false
    try {
      const { store } = this.#options
      crowd.members = new Set(await store.firstMembers(asker, conversation, CROWD_COUNTED_MAX))
      crowd.readAt = this.#options.monotonic()
    } catch (error) {
      crowd.stale = true
      throw error
    }
  }
}

/** Whether so many are members that most of them are only counted. */
export function isCrowd(members: readonly string[]): boolean {
  return members.length > PRESENCE_MEMBERS_MAX
}

const CHANGES: ReadonlySet<Entry['kind']> = new Set([
  'joined',
  'added',
  'removed',
  'banned',
  'quit',
])

function changesMembers({ kind }: Entry): boolean {
  return CHANGES.has(kind)
}
