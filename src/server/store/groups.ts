import type { DatabaseSync } from 'node:sqlite'
import { ChatError } from '../../protocol/errors.ts'
import type { Group } from '../../protocol/messages.ts'
import { nameFault, nameOf } from '../../protocol/names.ts'
import { type Conversation, type Conversations, roleOf } from './conversations.ts'
import { digestOf } from './digest.ts'
import type { Log } from './log.ts'
import { checkNonce } from './nonce.ts'
import { prepare } from './statements.ts'
import type {
  GroupPlace,
  Listed,
  MadeGroup,
  MembersQuery,
  NewGroup,
  StoredMember,
} from './store.ts'
import type { Person, Users } from './users.ts'

export class Groups {
  #users: Users
  #conversations: Conversations
  #log: Log
  #db

  constructor(db: DatabaseSync, users: Users, conversations: Conversations, log: Log) {
    this.#users = users
    this.#conversations = conversations
    this.#log = log
    this.#db = statements(db)
  }

  createGroup(group: NewGroup): MadeGroup {
    const by = this.#users.need(group.by)
    checkNonce(group.nonce)
    const digest = digestOf(group.name, ...group.members)
    const before = this.#db.selectNonce.get(by.id, group.nonce)
    if (before !== undefined && before.digest !== digest) throw new ChatError('nonceReused')
    const members = this.#firstMembers(by, group.members)
    const made = before === undefined
    const conversation = made
      ? this.#make(group, by, members, digest)
      : this.#conversations.get(before.conversation)
    const ids = members.map((member) => member.user.id)
    return { group: this.groupFor(conversation, by), members: ids, made }
  }

  join(user: string, target: string, time: number): { group: Group; seq: number } {
    const person = this.#users.need(user)
    const conversation = this.#conversations.group(target)
    const seq = this.enter(conversation, person, time)
    return { group: this.groupFor(conversation, person), seq }
  }

  /** Idempotent: seq of the entry by which the person is a member. */
  enter(conversation: Conversation, person: Person, time: number): number {
    const membership = this.#conversations.membership(conversation, person.id)
    if (membership !== undefined) return membership.joined
    const seq = this.#log.note(conversation, person, 'joined', time)
    this.#conversations.addMember(conversation, person.id, 'member', seq)
    return seq
  }

  quit(user: string, target: string, time: number): { group: string; seq: number } {
    const person = this.#users.need(user)
    const conversation = this.#conversations.group(target)
    const group = conversation.text
    if (this.#conversations.membership(conversation, person.id) === undefined) {
      return { group, seq: 0 }
    }
    this.#conversations.removeMember(conversation, person.id)
    return { group, seq: this.#log.note(conversation, person, 'quit', time) }
  }

  members(query: MembersQuery): { group: string } & Listed<StoredMember> {
    const person = this.#users.need(query.user)
    const conversation = this.#conversations.group(query.group)
    if (this.#conversations.membership(conversation, person.id) === undefined) {
      throw new ChatError('notMember')
    }
    const after = Number.parseInt(query.after, 10) || 0
    const rows = this.#db.selectMembers.all(conversation.id, after, query.limit + 1)
    const shown = rows.slice(0, query.limit)
    const items = shown.map((row) => ({ user: this.#users.get(row.user).user, role: roleOf(row) }))
    const next = rows.length > query.limit ? String(shown.at(-1)?.joined ?? '') : ''
    return { group: conversation.text, items, next }
  }

  groupsOf(user: string): readonly GroupPlace[] {
    const person = this.#users.find(user)
    if (person === undefined) return []
    return this.#db.selectOf.all(person.id).map((row) => {
      const { text, last } = this.#conversations.get(row.conversation)
      return { group: text, last }
    })
  }

  firstMembers(user: string, text: string, limit: number): readonly string[] {
    const person = this.#users.find(user)
    const conversation = this.#conversations.find(text)
    if (!person || !conversation || !this.#conversations.membership(conversation, person.id)) {
      throw new ChatError('unknownConversation')
    }
    const rows = this.#db.selectMembers.all(conversation.id, -1, limit)
    return rows.map((row) => this.#users.get(row.user).user.id)
  }

  groupFor(conversation: Conversation, person: Person): Group {
    const joined = this.#conversations.membership(conversation, person.id) !== undefined
    const { text, name, members } = conversation
    return { id: text, name, members, joined, topic: '', access: 'public', history: true }
  }

  /** The maker first, each once. @throws ChatError unknownUser, naming who is not there */
  #firstMembers(by: Person, targets: readonly string[]): readonly Person[] {
    return [...new Set([by, ...targets.map((target) => this.#users.need(target))])]
  }

  #make(group: NewGroup, by: Person, members: readonly Person[], digest: number): Conversation {
    const name = nameOf(group.name)
    const fault = nameFault(name)
    if (fault !== undefined) throw new ChatError('badName', fault)
    if (this.#conversations.groupNamed(name) !== undefined) {
      throw new ChatError('nameTaken', `there is a group #${name} already`)
    }
    const conversation = this.#conversations.addGroup(name, group.time)
    this.#db.insertNonce.run(by.id, group.nonce, conversation.id, digest)
    for (const member of members) this.#enlist(conversation, by, member, group.time)
    return conversation
  }

  #enlist(conversation: Conversation, by: Person, member: Person, time: number): void {
    const own = member === by
    const seq = own
      ? this.#log.note(conversation, by, 'created', time)
      : this.#log.note(conversation, by, 'added', time, { subject: member })
    this.#conversations.addMember(conversation, member.id, own ? 'owner' : 'member', seq)
  }
}

function statements(db: DatabaseSync) {
  return {
    selectNonce: prepare<{ conversation: number; digest: number }>(
      db,
      'SELECT conversation, digest FROM group_nonces WHERE user = ? AND nonce = ?',
    ),
    insertNonce: prepare(
      db,
      'INSERT INTO group_nonces (user, nonce, conversation, digest) VALUES (?, ?, ?, ?)',
    ),
    selectMembers: prepare<{ user: number; joined: number; role: number }>(
      db,
      `SELECT user, joined, role FROM memberships WHERE conversation = ? AND joined > ?
       ORDER BY joined LIMIT ?`,
    ),
    selectOf: prepare<{ conversation: number }>(
      db,
      `SELECT m.conversation FROM memberships m JOIN conversations c ON c.id = m.conversation
       WHERE m.user = ? AND c.kind = 2 ORDER BY m.conversation`,
    ),
  }
}
