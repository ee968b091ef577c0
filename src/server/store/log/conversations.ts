import { ChatError } from '../../../protocol/errors.ts'
import type { Access, Role } from '../../../protocol/messages.ts'
import { isId, nameKey, nameOf } from '../../../protocol/names.ts'
import { access, conversationKind, role } from '../../../protocol/records.ts'
import { conversationNumber, conversationText, userText } from '../ids.ts'
import { type Database, prepare } from '../statements.ts'
import type { Staged } from './journal.ts'

/** Where a conversation stands. Moved only by the log and by memberships. */
export type Conversation = {
  readonly id: number
  readonly text: string
  readonly kind: 'direct' | 'group'
  /** The two sides of a direct conversation. */
  readonly low: number
  readonly high: number
  readonly between: readonly [string, string] | undefined
  /** Which of the two sides take nothing from the other; undefined: not read yet. */
  blockers: ReadonlySet<number> | undefined
  /** A group's name; empty for a direct conversation, and for a group that was ended. */
  name: string
  topic: string
  access: Access
  /** Newcomers by invitation may read what was said before. */
  history: boolean
  first: number
  last: number
  n: number
  time: number
  members: number
  readonly memberships: Map<number, Membership | undefined>
  /** Memberships whose cursors are ahead of their rows; the journal makes up for that. */
  readonly moved: Set<Membership>
  /** Appended, but only in the journal yet: the last of the log, in the order of seq. */
  staged: Staged[]
  /** Those of them that have a nonce, by sender and nonce. */
  readonly nonces: Map<string, Staged>
}

/** What someone is in a conversation, and their cursors. */
export type Membership = {
  readonly user: number
  role: Role
  readonly from: number
  readonly joined: number
  delivered: number
  read: number
  readN: number
}

type Row = {
  id: number
  kind: number
  low: number | null
  high: number | null
  name: string | null
  members: number
  first: number
  topic: string
  access: number
  history: number
}
type LastRow = { seq: number; n: number; time: number }
type MembershipRow = Omit<Membership, 'role'> & { role: number }

const COLUMNS = 'id, kind, low, high, name, members, first_seq AS first, topic, access, history'
const FROM = `SELECT ${COLUMNS} FROM conversations`
/** Statements that are worth reading ahead, see postgres/read-ahead.ts. */
export const CONVERSATION_BY_ID = `${FROM} WHERE id = ?`
export const GROUP_BY_NAME = `${FROM} WHERE kind = ${conversationKind.values.group} AND name_key = ?`
export const DIRECT_BY_PAIR = `${FROM} WHERE kind = ${conversationKind.values.direct} AND low = ? AND high = ?`
export const LAST_ENTRY =
  'SELECT seq, n, time FROM entries WHERE conversation = ? ORDER BY seq DESC LIMIT 1'
export const MEMBERSHIP = `SELECT user, role, from_seq AS "from", joined, delivered, read, read_n AS readN
       FROM memberships WHERE conversation = ? AND user = ?`
/** And one of which many come together. */
export const MOVE_CURSORS = `UPDATE memberships SET delivered = ?, read = ?, read_n = ?
       WHERE conversation = ? AND user = ?`

/**
 * Conversations and memberships that were used lately. This process is the only writer, so what is
 * kept here is what the tables say, as long as it is forgotten when a transaction fails.
 */
export class Conversations {
  #known = new Map<number, Conversation>()
  #byText = new Map<string, Conversation>()
  #byPair = new Map<number, Map<number, Conversation>>()
  #size = 0
  #db

  constructor(db: Database) {
    this.#db = statements(db)
  }

  /** How many conversations and memberships are in memory. */
  get size(): number {
    return this.#size
  }

  /** Except what is ahead of the tables: memory is bounded by what the journal may hold. */
  forgetSettled(): void {
    const staged = [...this.#known.values()].filter((one) => one.staged.length > 0)
    this.forget()
    for (const conversation of staged) {
      const { memberships, moved } = conversation
      memberships.clear()
      for (const membership of moved) memberships.set(membership.user, membership)
      this.#keep(conversation)
    }
  }

  forget(): void {
    this.#size = 0
    this.#known.clear()
    this.#byText.clear()
    this.#byPair.clear()
  }

  /** Those in memory of which entries are not in their places yet. */
  *unsettled(): Iterable<Conversation> {
    for (const one of this.#known.values()) if (one.staged.length > 0) yield one
  }

  /** If it is in memory. */
  peek(id: number): Conversation | undefined {
    return this.#known.get(id)
  }

  /** By id. */
  find(text: string): Conversation | undefined {
    const known = this.#byText.get(text)
    if (known !== undefined) return known
    const id = conversationNumber(text)
    return id === undefined ? undefined : this.#load(this.#db.byId.get(id))
  }

  /** By a number that a table has: it exists. */
  get(id: number): Conversation {
    const conversation = this.#known.get(id) ?? this.#load(this.#db.byId.get(id))
    if (conversation === undefined) throw new Error(`conversation ${id} does not exist`)
    return conversation
  }

  /** A group by id or name. @throws ChatError unknownGroup */
  group(target: string): Conversation {
    const found = isId(target) ? this.find(target) : this.groupNamed(target)
    if (found === undefined || found.kind !== 'group' || found.name === '') {
      throw noGroup(target)
    }
    return found
  }

  /**
   * The same, as that user may know it. Ids are easily counted: to who is no member, that of a group
   * by invitation is no group's. That a name is taken anybody learns. @throws ChatError unknownGroup
   */
  groupKnownTo(user: number, target: string): Conversation {
    const found = this.group(target)
    if (this.isHidden(found, user) && isId(target)) throw noGroup(target)
    return found
  }

  /** Whether all that the user may know of the group is that its name is taken. */
  isHidden(group: Conversation, user: number): boolean {
    return group.access === 'invite' && this.membership(group, user) === undefined
  }

  groupNamed(name: string): Conversation | undefined {
    return this.#load(this.#db.byName.get(nameKey(nameOf(name))))
  }

  /** The one conversation of these two (rule 11), if it has begun. */
  direct(a: number, b: number): Conversation | undefined {
    const low = Math.min(a, b)
    const high = Math.max(a, b)
    return this.#byPair.get(low)?.get(high) ?? this.#load(this.#db.byPair.get(low, high))
  }

  addDirect(a: number, b: number, time: number): Conversation {
    const low = Math.min(a, b)
    const high = Math.max(a, b)
    const added = this.#add(conversationKind.values.direct, low, high, null, time)
    for (const user of new Set([low, high])) this.addMember(added, user, 'member', 0)
    return added
  }

  addGroup(name: string, time: number, as: Access = 'public'): Conversation {
    const added = this.#add(conversationKind.values.group, null, null, name, time)
    if (as === 'invite') this.setAccess(added, as, false)
    return added
  }

  rename(group: Conversation, name: string): void {
    this.#db.rename.run(name, nameKey(name), group.id)
    group.name = name
  }

  setTopic(group: Conversation, topic: string): void {
    this.#db.setTopic.run(topic, group.id)
    group.topic = topic
  }

  setAccess(group: Conversation, to: Access, history: boolean): void {
    this.#db.setAccess.run(access.values[to], history ? 1 : 0, group.id)
    group.access = to
    group.history = history
  }

  setRole(group: Conversation, membership: Membership, to: Role): void {
    this.#db.setRole.run(role.values[to], group.id, membership.user)
    membership.role = to
  }

  /** It has no name and no members any more; of its log only the last entry can be read. */
  end(group: Conversation): void {
    this.#db.end.run(group.id)
    this.#db.deleteMembers.run(group.id)
    group.name = ''
    group.members = 0
    group.memberships.clear()
    group.moved.clear()
  }

  /** What was before that entry is no longer kept. */
  beginAt(conversation: Conversation, first: number): void {
    this.#db.beginAt.run(first, conversation.id)
    conversation.first = first
  }

  membership(conversation: Conversation, user: number): Membership | undefined {
    if (conversation.memberships.has(user)) return conversation.memberships.get(user)
    const row = this.#db.membership.get(conversation.id, user)
    const found = row === undefined ? undefined : { ...row, role: roleOf(row) }
    conversation.memberships.set(user, found)
    this.#size += 1
    return found
  }

  /** From the entry with seq `joined` on a member of a group; 0: of a direct conversation. */
  addMember(conversation: Conversation, user: number, as: Role, joined: number): Membership {
    const { id, n } = conversation
    // Rule 5.
    const from = conversation.access === 'invite' && !conversation.history ? joined : 1
    const added = { user, role: as, from, joined, delivered: joined, read: joined, readN: n }
    this.#db.insertMember.run(id, user, role.values[as], from, joined, joined, joined, n)
    conversation.memberships.set(user, added)
    this.#size += 1
    this.#count(conversation, 1)
    return added
  }

  removeMember(conversation: Conversation, user: number): void {
    this.#db.deleteMember.run(conversation.id, user)
    const membership = conversation.memberships.get(user)
    if (membership !== undefined) conversation.moved.delete(membership)
    conversation.memberships.set(user, undefined)
    this.#count(conversation, -1)
  }

  /** Both cursors, because the last entry is their own. */
  moveToLast(conversation: Conversation, user: number): void {
    const membership = this.membership(conversation, user)
    if (membership === undefined || membership.read >= conversation.last) return
    membership.delivered = conversation.last
    membership.read = conversation.last
    membership.readN = conversation.n
    conversation.moved.add(membership)
  }

  /** Ids of members who came too late to read what is at `seq` (rule 5). */
  latecomers(conversation: Conversation, seq: number): readonly string[] {
    return this.#db.latecomers.all(conversation.id, seq).map(({ user }) => userText(user))
  }

  saveMoved(conversation: Conversation): void {
    for (const membership of conversation.moved) this.saveCursors(conversation, membership)
  }

  saveCursors(conversation: Conversation, membership: Membership): void {
    const { user, delivered, read, readN } = membership
    this.#db.moveCursors.run(delivered, read, readN, conversation.id, user)
    conversation.moved.delete(membership)
  }

  #count(conversation: Conversation, change: number): void {
    conversation.members += change
    this.#db.countMembers.run(conversation.members, conversation.id)
  }

  #add(
    kind: number,
    low: number | null,
    high: number | null,
    name: string | null,
    time: number,
  ): Conversation {
    const key = name === null ? null : nameKey(name)
    const id = this.#db.insert.get(kind, low, high, name, key, time)?.id ?? 0
    const { public: anyone } = access.values
    const rules = { topic: '', access: anyone, history: 0 }
    const row = { id, kind, low, high, name, members: 0, first: 1, ...rules }
    return this.#keep(conversationOf(row, undefined))
  }

  #load(row: Row | undefined): Conversation | undefined {
    if (row === undefined) return undefined
    return this.#known.get(row.id) ?? this.#keep(conversationOf(row, this.#db.last.get(row.id)))
  }

  #keep(conversation: Conversation): Conversation {
    const { id, low, high, memberships } = conversation
    this.#known.set(id, conversation)
    this.#size += 1 + memberships.size
    this.#byText.set(conversation.text, conversation)
    if (conversation.kind === 'direct') {
      const partners = this.#byPair.get(low) ?? new Map<number, Conversation>()
      this.#byPair.set(low, partners.set(high, conversation))
    }
    return conversation
  }
}

export function hasEnded({ kind, name }: Conversation): boolean {
  return kind === 'group' && name === ''
}

/** Of a group that has ended what is before its last entry goes in steps, and is nobody's. */
export function firstToRead(conversation: Conversation): number {
  return hasEnded(conversation) ? conversation.last : conversation.first
}

const accesses = Object.keys(access.values) as Access[]
const roles = Object.keys(role.values) as Role[]

/** The role that stands in a row as its number. */
export function roleOf(row: { role: number }): Role {
  return roles[row.role] ?? 'none'
}

function noGroup(target: string): ChatError {
  return new ChatError('unknownGroup', `there is no group ${target}`)
}

function conversationOf(row: Row, last: LastRow | undefined): Conversation {
  const direct = row.kind === conversationKind.values.direct
  const low = row.low ?? 0
  const high = row.high ?? 0
  return {
    id: row.id,
    text: conversationText(row.id),
    kind: direct ? 'direct' : 'group',
    low,
    high,
    between: direct ? [userText(low), userText(high)] : undefined,
    blockers: undefined,
    name: row.name ?? '',
    topic: row.topic,
    access: direct ? 'unknown' : (accesses[row.access] ?? 'unknown'),
    history: row.history === 1,
    first: row.first,
    last: last?.seq ?? 0,
    n: last?.n ?? 0,
    time: last?.time ?? 0,
    members: row.members,
    memberships: new Map(),
    moved: new Set(),
    staged: [],
    nonces: new Map(),
  }
}

function statements(db: Database) {
  return {
    byId: prepare<Row>(db, CONVERSATION_BY_ID),
    byName: prepare<Row>(db, GROUP_BY_NAME),
    byPair: prepare<Row>(db, DIRECT_BY_PAIR),
    last: prepare<LastRow>(db, LAST_ENTRY),
    insert: prepare<{ id: number }>(
      db,
      `INSERT INTO conversations (kind, low, high, name, name_key, created, members, first_seq)
       VALUES (?, ?, ?, ?, ?, ?, 0, 1) RETURNING id`,
    ),
    membership: prepare<MembershipRow>(db, MEMBERSHIP),
    insertMember: prepare(
      db,
      `INSERT INTO memberships
         (conversation, user, role, from_seq, joined, delivered, read, read_n)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    latecomers: prepare<{ user: number }>(
      db,
      'SELECT user FROM memberships WHERE conversation = ? AND from_seq > ?',
    ),
    beginAt: prepare(db, 'UPDATE conversations SET first_seq = ? WHERE id = ?'),
    deleteMember: prepare(db, 'DELETE FROM memberships WHERE conversation = ? AND user = ?'),
    rename: prepare(db, 'UPDATE conversations SET name = ?, name_key = ? WHERE id = ?'),
    setTopic: prepare(db, 'UPDATE conversations SET topic = ? WHERE id = ?'),
    setAccess: prepare(db, 'UPDATE conversations SET access = ?, history = ? WHERE id = ?'),
    setRole: prepare(db, 'UPDATE memberships SET role = ? WHERE conversation = ? AND user = ?'),
    end: prepare(
      db,
      `UPDATE conversations SET name = NULL, name_key = NULL, topic = '', members = 0
       WHERE id = ?`,
    ),
    deleteMembers: prepare(db, 'DELETE FROM memberships WHERE conversation = ?'),
    countMembers: prepare(db, 'UPDATE conversations SET members = ? WHERE id = ?'),
    moveCursors: prepare(db, MOVE_CURSORS),
  }
}
