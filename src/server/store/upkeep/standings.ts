import type { DatabaseSync } from 'node:sqlite'
import type { Users } from '../people/users.ts'
import { prepare } from '../statements.ts'
import type { Standing } from '../store.ts'

type Row = { operator: number; banned: number; reason: string }

/** Who is an operator of the server, and who is banned from it. */
export class Standings {
  #users: Users
  #db

  constructor(db: DatabaseSync, users: Users) {
    this.#users = users
    this.#db = statements(db)
  }

  /** @throws ChatError unknownUser */
  of(target: string): Standing {
    const { id, user } = this.#users.need(target)
    const row = this.#db.select.get(id)
    return {
      user,
      operator: row?.operator === 1,
      banned: row?.banned === 1,
      reason: row?.reason ?? '',
    }
  }

  setOperator(target: string, operator: boolean): Standing {
    const before = this.of(target)
    this.#db.setOperator.run(Number(operator), this.#users.need(target).id)
    return { ...before, operator }
  }

  setBanned(target: string, banned: boolean, reason: string): Standing {
    const before = this.of(target)
    this.#db.setBanned.run(Number(banned), banned ? reason : '', this.#users.need(target).id)
    return { ...before, banned, reason: banned ? reason : '' }
  }
}

function statements(db: DatabaseSync) {
  return {
    select: prepare<Row>(
      db,
      'SELECT operator, banned, ban_reason AS reason FROM users WHERE id = ?',
    ),
    setOperator: prepare(db, 'UPDATE users SET operator = ? WHERE id = ?'),
    setBanned: prepare(db, 'UPDATE users SET banned = ?, ban_reason = ? WHERE id = ?'),
  }
}
