import { ChatError } from '../../../protocol/errors.ts'
import { SESSIONS_MAX } from '../../../protocol/limits.ts'
import { type Database, prepare } from '../statements.ts'
import type { FoundSession, NewSession, StoredSession } from '../store.ts'
import { sessionIdOf } from './session-id.ts'
import type { Users } from './users.ts'

/** Log-ins that have not ended. Of a token only a hash is kept. */
export class Sessions {
  #users: Users
  #db

  constructor(db: Database, users: Users) {
    this.#users = users
    this.#db = statements(db)
  }

  /**
   * Those of that user that have expired go at the same time, and when there are too many, those
   * that were not used for longest: answers the hashes of the latter.
   */
  create({
    tokenHash,
    user,
    device,
    time,
    expires,
    passwordHash,
  }: NewSession): readonly Uint8Array[] {
    const person = this.#users.find(user)
    const account = person && this.#db.account.get(person.id)
    if (person === undefined || account === undefined) throw new ChatError('wrongLogin')
    if (account.banned === 1) throw new ChatError('banned')
    // Changed since it was checked: what was right is not any more.
    if (passwordHash !== undefined && account.hash !== passwordHash) {
      throw new ChatError('wrongLogin')
    }
    this.#db.deleteExpired.run(person.id, time)
    const tooMany = this.#db.beyond.all(person.id, SESSIONS_MAX - 1).map(({ hash }) => hash)
    for (const hash of tooMany) this.#db.delete.run(hash)
    this.#db.insert.run(tokenHash, person.id, device, time, time, expires)
    return tooMany
  }

  /** None of who is banned. */
  find(tokenHash: Uint8Array, time: number): FoundSession | undefined {
    const session = this.#db.select.get(tokenHash, time)
    return session && { user: this.#users.get(session.user).user, expires: session.expires }
  }

  prolong(tokenHash: Uint8Array, time: number, expires: number): void {
    this.#db.prolong.run(time, expires, tokenHash)
  }

  delete(tokenHash: Uint8Array): void {
    this.#db.delete.run(tokenHash)
  }

  /** The one used last first. */
  list(user: string, time: number): readonly StoredSession[] {
    const { id } = this.#users.need(user)
    return this.#db.list.all(id, time).map(({ hash, device, created, used }) => {
      return { id: sessionIdOf(hash), tokenHash: hash, device, created, used }
    })
  }

  /** Answers the hash of its token, in a list that is empty when the user has no such session. */
  end(user: string, session: string): readonly Uint8Array[] {
    const { id } = this.#users.need(user)
    const ended = this.#hashesOf(id).filter((hash) => sessionIdOf(hash) === session)
    for (const hash of ended) this.#db.delete.run(hash)
    return ended
  }

  /** All but one; answers the hashes of their tokens. */
  endOthers(user: string, keep: Uint8Array): readonly Uint8Array[] {
    const { id } = this.#users.need(user)
    const ended = this.#hashesOf(id).filter((hash) => Buffer.compare(hash, keep) !== 0)
    for (const hash of ended) this.#db.delete.run(hash)
    return ended
  }

  /** Which of them have not ended, in the order of the question. */
  alive(tokenHashes: readonly Uint8Array[], time: number): readonly boolean[] {
    return tokenHashes.map((hash) => this.#db.select.get(hash, time) !== undefined)
  }

  #hashesOf(user: number): readonly Uint8Array[] {
    return this.#db.list.all(user, 0).map(({ hash }) => hash)
  }
}

type Row = { hash: Uint8Array; device: string; created: number; used: number }

function statements(db: Database) {
  return {
    account: prepare<{ hash: string; banned: number }>(
      db,
      'SELECT password_hash AS hash, banned FROM users WHERE id = ?',
    ),
    insert: prepare(
      db,
      `INSERT INTO sessions (token_hash, user, device, created, used, expires)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    select: prepare<{ user: number; expires: number }>(
      db,
      `SELECT user, expires FROM sessions s JOIN users u ON u.id = s.user
       WHERE token_hash = ? AND expires > ? AND u.banned = 0`,
    ),
    prolong: prepare(
      db,
      'UPDATE sessions SET used = max(used, ?), expires = max(expires, ?) WHERE token_hash = ?',
    ),
    list: prepare<Row>(
      db,
      `SELECT token_hash AS hash, device, created, used FROM sessions
       WHERE user = ? AND expires > ? ORDER BY used DESC, created DESC, token_hash`,
    ),
    beyond: prepare<{ hash: Uint8Array }>(
      db,
      `SELECT token_hash AS hash FROM sessions WHERE user = ?
       ORDER BY used DESC, created DESC, token_hash LIMIT -1 OFFSET ?`,
    ),
    delete: prepare(db, 'DELETE FROM sessions WHERE token_hash = ?'),
    deleteExpired: prepare(db, 'DELETE FROM sessions WHERE user = ? AND expires <= ?'),
  }
}
