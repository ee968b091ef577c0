import type { ChatError } from '../../protocol/errors.ts'
import type { Entry, Group, Head, Invite, Role, User } from '../../protocol/messages.ts'

/**
 * PORT: where the truth is kept. Everything durable goes through here and nothing durable is
 * anywhere else; a store may be shared by several server nodes.
 *
 * Every method rejects with a ChatError when the answer is a refusal (the code is named at each
 * method, as {@link ChatError}), and with ChatError `unavailable` when the store cannot work now.
 * A resolved promise means: on disk.
 *
 * Calls of one caller are carried out in the order in which they were made. A `target` is an id
 * (`~…`) or a name, with or without `#`. Times are milliseconds since 1970.
 */
export interface Store {
  // --- Accounts ---------------------------------------------------------------------------------

  /** Makes an account and a member of the group `joins`, if any. @throws nameTaken */
  createAccount(account: NewAccount): Promise<User>
  /** By name. */
  findAccount(name: string): Promise<Account | undefined>
  setPasswordHash(user: string, passwordHash: string): Promise<void>
  findUser(target: string): Promise<User | undefined>

  createSession(session: NewSession): Promise<void>
  /** When it has not expired at `time`. Writes nothing. */
  findSession(tokenHash: Buffer, time: number): Promise<FoundSession | undefined>
  /** It was used at `time` and lives until `expires`, or longer if it did before. */
  prolongSession(tokenHash: Buffer, time: number, expires: number): Promise<void>
  deleteSession(tokenHash: Buffer): Promise<void>

  // --- The log ----------------------------------------------------------------------------------

  /**
   * Gives the text the next seq of its conversation. A direct conversation begins with its first
   * message. The nonce is looked up before anything is checked (rule 3): a repetition answers with
   * the first one's place and appends nothing. Moves the sender's own cursors.
   * @throws unknownUser, unknownGroup, notMember, nonceReused
   */
  append(text: NewText): Promise<Place>
  /**
   * A stretch of a log, as that member may see it, in the order of seq.
   * @throws unknownConversation (also for who is not a member)
   */
  page(query: PageQuery): Promise<Page>
  /**
   * Raw entries with seq above `after`, without asking who wants to know: for the hub, which
   * heals lost hints and serves slow readers.
   */
  read(conversation: string, after: number, limit: number): Promise<readonly Entry[]>
  /** Conversations that the user is a member of, in a fixed order, continued by `after`. */
  heads(query: HeadsQuery): Promise<Listed<Head>>
  /**
   * Cursors only move forward; a smaller value moves nothing, one beyond the last seq counts as the
   * last. Answers where they are now; memberships that do not exist are left out.
   */
  moveCursors(moves: readonly CursorMove[]): Promise<readonly Cursors[]>

  // --- Groups -----------------------------------------------------------------------------------

  /**
   * Makes a public group with its first members: entries `created`, then `added` for each.
   * A nonce that its maker used before answers with that group.
   * @throws groupNameTaken as nameTaken, badName, unknownUser (naming the member), nonceReused
   */
  createGroup(group: NewGroup): Promise<MadeGroup>
  /** Idempotent. @throws unknownGroup */
  join(user: string, group: string, time: number): Promise<{ group: Group; seq: number }>
  /** Idempotent: seq 0 for who was no member. @throws unknownGroup */
  quit(user: string, group: string, time: number): Promise<{ group: string; seq: number }>
  /** In the order of joining. @throws unknownGroup, notMember */
  members(query: MembersQuery): Promise<{ group: string } & Listed<StoredMember>>
  /** The groups that the user is a member of, as they stand: what the hub subscribes them to. */
  groupsOf(user: string): Promise<readonly GroupPlace[]>
  /** The first `limit` members of a conversation by joining. @throws unknownConversation */
  firstMembers(user: string, conversation: string, limit: number): Promise<readonly string[]>

  // --- Invites ----------------------------------------------------------------------------------

  /** @throws unknownGroup, notMember, notAllowed, tooMany */
  createInvite(invite: NewInvite): Promise<Invite>
  /**
   * Those that are good, the newest first: the user's own, or all of a group that they manage.
   * @throws unknownGroup, notMember, notAllowed
   */
  listInvites(query: InvitesQuery): Promise<Listed<Invite>>
  /** @throws badInvite, also for who may not revoke it */
  revokeInvite(user: string, code: string): Promise<void>

  // --- People -----------------------------------------------------------------------------------

  contacts(user: string, after: string, limit: number): Promise<Listed<User>>
  /** Idempotent. @throws unknownUser, tooMany */
  addContact(user: string, target: string): Promise<User>
  /** Idempotent. @throws unknownUser */
  removeContact(user: string, target: string): Promise<User>
  /** Contacts and direct partners: whose presence the user is told (rule 10). */
  circle(user: string): Promise<readonly string[]>
  /** Names that begin with `text`; users are left out while it is empty. */
  find(
    user: string,
    text: string,
    limit: number,
  ): Promise<{ users: readonly User[]; groups: readonly Group[] }>

  // --- Operation --------------------------------------------------------------------------------

  /** What an account may do on this server. @throws unknownUser */
  standing(user: string): Promise<Standing>
  /** Idempotent. @throws unknownUser (also for a deleted account) */
  setOperator(user: string, operator: boolean): Promise<Standing>
  /** Whether the user is kept out of the server, and why. Idempotent. @throws unknownUser */
  setBanned(user: string, banned: boolean, reason: string): Promise<Standing>
  /** Ends all sessions of the user; answers their token hashes. @throws unknownUser */
  endSessions(user: string): Promise<readonly Buffer[]>
  /** Rows for an operator's eyes, in a fixed order, continued by `after`. @throws unknownUser */
  survey(query: SurveyQuery): Promise<Listed<SurveyRow>>
  figures(): Promise<Figures>
  /**
   * Entries in their present form, by conversation and seq, without asking who may read them. A
   * page may be empty and yet be continued. @throws unknownUser, unknownGroup
   */
  exportPage(query: ExportQuery): Promise<Listed<SurveyRow>>
  /**
   * Writes everything that was acknowledged before the call, and the server's key, into one new
   * file, while the store goes on. @throws badRequest when the file exists or cannot be written
   */
  backup(file: string): Promise<Backup>
  /** Reads everything that was acknowledged before the call and checks it, while the store goes on. */
  verify(): Promise<Verdict>

  /** Finishes what was accepted, then closes. */
  close(): Promise<void>
}

/**
 * What was appended, told once for each commit, before the promises of that commit resolve, and in
 * the order of seq for each conversation. A store that several nodes share tells each node only of
 * its own appends; the bus tells the others.
 */
export type OnAppended = (appended: readonly Appended[]) => void

export type Appended = Readonly<{
  conversation: string
  /** The two sides of a direct conversation (twice the same for Notes); undefined for a group. */
  between: readonly [string, string] | undefined
  entry: Entry
}>

export type NewAccount = Readonly<{
  name: string
  passwordHash: string
  time: number
  /** Name of a group to join at once; it is made, without an owner, when it does not exist. */
  joins: string | undefined
}>

export type Account = Readonly<{ user: User; passwordHash: string }>

export type NewSession = Readonly<{
  tokenHash: Buffer
  user: string
  device: string
  time: number
  expires: number
}>

export type FoundSession = Readonly<{ user: User; expires: number }>

export type NewText = Readonly<{
  sender: string
  kind: 'direct' | 'group'
  target: string
  nonce: Uint8Array
  text: string
  time: number
}>

export type Place = Readonly<{ conversation: string; seq: number; time: number }>

/** At most one of before, after, around is above 0; none: the newest. */
export type PageQuery = Readonly<{
  user: string
  conversation: string
  before: number
  after: number
  around: number
  limit: number
  /** Encoded bytes that the entries may have together; one entry is given in any case. */
  maxBytes: number
}>

export type Page = Readonly<{ entries: readonly Entry[]; first: number; last: number }>

export type HeadsQuery = Readonly<{
  user: string
  after: string
  limit: number
  /** Only these; empty: all. */
  conversations: readonly string[]
}>

export type CursorMove = Readonly<{
  user: string
  conversation: string
  delivered: number
  read: number
}>

export type Cursors = CursorMove & Readonly<{ readN: number }>

export type NewGroup = Readonly<{
  by: string
  nonce: Uint8Array
  name: string
  members: readonly string[]
  time: number
}>

export type MadeGroup = Readonly<{
  group: Group
  /** Its first members, the maker among them. */
  members: readonly string[]
  /** False when the nonce had made it before. */
  made: boolean
}>

export type NewInvite = Readonly<{
  /** Undefined: an operator. */
  by: string | undefined
  code: string
  /** Id or name of the group that it opens; empty: it is only for registering. */
  group: string
  uses: number
  time: number
  expires: number
}>

export type InvitesQuery = Readonly<{
  user: string
  /** Empty: the user's own. */
  group: string
  after: string
  limit: number
  time: number
}>

export type GroupPlace = Readonly<{ group: string; last: number }>

export type StoredMember = Readonly<{ user: User; role: Role }>

export type MembersQuery = Readonly<{ user: string; group: string; after: string; limit: number }>

export type Standing = Readonly<{
  user: User
  operator: boolean
  /** Kept out of the server. */
  banned: boolean
  deleted: boolean
  /** Why they are banned; told to them. */
  reason: string
}>

/** What can be looked through. */
export type Survey = 'users' | 'operators' | 'groups' | 'sessions' | 'invites'

/** `user`: only of that one, where that makes sense; empty: of all. */
export type SurveyQuery = Readonly<{ of: Survey; user: string; after: string; limit: number }>

/** A JSON object for operators; never a secret but an invite's code, never a password's hash. */
export type SurveyRow = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>

export type Figures = Readonly<{
  users: number
  banned: number
  operators: number
  groups: number
  directs: number
  sessions: number
  /** Of the database, and how many of them are free. */
  bytes: number
  freeBytes: number
}>

/** Only entries of that user, in that group; empty: of all, everywhere. */
export type ExportQuery = Readonly<{ user: string; group: string; after: string; maxBytes: number }>

export type Backup = Readonly<{ file: string; bytes: number }>

export type Verdict = Readonly<{
  users: number
  conversations: number
  entries: number
  /** What is not as it should be, at most 100 lines; empty: all is well. */
  faults: readonly string[]
}>

export type Listed<T> = Readonly<{ items: readonly T[]; next: string }>
