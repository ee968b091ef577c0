import type { DatabaseSync } from 'node:sqlite'
import { ChatError } from '../../protocol/errors.ts'
import type { User } from '../../protocol/messages.ts'
import { isId, nameKey } from '../../protocol/names.ts'
import { userNumber, userText } from './ids.ts'
import { prepare } from './statements.ts'

/** A user, with the number that the tables know them by. */
export type Person = Readonly<{ id: number; user: User }>

type Row = { id: number; name: string }

/** The users that were asked for lately. Names never change, so only memory bounds what is kept. */
export class Users {
  #byId = new Map<number, Person>()
  #byText = new Map<string, Person>()
  #selectById
  #selectByName

  constructor(db: DatabaseSync) {
    this.#selectById = prepare<Row>(db, 'SELECT id, name FROM users WHERE id = ?')
    this.#selectByName = prepare<Row>(db, 'SELECT id, name FROM users WHERE name_key = ?')
  }

  get size(): number {
    return this.#byId.size
  }

  forget(): void {
    this.#byId.clear()
    this.#byText.clear()
  }

  /** By id or name. @throws ChatError unknownUser, naming it */
  need(target: string): Person {
    const person = this.find(target)
    if (person === undefined) throw new ChatError('unknownUser', `there is no user ${target}`)
    return person
  }

  /** By id or name. */
  find(target: string): Person | undefined {
    if (!isId(target)) return this.named(target)
    const known = this.#byText.get(target)
    if (known !== undefined) return known
    const id = userNumber(target)
    return id === undefined ? undefined : this.#load(id)
  }

  named(name: string): Person | undefined {
    const row = this.#selectByName.get(nameKey(name))
    return row === undefined ? undefined : (this.#byId.get(row.id) ?? this.#keep(row))
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
    const person = { id: row.id, user: { id: userText(row.id), name: row.name } }
    this.#byId.set(person.id, person)
    this.#byText.set(person.user.id, person)
    return person
  }
}
