import type { Connection } from '../net/connection.ts'
import { encode } from '../protocol/codec.ts'
import type { Entry, User } from '../protocol/messages.ts'
import { LATE_NOTICES_MAX, PUSH_BYTES_MAX } from './limits.ts'

/** What the hub knows of a connection and of a conversation; only the hub changes it. */

/** The part of a connection that the hub uses. */
export type Line = Pick<Connection, 'send' | 'outboxBytes'>

/** What a connection was logged in with. */
export type LogInSession = Readonly<{
  tokenHash: Buffer
  /** The session is over: says so and closes the connection. */
  revoke: () => void
}>

/**
 * A conversation that someone here is subscribed to. The hub pushes its entries in the order of
 * seq, each once (rule 2).
 */
export type LiveLog = {
  readonly conversation: string
  /** Both sides of a direct conversation. */
  readonly between: readonly [string, string] | undefined
  readonly subscribers: Set<Subscriber>
  /** Seq of the entry that was pushed last; undefined until the first one shows where we are. */
  last: number | undefined
  /** The highest seq that is known of while lost hints are made good; 0: none are. */
  healingTo: number
  healing: Promise<void> | undefined
}

export type Change = Readonly<{ entered: boolean; seq: number }>

/** Entries that a slow reader was not sent: from `next` to `until`, both included. */
export type Stretch = { next: number; until: number }

/** One connection of a member, as the hub sees it. */
export class Subscriber {
  readonly id: string
  readonly user: User
  readonly line: Line
  readonly session: LogInSession
  closed = false
  readonly logs = new Set<LiveLog>()
  /** Conversations in which this reader is behind, with what it lacks, oldest first. */
  readonly behind = new Map<string, Stretch[]>()
  /** Notices that wait for a slow reader; of one kind about one thing only the newest. */
  readonly late = new Map<string, Buffer>()
  /** Seq of the entry by which each group was left last: what was pushed up to there, was. */
  readonly left = new Map<string, number>()
  /** Groups entered and left while the list of groups is being read. */
  loading: Map<string, Change> | undefined

  /** `id` is unique among the connections of all nodes. */
  constructor(id: string, user: User, line: Line, session: LogInSession) {
    this.id = id
    this.user = user
    this.line = line
    this.session = session
  }

  get slow(): boolean {
    return this.line.outboxBytes > PUSH_BYTES_MAX
  }
}

/** Tells something of which only the newest counts; while the reader is slow, it waits. */
export function notify(subscriber: Subscriber, topic: string, frame: Buffer): void {
  if (subscriber.loading !== undefined) return
  subscriber.late.delete(topic)
  if (!subscriber.slow) subscriber.line.send(frame)
  else if (subscriber.late.size < LATE_NOTICES_MAX) subscriber.late.set(topic, frame)
}

/** Before an answer about the same thing: what waits was said earlier. */
export function tellFirst({ late, line }: Subscriber, topic: string): void {
  const frame = late.get(topic)
  if (frame === undefined) return
  late.delete(topic)
  line.send(frame)
}

/** Hands an entry on, or notes that this reader is behind from here. */
export function push(subscriber: Subscriber, log: LiveLog, seq: number, frame: Buffer): void {
  if (subscriber.behind.size > 0 && subscriber.behind.has(log.conversation)) return
  if (subscriber.slow) {
    subscriber.behind.set(log.conversation, [{ next: seq, until: Number.POSITIVE_INFINITY }])
  } else {
    subscriber.line.send(frame)
  }
}

/** The entry as it is pushed, in bytes that all who get it share. */
export function frameOf(log: Pick<LiveLog, 'conversation' | 'between'>, entry: Entry): Buffer {
  const type = log.between === undefined ? 'groupEntry' : 'directEntry'
  return encode({ type, conversation: log.conversation, entry })
}
