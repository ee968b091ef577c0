import type { DatabaseSync } from 'node:sqlite'
import { ChatError } from '../../protocol/errors.ts'
import type { User } from '../../protocol/messages.ts'
import { nameFault, nameKey, nameOf } from '../../protocol/names.ts'
import type { Conversations } from './conversations.ts'
import type { Groups } from './groups.ts'
import { prepare } from './statements.ts'
import type { Account, FoundSession, NewAccount, NewSession } from './store.ts'
import type { Users } from './users.ts'

export class Accounts {
  #users: Users
  #conversations: Conversations
  #groups: Groups
  #db

  constructor(db: DatabaseSync, users: Users, conversations: Conversations, groups: Groups) {
    this.#users = users
    this.#conversations = conversations
    this.#groups = groups
    this.#db = statements(db)
  }

  createAccount(account: NewAccount): User {
    const name = nameOf(account.name)
    const fault = nameFault(name)
    if (fault !== undefined) throw new ChatError('badName', fault)
    if (this.#users.named(name) !== undefined) throw new ChatError('nameTaken')
    this.#db.insertUser.run(name, nameKey(name), account.passwordHash, account.time)
    const person = this.#users.need(name)
    if (account.joins !== undefined) {
      const group =
        this.#conversations.groupNamed(account.joins) ??
        this.#conversations.addGroup(nameOf(account.joins), account.time)
      this.#groups.enter(group, person, account.time)
    }
    return person.user
  }

  findAccount(name: string): Account | undefined {
    const person = this.#users.named(name)
    const row = person && this.#db.selectHash.get(person.id)
    return row && { user: person.user, passwordHash: row.hash }
  }

  setPasswordHash(user: string, passwordHash: string): void {
    this.#db.updateHash.run(passwordHash, this.#users.need(user).id)
  }

  findUser(target: string): User | undefined {
    return this.#users.find(target)?.user
  }

  /** Sessions of that user that have expired go at the same time. */
  createSession({ tokenHash, user, device, time, expires }: NewSession): void {
    const { id } = this.#users.need(user)
    this.#db.deleteExpired.run(id, time)
    this.#db.insertSession.run(tokenHash, id, device, time, time, expires)
  }

  findSession(tokenHash: Uint8Array, time: number): FoundSession | undefined {
    const session = this.#db.selectSession.get(tokenHash, time)
    return session && { user: this.#users.get(session.user).user, expires: session.expires }
  }

  prolongSession(tokenHash: Uint8Array, time: number, expires: number): void {
    this.#db.prolongSession.run(time, expires, tokenHash)
  }

  deleteSession(tokenHash: Uint8Array): void {
    this.#db.deleteSession.run(tokenHash)
  }
}

function statements(db: DatabaseSync) {
  return {
    insertUser: prepare(
      db,
      'INSERT INTO users (name, name_key, password_hash, created) VALUES (?, ?, ?, ?)',
    ),
    selectHash: prepare<{ hash: string }>(
      db,
      'SELECT password_hash AS hash FROM users WHERE id = ?',
    ),
    updateHash: prepare(db, 'UPDATE users SET password_hash = ? WHERE id = ?'),
    insertSession: prepare(
      db,
      `INSERT INTO sessions (token_hash, user, device, created, used, expires)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    selectSession: prepare<{ user: number; expires: number }>(
      db,
      'SELECT user, expires FROM sessions WHERE token_hash = ? AND expires > ?',
    ),
    prolongSession: prepare(
      db,
      'UPDATE sessions SET used = max(used, ?), expires = max(expires, ?) WHERE token_hash = ?',
    ),
    deleteSession: prepare(db, 'DELETE FROM sessions WHERE token_hash = ?'),
    deleteExpired: prepare(db, 'DELETE FROM sessions WHERE user = ? AND expires <= ?'),
  }
}
