import { role as roles } from '../../../protocol/records.ts'
import type { Appender } from '../log/appender.ts'
import { type Conversation, type Conversations, roleOf } from '../log/conversations.ts'
import type { Journal } from '../log/journal.ts'
import type { Preferences } from '../people/preferences.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { Bans } from './bans.ts'
import type { Invites } from './invites.ts'
import type { Remains } from './remains.ts'

export type ExitsParts = Readonly<{
  users: Users
  conversations: Conversations
  journal: Journal
  appender: Appender
  invites: Invites
  bans: Bans
  remains: Remains
  preferences: Preferences
}>

/** Leaving a group, in each of its ways, and what becomes of those who stay. */
export class Exits {
  #parts: ExitsParts
  #db

  constructor(db: Database, parts: ExitsParts) {
    this.#parts = parts
    this.#db = statements(db)
  }

  /**
   * A member leaves. The last owner hands over; a group by invitation that is empty has ended.
   * Answers the seq of the entry `quit`.
   */
  quit(group: Conversation, person: Person, time: number): number {
    const { conversations, appender, preferences } = this.#parts
    this.#handOver(group, person, time)
    conversations.removeMember(group, person.id)
    preferences.left(group, person.id)
    const seq = appender.note(group, person, 'quit', time)
    if (group.members === 0 && group.access === 'invite') this.#erase(group)
    return seq
  }

  /** Somebody is put out; `banned`: for good, which may also happen to who is no member. */
  putOut(
    group: Conversation,
    person: Person,
    by: Person,
    how: 'removed' | 'banned',
    time: number,
  ): void {
    const { conversations, appender, invites, bans, preferences } = this.#parts
    if (conversations.membership(group, person.id) !== undefined) {
      conversations.removeMember(group, person.id)
    }
    preferences.left(group, person.id)
    invites.forget(group, person)
    if (how === 'banned') bans.add(group, person)
    appender.note(group, by, how, time, { subject: person })
  }

  /** Everybody leaves with the entry `ended`, the only one that is kept. */
  end(group: Conversation, by: Person, time: number): void {
    this.#parts.appender.note(group, by, 'ended', time)
    this.#erase(group)
  }

  /** To the admin, else the member, who has been there longest; to none that came with version 1. */
  #handOver(group: Conversation, person: Person, time: number): void {
    const { users, conversations, appender } = this.#parts
    if (conversations.membership(group, person.id)?.role !== 'owner') return
    const row = this.#db.selectHeir.get(group.id, person.id)
    if (row === undefined || roleOf(row) === 'owner') return
    const heir = users.get(row.user)
    const membership = conversations.membership(group, heir.id)
    if (membership === undefined) return
    conversations.setRole(group, membership, 'owner')
    appender.note(group, person, 'role', time, { subject: heir, role: 'owner' })
  }

  #erase(group: Conversation): void {
    const { conversations, journal, invites, bans, remains, preferences } = this.#parts
    journal.drop(group)
    remains.add(group)
    invites.deleteOf(group)
    bans.deleteOf(group)
    preferences.deleteOf(group)
    conversations.end(group)
  }
}

function statements(db: Database) {
  return {
    selectHeir: prepare<{ user: number; role: number }>(
      db,
      `SELECT user, role FROM memberships JOIN users u ON u.id = user
       WHERE conversation = ? AND user <> ? AND (u.classic = 0 OR role = ${roles.values.owner})
       ORDER BY role DESC, joined LIMIT 1`,
    ),
  }
}
