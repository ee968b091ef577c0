import { ChatError } from '../../../protocol/errors.ts'
import type { User } from '../../../protocol/messages.ts'
import { nameFault, nameKey, nameOf } from '../../../protocol/names.ts'
import type { Groups } from '../groups/groups.ts'
import type { Invites } from '../groups/invites.ts'
import type { Conversations } from '../log/conversations.ts'
import { type Database, prepare } from '../statements.ts'
import type { Account, NewAccount } from '../store.ts'
import type { Users } from './users.ts'

/** Accounts by name: how one is made, found, and its password changed. */
export class Accounts {
  #users: Users
  #conversations: Conversations
  #groups: Groups
  #invites: Invites
  #db

  constructor(
    db: Database,
    users: Users,
    conversations: Conversations,
    groups: Groups,
    invites: Invites,
  ) {
    this.#users = users
    this.#conversations = conversations
    this.#groups = groups
    this.#invites = invites
    this.#db = statements(db)
  }

  createAccount(account: NewAccount): User {
    const { invite, time } = account
    const name = nameOf(account.name)
    const fault = nameFault(name)
    if (fault !== undefined) throw new ChatError('badName', fault)
    if (this.#users.named(name) !== undefined) throw new ChatError('nameTaken')
    if (invite !== undefined) this.#invites.check(invite, time)
    const classic = account.classic === true ? 1 : 0
    this.#db.insertUser.run(name, nameKey(name), account.passwordHash, time, classic)
    const person = this.#users.need(name)
    if (invite !== undefined) this.#invites.register(invite, person, time)
    if (account.joins !== undefined) {
      const group =
        this.#conversations.groupNamed(account.joins) ??
        this.#conversations.addGroup(nameOf(account.joins), time)
      this.#groups.enter(group, person, time)
    }
    return person.user
  }

  findAccount(name: string): Account | undefined {
    const person = this.#users.named(name)
    const row = person?.gone === false ? this.#db.select.get(person.id) : undefined
    if (person === undefined || row === undefined) return undefined
    const banned = row.banned === 1 ? { reason: row.reason } : undefined
    return { user: person.user, passwordHash: row.hash, classic: person.classic, banned }
  }

  setPasswordHash(user: string, passwordHash: string, was?: string): void {
    const person = this.#users.need(user)
    const { id } = person
    if (was === undefined) this.#db.updateHash.run(passwordHash, id)
    else this.#db.renewHash.run(passwordHash, id, was)
    if (person.classic) this.#users.changed(person)
  }

  findUser(target: string): User | undefined {
    return this.#users.find(target)?.user
  }
}

function statements(db: Database) {
  return {
    insertUser: prepare(
      db,
      'INSERT INTO users (name, name_key, password_hash, created, classic) VALUES (?, ?, ?, ?, ?)',
    ),
    select: prepare<{ hash: string; banned: number; reason: string }>(
      db,
      `SELECT password_hash AS hash, banned, ban_reason AS reason FROM users WHERE id = ?`,
    ),
    updateHash: prepare(db, 'UPDATE users SET password_hash = ?, classic = 0 WHERE id = ?'),
    renewHash: prepare(db, 'UPDATE users SET password_hash = ? WHERE id = ? AND password_hash = ?'),
  }
}
