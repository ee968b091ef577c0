import type { ChatError } from '../../protocol/errors.ts'
import type { EncodedRecords } from '../../protocol/fields.ts'
import type {
  Access,
  Contact,
  Entry,
  Group,
  Head,
  Invite,
  NotifyLevel,
  Preferences,
  Receipt,
  Role,
  Status,
  User,
} from '../../protocol/messages.ts'
import type * as records from '../../protocol/records.ts'

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

  /** Makes an account and a member of the group `joins`, if any. @throws nameTaken, badInvite */
  createAccount(account: NewAccount): Promise<User>
  /** By name; none that was deleted. */
  findAccount(name: string): Promise<Account | undefined>
  /** When it is still `was`, where that is given; else nothing changes. @throws unknownUser */
  setPasswordHash(user: string, passwordHash: string, was?: string): Promise<void>
  /**
   * Together with the end of all sessions but the one to `keep`: answers the token hashes of what
   * has ended. @throws unknownUser
   */
  changePassword(user: string, passwordHash: string, keep: Buffer): Promise<readonly Uint8Array[]>
  findUser(target: string): Promise<User | undefined>

  /**
   * The user's account is deleted: nobody can log in to it, it is in no group and on no list, its
   * name is never given again. What was said stays. Answers the token hashes of its sessions.
   * @throws unknownUser
   */
  deleteAccount(user: string, time: number): Promise<readonly Uint8Array[]>

  /**
   * An account has so many sessions at most; those that were not used for longest end. Answers
   * the token hashes of those that did.
   * @throws wrongLogin (also when the password has changed since), banned
   */
  createSession(session: NewSession): Promise<readonly Uint8Array[]>
  /** When it has not expired at `time`, and its user is not banned. Writes nothing. */
  findSession(tokenHash: Buffer, time: number): Promise<FoundSession | undefined>
  /** It was used at `time` and lives until `expires`, or longer if it did before. */
  prolongSession(tokenHash: Buffer, time: number, expires: number): Promise<void>
  deleteSession(tokenHash: Buffer): Promise<void>
  /** Those that have not expired at `time`, the one used last first. @throws unknownUser */
  sessions(user: string, time: number): Promise<readonly StoredSession[]>
  /** By its public id. Idempotent. Answers the token hashes of what has ended. @throws unknownUser */
  endSession(user: string, session: string): Promise<readonly Uint8Array[]>
  /** All but one. Answers the token hashes of what has ended. @throws unknownUser */
  endOtherSessions(user: string, keep: Buffer): Promise<readonly Uint8Array[]>
  /** Whether each of them can be logged in with at `time`, in that order. */
  sessionsAlive(tokenHashes: readonly Buffer[], time: number): Promise<readonly boolean[]>

  // --- The log ----------------------------------------------------------------------------------

  /**
   * Gives the text the next seq of its conversation. A direct conversation begins with its first
   * message. The nonce is looked up before anything is checked (rule 3): a repetition answers with
   * the first one's place and appends nothing. Moves the sender's own cursors.
   * @throws unknownUser, unknownGroup, notMember, nonceReused
   */
  append(text: NewText): Promise<EntryPlace>
  /**
   * Puts another text in the place of one's own. Answers with the place of the entry that says so;
   * when nothing changes, with that of the last change, here and in the two below.
   * @throws unknownConversation, unknownEntry (also when it was deleted), notAllowed, blocked
   */
  edit(edit: NewEdit): Promise<EntryPlace>
  /**
   * Blanks a text, its edits and its reactions (rule 8): nothing of them is kept.
   * @throws unknownConversation, unknownEntry, notAllowed
   */
  deleteEntry(deletion: NewDeletion): Promise<EntryPlace>
  /**
   * Puts a reaction to a text, or takes it back.
   * @throws unknownConversation, unknownEntry (also when it was deleted), tooMany, blocked
   */
  react(reaction: NewReaction): Promise<EntryPlace>
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
  /**
   * Those of the users who may not read what is at that seq, nor what it was changed to: they came
   * later (rule 5), or are no members. For the hub, which hands on what it reads.
   */
  latecomers(
    conversation: string,
    seq: number,
    users: readonly string[],
  ): Promise<readonly string[]>
  /** Conversations that the user is a member of, in a fixed order, continued by `after`. */
  heads(query: HeadsQuery): Promise<Listed<Head>>
  /**
   * Cursors only move forward; a smaller value moves nothing, one beyond the last seq counts as the
   * last. Answers where they are now; memberships that do not exist are left out.
   */
  moveCursors(moves: readonly CursorMove[]): Promise<readonly Cursors[]>
  /**
   * How far the others have got, as the asker may see it. @throws unknownConversation, unknownEntry
   */
  receipts(query: ReceiptQuery): Promise<Reach>
  /** The same for several members of one conversation; who is no member is left out. */
  receiptsOf(
    conversation: string,
    askers: readonly Readonly<{ user: string; seq: number }>[],
  ): Promise<readonly Reach[]>
  /**
   * Seq of the user's last text among the newest 1,000 entries; 0: none of them is theirs.
   * @throws unknownConversation
   */
  lastTextOf(user: string, conversation: string): Promise<number>
  /** Where a member is about to do something. @throws unknownConversation */
  scene(user: string, conversation: string): Promise<Scene>

  /** @throws unknownUser */
  settings(user: string): Promise<Settings>
  /** Those that are named; answers all of them. @throws unknownUser */
  changeSettings(user: string, changes: Partial<Settings>): Promise<Settings>
  /** What each of these users says of themselves, in that order; who is not there says nothing. */
  statuses(users: readonly string[]): Promise<readonly Status[]>
  /**
   * Those that are named change; answers all of them. They stay when the user leaves.
   * @throws unknownConversation (also for who is not a member), unknownEntry (`unread` is none that
   * they may see)
   */
  changePreferences(change: PreferencesChange): Promise<Preferences>

  // --- Groups -----------------------------------------------------------------------------------

  // To who is no member the id of a group by invitation is no group's: unknownGroup, unless an
  // invite opens it to them. By its name they learn only that it is taken.

  /**
   * Makes a group with its first members: entries `created`, then `added` for each.
   * A nonce that its maker used before answers with that group.
   * @throws nameTaken, badName, unknownUser and blocked (naming the member), nonceReused,
   * unknownGroup (it was made with that nonce, and has ended; or is by invitation, and they left)
   */
  createGroup(group: NewGroup): Promise<MadeGroup>
  /** Idempotent. @throws unknownGroup, banned, inviteNeeded, badInvite */
  join(
    user: string,
    group: string,
    time: number,
    invite?: string,
  ): Promise<{ group: Group; seq: number }>
  /**
   * Idempotent: seq 0 for who was no member. When the last owner leaves, the admin, else the member,
   * who has been there longest becomes owner (entry `role`). A group by invitation that is left
   * empty has ended. @throws unknownGroup; notMember for the name of a group by invitation
   */
  quit(user: string, group: string, time: number): Promise<{ group: string; seq: number }>
  /** In the order of joining. @throws unknownGroup, notMember */
  members(query: MembersQuery): Promise<{ group: string } & Listed<StoredMember>>
  /**
   * All of them or none; members are passed over.
   * @throws unknownGroup, notMember, notAllowed, unknownUser, banned, blocked (naming who it is)
   */
  addMembers(added: NewMembers): Promise<Group>
  /**
   * Idempotent. The entry `removed` or `banned` is the last that they may see.
   * @throws unknownGroup, notMember, notAllowed, unknownUser, badRequest (oneself)
   */
  removeMember(removal: Removal): Promise<Group>
  /** Idempotent. @throws unknownGroup, notMember, notAllowed, unknownUser */
  unban(by: string, group: string, user: string): Promise<Group>
  /** @throws unknownGroup, notMember, notAllowed */
  bans(query: MembersQuery): Promise<Listed<User>>
  /**
   * Idempotent, as are the following.
   * @throws unknownGroup, notMember (also of the one it is about), unknownUser, badRequest,
   * notAllowed (also for the last owner)
   */
  setRole(change: NewRole): Promise<Group>
  /** @throws unknownGroup, notMember, notAllowed, badName, nameTaken */
  renameGroup(change: NewName): Promise<Group>
  /** @throws unknownGroup, notMember, notAllowed, badRequest */
  setTopic(change: NewTopic): Promise<Group>
  /** Who is a member already keeps what they may read. @throws as renameGroup, badRequest */
  setAccess(change: NewAccess): Promise<Group>
  /**
   * Ends it: everybody leaves with the entry `ended`, all that is kept of its log. Its name is
   * free. @throws unknownGroup, notMember, notAllowed
   */
  deleteGroup(user: string, group: string, time: number): Promise<void>
  /** The groups that the user is a member of, as they stand: what the hub subscribes them to. */
  groupsOf(user: string): Promise<readonly GroupPlace[]>
  /** Seq of the last entry of each of these conversations, in that order; 0: there is none. */
  lasts(conversations: readonly string[]): Promise<readonly number[]>
  /**
   * Direct conversations of these users of which the last entry is from `time` or later, some
   * perhaps twice: what the hub of a node may not have heard of.
   */
  directsSince(users: readonly string[], time: number): Promise<readonly DirectPlace[]>
  /** The first `limit` members of a conversation by joining. @throws unknownConversation */
  firstMembers(user: string, conversation: string, limit: number): Promise<readonly string[]>

  // --- Invites ----------------------------------------------------------------------------------

  /** @throws unknownGroup, notMember, notAllowed, tooMany */
  createInvite(invite: NewInvite): Promise<Invite>
  /**
   * Those that have not expired, the newest first: the user's own, or all of a group that they
   * manage; of a public group that they do not, their own.
   * @throws unknownGroup, notMember, notAllowed
   */
  listInvites(query: InvitesQuery): Promise<Listed<Invite>>
  /** @throws badInvite, also for who may not revoke it */
  revokeInvite(user: string | undefined, code: string): Promise<void>

  // --- People -----------------------------------------------------------------------------------

  /** Those on the contact list, and those on the block list. */
  contacts(user: string, after: string, limit: number): Promise<Listed<StoredContact>>
  /** Idempotent. @throws unknownUser, tooMany */
  addContact(user: string, target: string): Promise<StoredContact>
  /** Idempotent. @throws unknownUser */
  removeContact(user: string, target: string): Promise<StoredContact>
  /** Idempotent (rule 11). @throws unknownUser, badRequest (oneself), tooMany */
  block(user: string, target: string): Promise<StoredContact>
  /** Idempotent. @throws unknownUser */
  unblock(user: string, target: string): Promise<StoredContact>
  /** Ids of those who take nothing from the user, nor let them know whether they are there. */
  blockers(user: string): Promise<readonly string[]>
  /** Contacts and direct partners: whose presence the user is told (rule 10). */
  circle(user: string): Promise<readonly string[]>
  /**
   * Names that begin with `text`; users are left out while it is empty. At most `limit` of each, and
   * fewer where many have to be looked at: only an empty `next` says that there are no more. A group
   * whose members change meanwhile may come twice, or not. @throws badRequest
   */
  find(user: string, text: string, limit: number, after?: string): Promise<Found>

  // --- Operation --------------------------------------------------------------------------------

  /** What an account may do on this server. @throws unknownUser */
  standing(user: string): Promise<Standing>
  /** Idempotent. @throws unknownUser */
  setOperator(user: string, operator: boolean): Promise<Standing>
  /** Whether the user is kept out of the server, and why. Idempotent. @throws unknownUser */
  setBanned(user: string, banned: boolean, reason: string): Promise<Standing>
  /** Rows for an operator's eyes, in a fixed order, continued by `after`. @throws unknownUser */
  survey(query: SurveyQuery): Promise<Listed<SurveyRow>>
  figures(): Promise<Figures>
  /**
   * Entries in their present form, by conversation and seq, without asking who may read them. A
   * page may be empty and yet be continued. @throws unknownUser, unknownGroup
   */
  exportPage(query: ExportQuery): Promise<Listed<SurveyRow>>
  /**
   * The group ends, as if an owner had deleted it; by undefined: who owns the data folder.
   * @throws unknownGroup, unknownUser
   */
  endGroup(by: string | undefined, group: string, time: number): Promise<{ name: string }>
  /**
   * Blanks what the user has said (rule 8), also of who has deleted their account: so much of it
   * in each call, continued by `after`. @throws unknownUser
   */
  eraseTexts(query: EraseQuery): Promise<Erased>
  /**
   * Writes everything that was acknowledged before the call, and the server's key, into one new
   * file, while the store goes on. @throws badRequest when the file exists or cannot be written
   */
  backup(file: string): Promise<Backup>
  /** Reads everything that was acknowledged before the call and checks it, while the store goes on. */
  verify(): Promise<Verdict>

  // --- Retention --------------------------------------------------------------------------------

  /**
   * One small step of removing entries from before a time, the oldest first, with their reactions
   * and mentions: `first` of their conversations rises. The last entry of a log and all nonces stay.
   * To be called again with `next` until it is empty; then the space was given back, too.
   */
  retain(query: RetainQuery): Promise<Retained>

  // --- Search -----------------------------------------------------------------------------------

  /**
   * Texts in their present form that have all these words, in everything the user may read, the
   * newest first, cut by `limit` and `maxBytes`; fewer than fit when many had to be looked at.
   * What was said before the call is found unless the store has fallen behind by seconds.
   * @throws badRequest (no word in it, or too many), unknownConversation (also for who is not a member),
   * unavailable (the index is still being made)
   */
  search(query: SearchQuery): Promise<Listed<FoundText>>

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
  /** Of an edit: ids of members who came too late to read the text that it changed (rule 5). */
  hiddenFrom?: readonly string[]
}>

export type NewAccount = Readonly<{
  name: string
  passwordHash: string
  time: number
  /** Name of a group to join at once; it is made, without an owner, when it does not exist. */
  joins: string | undefined
  /** A code that must let them in; undefined: none is needed. */
  invite?: string | undefined
  /** Made by a client of version 1, for such clients. */
  classic?: boolean
}>

export type Account = Readonly<{
  user: User
  passwordHash: string
  /** Only clients of version 1 can log in to it; a new password ends that. */
  classic: boolean
  /** From this server; the reason may be empty. */
  banned: Readonly<{ reason: string }> | undefined
}>

export type NewSession = Readonly<{
  tokenHash: Buffer
  user: string
  device: string
  time: number
  expires: number
  /** Of the password that was right; undefined: none was asked. */
  passwordHash?: string | undefined
}>

export type FoundSession = Readonly<{ user: User; expires: number }>

export type StoredSession = Readonly<{
  /** Public; says nothing of its token. */
  id: string
  tokenHash: Uint8Array
  device: string
  created: number
  used: number
}>

export type NewText = Readonly<{
  sender: string
  kind: 'direct' | 'group'
  target: string
  nonce: Uint8Array
  text: string
  time: number
  /** Seq of the text that it answers. */
  reply?: number
}>

/** A text in a log, and who wants something of it. */
export type TextPlace = Readonly<{ user: string; conversation: string; seq: number; time: number }>

export type NewEdit = TextPlace & Readonly<{ text: string }>

export type NewDeletion = TextPlace

export type NewReaction = TextPlace & Readonly<{ text: string; remove: boolean }>

/** Where an entry is, and when it came there: milliseconds since 1970. */
export type EntryPlace = Readonly<{ conversation: string; seq: number; time: number }>

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

/** Entries as they stand in the answer: a store reads many, and nobody here looks into them. */
export type Page = Readonly<{
  entries: EncodedRecords<typeof records.entry>
  first: number
  last: number
}>

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

export type Cursors = CursorMove &
  Readonly<{
    readN: number
    /** What others may see of the move; undefined: nothing. */
    shown?: Shown | undefined
  }>

export type Shown = Readonly<{
  /** The two sides of a direct conversation; undefined for a group. */
  between: readonly [string, string] | undefined
  /** No entry up to here is concerned. */
  after: number
  delivered: number
  /** 0 for who does not show it. */
  read: number
}>

export type ReceiptQuery = Readonly<{
  user: string
  conversation: string
  /** What to count for; 0: the last entry. */
  seq: number
}>

/** How far the other members have got with what one has written (rule 9). */
export type Reach = Readonly<{
  /** Who asked. */
  user: string
  seq: number
  /** Each other member, where these are few (rule 9); else none. */
  members: readonly Receipt[]
  /** How many of those who were members already have got so far, and how many they are. */
  delivered: number
  read: number
  of: number
}>

export type Scene = Readonly<{
  /** The two sides of a direct conversation; undefined for a group. */
  between: readonly [string, string] | undefined
  /** Those who block the user or are blocked by them. */
  apart: readonly string[]
}>

/** What a user has set for their account. */
export type Settings = Readonly<{
  /** Others are not shown what they have read. */
  hideReceipts: boolean
  status: Status
}>

/** What is undefined stays as it is. */
export type PreferencesChange = Readonly<{
  user: string
  conversation: string
  pinned: boolean | undefined
  muted: boolean | undefined
  notify: NotifyLevel | undefined
  /** Seq of the first entry that is to be read again; 0: none is. */
  unread: number | undefined
}>

export type NewGroup = Readonly<{
  by: string
  nonce: Uint8Array
  /** Empty: `g-` and six characters of its id. */
  name: string
  members: readonly string[]
  /** By default public. */
  access?: Access
  time: number
}>

/** What somebody does to a group; `group` is its id or name. */
type Act = Readonly<{ by: string; group: string; time: number }>

export type NewMembers = Act & Readonly<{ users: readonly string[] }>
export type Removal = Act & Readonly<{ user: string; ban: boolean }>
export type NewRole = Act & Readonly<{ user: string; role: Role }>
export type NewName = Act & Readonly<{ name: string }>
export type NewTopic = Act & Readonly<{ topic: string }>
export type NewAccess = Act & Readonly<{ access: Access; history: boolean }>

export type MadeGroup = Readonly<{
  group: Group
  /** Its first members, the maker among them; none when it was made before. */
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

export type DirectPlace = Readonly<{
  conversation: string
  between: readonly [string, string]
  last: number
}>

export type StoredMember = Readonly<{ user: User; role: Role; classic: boolean }>

export type StoredContact = Omit<Contact, 'online' | 'status'> & Readonly<{ user: User }>

export type MembersQuery = Readonly<{ user: string; group: string; after: string; limit: number }>

export type Standing = Readonly<{
  user: User
  operator: boolean
  /** Kept out of the server. */
  banned: boolean
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

export type EraseQuery = Readonly<{ user: string; time: number; after: string; limit: number }>

/** `texts`: how many were blanked in this call; reactions are counted, too. */
export type Erased = Readonly<{ user: User; texts: number; next: string }>

export type Backup = Readonly<{ file: string; bytes: number }>

export type Verdict = Readonly<{
  users: number
  conversations: number
  entries: number
  /** What is not as it should be, at most 100 lines; empty: all is well. */
  faults: readonly string[]
}>

/** `before`: milliseconds since 1970. `after`: `next` of the step before; empty at first. */
export type RetainQuery = Readonly<{ before: number; after: string }>

/** `shortened`: ids of the conversations that begin later now. */
export type Retained = Readonly<{ entries: number; shortened: readonly string[]; next: string }>

export type SearchQuery = Readonly<{
  user: string
  text: string
  /** Only there; empty: everywhere. */
  conversation: string
  after: string
  limit: number
  /** As of a page. */
  maxBytes: number
}>

/** A text in its present form, and where it stands. */
export type FoundText = Readonly<{ conversation: string; entry: Entry }>

/** Users by name; groups with most members first. */
export type Found = Readonly<{ users: readonly User[]; groups: readonly Group[]; next: string }>

export type Listed<T> = Readonly<{ items: readonly T[]; next: string }>
