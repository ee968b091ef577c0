import { ChatError } from '../../../protocol/errors.ts'
import type { User } from '../../../protocol/messages.ts'
import { isId, nameKey } from '../../../protocol/names.ts'
import { userNumber, userText } from '../ids.ts'
import { type Database, prepare } from '../statements.ts'

/**
 * A user, with the number that the tables know them by. `gone`: they deleted their account.
 * `classic`: only a client of version 1 speaks for them.
 */
export type Person = Readonly<{ id: number; user: User; gone: boolean; classic: boolean }>

type Row = { id: number; name: string; gone: number; classic: number }

const SELECT = 'SELECT id, name, deleted AS gone, classic FROM users'
/** Statements that are worth reading ahead, see postgres/read-ahead.ts. */
export const USER_BY_ID = `${SELECT} WHERE id = ?`
export const USER_BY_NAME = `${SELECT} WHERE name_key = ?`

/**
 * The users that were asked for lately. Names never change, so only memory bounds what is kept. Who
 * has deleted their account is still who said what they said, but nobody can do or be anything.
 */
export class Users {
  #byId = new Map<number, Person>()
  #byText = new Map<string, Person>()
  #selectById
  #selectByName

  constructor(db: Database) {
    this.#selectById = prepare<Row>(db, USER_BY_ID)
    this.#selectByName = prepare<Row>(db, USER_BY_NAME)
  }

  get size(): number {
    return this.#byId.size
  }

  forget(): void {
    this.#byId.clear()
    this.#byText.clear()
  }

  /** By id or name, of who is not gone. @throws ChatError unknownUser, naming it */
  need(target: string): Person {
    return here(this.anybody(target), target)
  }

  /** By id or name, of who is not gone. */
  find(target: string): Person | undefined {
    const person = this.anybody(target)
    return person?.gone === true ? undefined : person
  }

  /** By a number that a table has. @throws ChatError unknownUser, when they are gone */
  needHere(id: number): Person {
    const person = this.get(id)
    return here(person, person.user.name)
  }

  /** By id or name, also who is gone. */
  anybody(target: string): Person | undefined {
    if (!isId(target)) return this.named(target)
    const known = this.#byText.get(target)
    if (known !== undefined) return known
    const id = userNumber(target)
    return id === undefined ? undefined : this.#load(id)
  }

  /** Also who is gone: their name is never given again. */
  named(name: string): Person | undefined {
    const row = this.#selectByName.get(nameKey(name))
    return row === undefined ? undefined : (this.#byId.get(row.id) ?? this.#keep(row))
  }

  /** The account was deleted, or is of another kind, since this transaction. */
  changed({ id, user }: Person): void {
    this.#byId.delete(id)
    this.#byText.delete(user.id)
  }

  /** By a number that a table has: it exists. */
  get(id: number): Person {
    const person = this.#byId.get(id) ?? this.#load(id)
    if (person === undefined) throw new Error(`user ${id} is named but does not exist`)
    return person
  }

  #load(id: number): Person | undefined {
    const row = this.#selectById.get(id)
    return row === undefined ? undefined : this.#keep(row)
  }

  #keep(row: Row): Person {
    const user = { id: userText(row.id), name: row.name }
    const person = { id: row.id, user, gone: row.gone === 1, classic: row.classic === 1 }
    this.#byId.set(person.id, person)
    this.#byText.set(person.user.id, person)
    return person
  }
}

function here(person: Person | undefined, target: string): Person {
  if (person === undefined || person.gone) {
    throw new ChatError('unknownUser', `there is no user ${target}`)
  }
  return person
}
