import { ChatError } from '../../../protocol/errors.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { Standing } from '../store.ts'

type Row = { operator: number; banned: number; reason: string }

/** Who is an operator of the server, and who is banned from it. */
export class Standings {
  #users: Users
  #db

  constructor(db: Database, users: Users) {
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
    const person = this.#users.need(target)
    if (operator && person.classic) throw noOperator(person)
    this.#db.setOperator.run(Number(operator), person.id)
    return { ...before, operator }
  }

  setBanned(target: string, banned: boolean, reason: string): Standing {
    const before = this.of(target)
    this.#db.setBanned.run(Number(banned), banned ? reason : '', this.#users.need(target).id)
    return { ...before, banned, reason: banned ? reason : '' }
  }
}

function noOperator({ user }: Person): ChatError {
  const how = 'give them a password first, which makes the account like any other'
  return new ChatError('notAllowed', `${user.name} came with version 1: ${how}`)
}

function statements(db: Database) {
  return {
    select: prepare<Row>(
      db,
      'SELECT operator, banned, ban_reason AS reason FROM users WHERE id = ?',
    ),
    setOperator: prepare(db, 'UPDATE users SET operator = ? WHERE id = ?'),
    setBanned: prepare(db, 'UPDATE users SET banned = ?, ban_reason = ? WHERE id = ?'),
  }
}
