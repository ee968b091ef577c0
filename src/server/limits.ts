/** The server's own maxima and intervals; what the wire fixes is in protocol/limits.ts. */

/** Rule 13: a client sends something at least this often. */
export const HEARTBEAT_MS = 15_000
/** Rule 13: from connecting to a guest's first request. */
export const GUEST_MS_MAX = 10_000

/** How often time-outs are looked at. */
export const SWEEP_MS = 1_000
/** After so long without a look this process stood still: what peers sent meanwhile is read first. */
export const STANDSTILL_MS = 5_000

/** Above it nothing is pushed to a connection: it catches up from the store when it reads again. */
export const PUSH_BYTES_MAX = 1_048_576
/** Above it no request of the connection is begun: the answers would gather, too. */
export const ANSWER_BYTES_MAX = 2 * PUSH_BYTES_MAX
/** Rule 14: a request that the rate allows within this time waits for it; others are refused. */
export const TURN_MS_MAX = 2_000
/** Requests of one connection that are worked on at a time; further ones wait unread. */
export const RUNNING_REQUESTS_MAX = 64
/** Of what takes the store long: requests of one account that run at a time. */
export const LONG_REQUESTS_MAX = 4
/** Connections of one account at this node (rule 14): each is a device that is pushed everything. */
export const ACCOUNT_CONNECTIONS_MAX = 100
/** Entries that are read at a time for a slow reader or a lost hint (8 KiB of text each at most). */
export const CATCH_UP_ENTRIES = 64
/** Texts that one answer to a search has: a screen or two. */
export const SEARCH_HITS_MAX = 50
/** Notices that wait for one slow reader. */
export const LATE_NOTICES_MAX = 1_000

/** How often what is older than it is to be kept is looked for, and between two steps of that. */
export const RETENTION_ROUND_MS = 60 * 60 * 1_000
export const RETENTION_PAUSE_MS = 50

/** Rule 9: a member's cursors of a conversation are written at most once in this time. */
export const CURSOR_MS = 500
/** That someone is writing is passed on at most this often of each. Clients say it every 3 s. */
export const TYPING_GAP_MS = 2_500
/** What `typed` says: so long it is true. */
export const TYPING_SHOWN_MS = 5_000
/** How often it is told at most how many of a large group are online, and its members are read for it. */
export const CROWD_GAP_MS = 5_000
/** So long they are taken for its members when nothing is heard. */
export const CROWD_KEPT_MS = 60_000
/** Of so many first members those are counted who are online on any node; beyond them, of this one. */
export const CROWD_COUNTED_MAX = 10_000
/** Of so many who write in a conversation at the same time others are told. */
export const TYPISTS_MAX = 3
/** Log-ins by token prolong a session to so long from now. */
export const SESSION_MS = 30 * 24 * 60 * 60 * 1_000
/** But not for less gain than this: coming back is a read, also when the disk is full. */
export const SESSION_GAIN_MS = 24 * 60 * 60 * 1_000
/** How often it is looked whether sessions of connections have ended: a hint may be lost. */
export const SESSION_WATCH_MS = 60_000
/** Of several nodes: others are to obey within 5 s, also when a hint was lost. */
export const SHARED_WATCH_MS = 3_000
/** How long after a sign that hints were lost everything is compared with the store so often. */
export const TROUBLE_MS = 60_000
/** Comparing takes at most this part of the time. */
export const WATCH_SHARE = 0.2
/** Users, and logs, that one call to the store compares: others wait for it meanwhile. */
export const WATCHED_USERS = 16
export const WATCHED_LOGS = 256
/** Clocks of nodes, and the times of entries with them, may differ by so much. */
export const CLOCKS_APART_MS = 60_000
/** How often a node says that it lives, and how long one may be silent before it is taken for dead. */
export const BEAT_MS = 1_000
export const NODE_GONE_MS = 6_000
/** Other nodes are waited for so long when they are asked which devices of a user they have. */
export const DEVICES_MS_MAX = 1_000
/** How often a node is asked at most who all is connected to it, and users in a part of its answer. */
export const ROLL_GAP_MS = 2_000
export const ROLL_USERS = 2_000
/** Password hashes that wait for a processor; one more is told to come back. */
export const WAITING_HASHES_MAX = 256
/** Refused connections of one address that are kept until they can be told why. */
export const REFUSALS_MAX = 32

/** Closing: for what was accepted to be answered, and then for clients to take the last bytes. */
export const STOP_ANSWERS_MS_MAX = 3_000
export const STOP_SOCKETS_MS_MAX = 1_000

/** Rule 14; each can be overridden where the server is started. */
export type Rates = Readonly<{
  /** Messages of one account in a second, and at once. Other requests count as parts of one. */
  messagesPerSecond: number
  messagesBurst: number
  /** Failed log-ins in a minute; for an address also registrations, and as many bad tokens. */
  failedLogInsPerAccount: number
  failedLogInsPerAddress: number
  /** Passwords of one account that are checked in a minute, right ones too: each takes a while. */
  passwordsPerAccount: number
  /** Connections of one address: new ones in a second, and open ones. */
  newConnectionsPerSecond: number
  openConnections: number
}>

export const defaultRates: Rates = {
  messagesPerSecond: 200,
  messagesBurst: 1_000,
  failedLogInsPerAccount: 10,
  failedLogInsPerAddress: 60,
  passwordsPerAccount: 30,
  newConnectionsPerSecond: 100,
  openConnections: 1_000,
}
