import type {
  Contact,
  Entry,
  Head,
  Preferences,
  Presence,
  Receipt,
  Status,
  User,
} from '../protocol/messages.ts'

/** Everything a ChatClient tells: plain values, one callback, no emitter. */
export type ClientEvent =
  | Readonly<{ type: 'link'; link: Link }>
  /** A log-in or resumption succeeded; what follows is fresh from the server. */
  | Readonly<{ type: 'loggedIn'; user: User }>
  /** The session is over: logged out here, or its token is worthless. A person must log in. */
  | Readonly<{ type: 'loggedOut'; reason: string }>
  /**
   * A connection was lost and there is one again; right before its heads. `from`: when it was lost,
   * or when the computer went to sleep before. Milliseconds since 1970.
   */
  | Readonly<{ type: 'away'; from: number; to: number }>
  /** Heads that are new or changed. `complete`: that is all, what is not named is no longer ours. */
  | Readonly<{ type: 'heads'; heads: readonly Head[]; complete: boolean }>
  /**
   * A new entry, in the order of seq, each once. After more than 500 missed entries the order
   * jumps: `entry.seq` is then above the last one + 1, and the stretch between can be had by page.
   * A fresh client is told what waits (500 at most) or the newest 100; of more than thirty
   * conversations in which nothing waits only the thirty newest: the others are had by page.
   */
  | Readonly<{ type: 'entry'; conversation: string; entry: Entry }>
  /** One is not a member any more. */
  | Readonly<{ type: 'left'; conversation: string }>
  /** The user's cursors: they never go back, unless the server was put back to an earlier time. */
  | Readonly<{
      type: 'marked'
      conversation: string
      delivered: number
      read: number
      readN: number
    }>
  /** Contacts that came, changed or (removed) went. `complete`: that is the whole list. */
  | Readonly<{ type: 'contacts'; contacts: readonly Contact[]; complete: boolean }>
  /** What was known of anyone's presence before `loggedIn` is void. */
  | Readonly<{ type: 'presences'; users: readonly Presence[] }>
  /** So many members of the conversation that is watched are online. */
  | Readonly<{ type: 'crowd'; conversation: string; online: number }>
  /** Somebody is writing in the conversation that is watched: for 5 s from now, or until they say it. */
  | Readonly<{ type: 'typed'; conversation: string; user: User }>
  | ReceiptsEvent
  /** The settings of the account: asked for here, or changed by another client of it. */
  | Readonly<{ type: 'settings'; hideReceipts: boolean; status: Status }>
  /** What one wants of a conversation: asked here, or changed by another client of the account. */
  | Readonly<{ type: 'preferences'; conversation: string; preferences: Preferences }>
  /** The outbox as it is now, oldest first. */
  | Readonly<{ type: 'outbox'; items: readonly OutboxItem[] }>

/**
 * How far others have got (rule 9): what was asked, or who moved. Cursors of before stay. Without
 * `members` the group is too large for them: then the counts say it, for the entry `seq` alone.
 */
export type ReceiptsEvent = Readonly<{
  type: 'receipts'
  conversation: string
  members: readonly Receipt[]
  seq: number
  delivered: number
  read: number
  /** How many others there are. */
  of: number
}>

/** How the connection stands. */
export type Link =
  | Readonly<{ state: 'offline' }>
  | Readonly<{ state: 'connecting'; attempt: number }>
  | Readonly<{
      state: 'online'
      latencyMs: number | undefined
      stuck?: Stuck
      /** An answer is due, and nothing was heard since then (clock of the client). */
      silentSince?: number
    }>
  /** Lost; tried again at `retryAt` (clock of the client). */
  | Readonly<{
      state: 'waiting'
      retryAt: number
      attempt: number
      reason: string
      stuck?: Stuck
    }>
  /** Trying again would not help: the key changed, the version differs… A person must decide. */
  | Readonly<{ state: 'blocked'; error: Error }>

/** The server is there, but can read and keep nothing now: what is said waits in the outbox. */
type Stuck = true

/** To whom something is said. `id` is a user's or a group's id, or a name not yet resolved. */
export type Target = Readonly<{ kind: 'direct' | 'group'; id: string }>

/** Something that was said is on the server's disk: which, and where it stands there. */
export type Sent = Readonly<{
  /** Hex of the nonce: the identity of the outbox item. */
  nonce: string
  conversation: string
  seq: number
  /** When the server took it, milliseconds since 1970. */
  time: number
}>

/** Something written that the server has not acknowledged yet. */
export type OutboxItem = Readonly<{
  /** Hex of the nonce: the item's identity. */
  nonce: string
  target: Target
  text: string
  /** Seq of the text that this one answers; 0: none. */
  reply: number
  time: number
  /** The server's refusal, in words; undefined while it waits (◷). Refused items wait for a person. */
  refused: string | undefined
}>
