import { ChatError } from '../../../protocol/errors.ts'
import type { Group, User } from '../../../protocol/messages.ts'
import { role as roles } from '../../../protocol/records.ts'
import type { Appender } from '../log/appender.ts'
import {
  type Conversation,
  type Conversations,
  type Membership,
  roleOf,
} from '../log/conversations.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { Listed, MembersQuery, NewMembers, NewRole, Removal, StoredMember } from '../store.ts'
import type { Bans } from './bans.ts'
import type { Exits } from './exits.ts'
import type { Groups } from './groups.ts'
import { needManager, needMember, needOwner, outranks } from './roles.ts'

export type MembersParts = Readonly<{
  users: Users
  conversations: Conversations
  appender: Appender
  groups: Groups
  exits: Exits
  bans: Bans
}>

/** Who is in a group, and what members do to one another. */
export class Members {
  #parts: MembersParts
  #db

  constructor(db: Database, parts: MembersParts) {
    this.#parts = parts
    this.#db = statements(db)
  }

  list(query: MembersQuery): { group: string } & Listed<StoredMember> {
    const { users, conversations } = this.#parts
    const { group } = this.#asked(query.user, query.group)
    const person = users.need(query.user)
    needMember(conversations, group, person)
    const after = Number.parseInt(query.after, 10) || 0
    const rows = this.#db.select.all(group.id, after, query.limit + 1)
    const shown = rows.slice(0, query.limit)
    const items = shown.map((row) => {
      const { user, classic } = users.get(row.user)
      return { user, role: roleOf(row), classic }
    })
    const next = rows.length > query.limit ? String(shown.at(-1)?.joined ?? '') : ''
    return { group: group.text, items, next }
  }

  /** Members are passed over. */
  add({ by, group: target, users, time }: NewMembers): Group {
    const { conversations, groups, appender } = this.#parts
    const { person, group } = this.#asked(by, target)
    if (group.access === 'invite') needManager(conversations, group, person)
    else needMember(conversations, group, person)
    const strangers = this.#strangers(group, users)
    groups.checkTheyMayEnter(group, person, strangers)
    if (strangers.length > 0) appender.room.check()
    for (const stranger of strangers) groups.enlist(group, person, stranger, time)
    return groups.groupFor(group, person)
  }

  remove({ by, group: target, user, ban, time }: Removal): Group {
    const { users, conversations, groups, exits, bans, appender } = this.#parts
    const { person, group } = this.#asked(by, target)
    const manager = needManager(conversations, group, person)
    const other = users.need(user)
    if (other === person)
      throw new ChatError('badRequest', 'nobody can remove themselves: leave the group instead')
    const membership = conversations.membership(group, other.id)
    checkRank(group, manager, other, membership)
    const isOut = ban ? bans.has(group, other) : membership === undefined
    // Who is in can leave once; names of strangers that are banned have no end.
    if (!isOut && membership === undefined) appender.room.check()
    if (!isOut) exits.putOut(group, other, person, ban ? 'banned' : 'removed', time)
    return groups.groupFor(group, person)
  }

  unban(by: string, target: string, user: string): Group {
    const { users, conversations, groups, bans } = this.#parts
    const { person, group } = this.#asked(by, target)
    needManager(conversations, group, person)
    bans.delete(group, users.need(user))
    return groups.groupFor(group, person)
  }

  bans({ user, group: target, after, limit }: MembersQuery): Listed<User> {
    const { conversations, bans } = this.#parts
    const { person, group } = this.#asked(user, target)
    needManager(conversations, group, person)
    return bans.list(group, after, limit)
  }

  setRole({ by, group: target, user, role, time }: NewRole): Group {
    const { users, conversations, appender, groups } = this.#parts
    const { person, group } = this.#asked(by, target)
    needOwner(conversations, group, person)
    if (role === 'none') throw new ChatError('badRequest', 'a role is member, admin or owner')
    const other = users.need(user)
    const membership = conversations.membership(group, other.id)
    if (membership === undefined) {
      throw new ChatError('notMember', `${other.user.name} is no member of #${group.name}`)
    }
    if (membership.role === role) return groups.groupFor(group, person)
    if (other.classic && role !== 'member') throw noRole(other)
    if (other === person) this.#checkSuccession(group, person)
    conversations.setRole(group, membership, role)
    appender.note(group, person, 'role', time, { subject: other, role })
    return groups.groupFor(group, person)
  }

  #asked(by: string, target: string): { person: Person; group: Conversation } {
    const { users, conversations } = this.#parts
    const person = users.need(by)
    return { person, group: conversations.groupKnownTo(person.id, target) }
  }

  /** Those who are no members, each once. @throws ChatError unknownUser, naming who is not there */
  #strangers(group: Conversation, targets: readonly string[]): readonly Person[] {
    const { users, conversations } = this.#parts
    const people = new Set(targets.map((target) => users.need(target)))
    return [...people].filter(({ id }) => conversations.membership(group, id) === undefined)
  }

  #checkSuccession(group: Conversation, owner: Person): void {
    if (this.#db.otherOwner.get(group.id, owner.id) !== undefined) return
    const text = `#${group.name} needs an owner: make somebody else one first`
    throw new ChatError('notAllowed', text)
  }
}

/** Owners stand above everybody, other owners too. */
function checkRank(
  group: Conversation,
  manager: Membership,
  other: Person,
  membership: Membership | undefined,
): void {
  if (membership === undefined || manager.role === 'owner') return
  if (outranks(manager.role, membership.role)) return
  const text = `${other.user.name} is ${membership.role} of #${group.name}: that is for owners`
  throw new ChatError('notAllowed', text)
}

function noRole({ user }: Person): ChatError {
  return new ChatError('notAllowed', `${user.name} came with version 1: they have no other role`)
}

function statements(db: Database) {
  return {
    select: prepare<{ user: number; joined: number; role: number }>(
      db,
      `SELECT user, joined, role FROM memberships WHERE conversation = ? AND joined > ?
       ORDER BY joined LIMIT ?`,
    ),
    otherOwner: prepare<{ user: number }>(
      db,
      `SELECT user FROM memberships
       WHERE conversation = ? AND role = ${roles.values.owner} AND user <> ? LIMIT 1`,
    ),
  }
}
