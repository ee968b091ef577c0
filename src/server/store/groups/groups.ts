import { ChatError } from '../../../protocol/errors.ts'
import type { Group } from '../../../protocol/messages.ts'
import { isId, nameFault, nameOf } from '../../../protocol/names.ts'
import { conversationKind, role } from '../../../protocol/records.ts'
import { conversationText } from '../ids.ts'
import type { Appender } from '../log/appender.ts'
import type { Conversation, Conversations } from '../log/conversations.ts'
import { digestOf } from '../log/digest.ts'
import { checkNonce } from '../log/nonce.ts'
import type { Places } from '../log/places.ts'
import type { Blocks } from '../people/blocks.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { GroupPlace, MadeGroup, NewGroup } from '../store.ts'
import type { Bans } from './bans.ts'
import type { Exits } from './exits.ts'
import type { Invites } from './invites.ts'

export type GroupsParts = Readonly<{
  users: Users
  conversations: Conversations
  appender: Appender
  exits: Exits
  invites: Invites
  bans: Bans
  places: Places
  blocks: Blocks
}>

/** Making groups, entering and leaving them. */
export class Groups {
  #parts: GroupsParts
  #users: Users
  #conversations: Conversations
  #appender: Appender
  #db

  constructor(db: Database, parts: GroupsParts) {
    this.#parts = parts
    this.#users = parts.users
    this.#conversations = parts.conversations
    this.#appender = parts.appender
    this.#db = statements(db)
  }

  createGroup(group: NewGroup): MadeGroup {
    const by = this.#users.need(group.by)
    checkNonce(group.nonce)
    const digest = digestOf(
      group.name,
      ...group.members,
      ...(isPublic(group) ? [] : ['by invitation']),
    )
    const before = this.#db.selectNonce.get(by.id, group.nonce)
    if (before !== undefined && before.digest !== digest) throw new ChatError('nonceReused')
    if (before !== undefined) {
      const standing = this.#standing(before.conversation, by)
      return { group: this.groupFor(standing, by), members: [], made: false }
    }
    const members = this.#firstMembers(by, group.members)
    const conversation = this.#make(group, by, members, digest)
    const ids = members.map((member) => member.user.id)
    return { group: this.groupFor(conversation, by), members: ids, made: true }
  }

  join(user: string, target: string, time: number, code = ''): { group: Group; seq: number } {
    const person = this.#users.need(user)
    const conversation = this.#conversations.group(target)
    if (this.#conversations.membership(conversation, person.id) === undefined) {
      this.#admit(conversation, target, person, time, code)
    }
    const seq = this.enter(conversation, person, time)
    return { group: this.groupFor(conversation, person), seq }
  }

  /** Idempotent: seq of the entry by which the person is a member. */
  enter(conversation: Conversation, person: Person, time: number): number {
    const membership = this.#conversations.membership(conversation, person.id)
    if (membership !== undefined) return membership.joined
    const seq = this.#appender.note(conversation, person, 'joined', time)
    this.#conversations.addMember(conversation, person.id, 'member', seq)
    return seq
  }

  quit(user: string, target: string, time: number): { group: string; seq: number } {
    const person = this.#users.need(user)
    const conversation = this.#conversations.groupKnownTo(person.id, target)
    if (this.#conversations.isHidden(conversation, person.id)) throw new ChatError('notMember')
    const isMember = this.#conversations.membership(conversation, person.id) !== undefined
    const seq = isMember ? this.#parts.exits.quit(conversation, person, time) : 0
    return { group: conversation.text, seq }
  }

  groupsOf(user: string): readonly GroupPlace[] {
    const person = this.#users.find(user)
    if (person === undefined) return []
    const groups = this.#db.selectOf.all(person.id).map((row) => conversationText(row.conversation))
    const lasts = this.#parts.places.lasts(groups)
    return groups.map((group, at) => ({ group, last: lasts[at] ?? 0 }))
  }

  firstMembers(user: string, text: string, limit: number): readonly string[] {
    const person = this.#users.find(user)
    const conversation = this.#conversations.find(text)
    if (!person || !conversation || !this.#conversations.membership(conversation, person.id)) {
      throw new ChatError('unknownConversation')
    }
    const rows = this.#db.selectFirst.all(conversation.id, limit)
    return rows.map((row) => this.#users.get(row.user).user.id)
  }

  groupFor(conversation: Conversation, person: Person): Group {
    const joined = this.#conversations.membership(conversation, person.id) !== undefined
    const { text, name, members, access } = conversation
    const history = access === 'public' || conversation.history
    // What is said inside is for those who are inside.
    const topic = joined || access === 'public' ? conversation.topic : ''
    return { id: text, name, members, joined, topic, access, history }
  }

  /** Whether anybody manages it. */
  hasManager(group: Conversation): boolean {
    return this.#db.selectManager.get(group.id) !== undefined
  }

  /**
   * Whether a group may have that name; `own` is the one that asks, if it is there already.
   * @throws ChatError badName, nameTaken
   */
  checkName(name: string, own?: Conversation): void {
    const fault = nameFault(name)
    if (fault !== undefined) throw new ChatError('badName', fault)
    const named = this.#conversations.groupNamed(name)
    if (named !== undefined && named !== own) {
      throw new ChatError('nameTaken', `there is a group #${name} already`)
    }
  }

  /** Others are put into a group: all or none. @throws ChatError banned, blocked, naming who it is */
  checkTheyMayEnter(group: Conversation, by: Person, people: readonly Person[]): void {
    for (const person of people) {
      if (this.#parts.bans.has(group, person)) {
        throw new ChatError('banned', `${person.user.name} is banned from #${group.name}`)
      }
      this.#parts.blocks.check(by, person)
    }
  }

  /** Makes somebody a member: the maker by `created`, others by `added`. */
  enlist(group: Conversation, by: Person, member: Person, time: number): void {
    const own = member === by
    const seq = own
      ? this.#appender.note(group, by, 'created', time)
      : this.#appender.note(group, by, 'added', time, { subject: member })
    this.#conversations.addMember(group, member.id, own ? 'owner' : 'member', seq)
  }

  /**
   * A refusal names the group as it was asked for: its present name may be for its members only.
   * @throws ChatError banned, inviteNeeded, badInvite; unknownGroup for the id of a group by
   * invitation, unless the code is good for it
   */
  #admit(group: Conversation, target: string, person: Person, time: number, code: string): void {
    if (!this.#parts.invites.opens(code, group, person, time)) {
      this.#conversations.groupKnownTo(person.id, target)
    }
    if (this.#parts.bans.has(group, person)) {
      const where = isId(target) ? 'there' : `#${nameOf(target)}`
      throw new ChatError('banned', `you were banned from ${where}`)
    }
    this.#appender.room.check()
    if (group.access === 'public') return
    if (code === '') {
      throw new ChatError('inviteNeeded', `#${nameOf(target)} is entered by invitation only`)
    }
    this.#parts.invites.enter(code, group, person, time)
  }

  /** @throws ChatError unknownGroup when it has ended, or is not for them to know any more */
  #standing(id: number, by: Person): Conversation {
    return this.#conversations.groupKnownTo(by.id, this.#conversations.get(id).text)
  }

  /** The maker first, each once. @throws ChatError unknownUser, naming who is not there */
  #firstMembers(by: Person, targets: readonly string[]): readonly Person[] {
    return [...new Set([by, ...targets.map((target) => this.#users.need(target))])]
  }

  /** `g-` and six characters of its id; one that somebody has taken already gets longer. */
  #freeName({ text }: Conversation): string {
    let name = `g-${text.slice(2).slice(-ID_CHARS).padStart(ID_CHARS, '0')}`
    while (this.#conversations.groupNamed(name) !== undefined) name += '_'
    return name
  }

  #make(group: NewGroup, by: Person, members: readonly Person[], digest: number): Conversation {
    const name = nameOf(group.name)
    if (group.name !== '') this.checkName(name)
    for (const member of members) this.#parts.blocks.check(by, member)
    this.#appender.room.check()
    const access = isPublic(group) ? 'public' : 'invite'
    const conversation = this.#conversations.addGroup(name || UNNAMED, group.time, access)
    if (name === '') this.#conversations.rename(conversation, this.#freeName(conversation))
    this.#db.insertNonce.run(by.id, group.nonce, conversation.id, digest)
    for (const member of members) this.enlist(conversation, by, member, group.time)
    return conversation
  }
}

/** No name begins so. */
const UNNAMED = '~'
/** Of an id, in the name that a group gets which was made without one. */
const ID_CHARS = 6

function isPublic({ access }: NewGroup): boolean {
  return access !== 'invite'
}

function statements(db: Database) {
  return {
    selectNonce: prepare<{ conversation: number; digest: number }>(
      db,
      'SELECT conversation, digest FROM group_nonces WHERE user = ? AND nonce = ?',
    ),
    insertNonce: prepare(
      db,
      'INSERT INTO group_nonces (user, nonce, conversation, digest) VALUES (?, ?, ?, ?)',
    ),
    selectFirst: prepare<{ user: number }>(
      db,
      'SELECT user FROM memberships WHERE conversation = ? ORDER BY joined LIMIT ?',
    ),
    selectManager: prepare<{ user: number }>(
      db,
      `SELECT user FROM memberships WHERE conversation = ? AND role >= ${role.values.admin} LIMIT 1`,
    ),
    selectOf: prepare<{ conversation: number }>(
      db,
      `SELECT m.conversation FROM memberships m JOIN conversations c ON c.id = m.conversation
       WHERE m.user = ? AND c.kind = ${conversationKind.values.group} ORDER BY m.conversation`,
    ),
  }
}
