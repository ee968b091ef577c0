import type { Status } from '../../../protocol/messages.ts'
import { status as statuses } from '../../../protocol/records.ts'
import { type Database, prepare } from '../statements.ts'
import type { Settings as Values } from '../store.ts'
import type { Users } from './users.ts'

/** What users have set for their account. */
export class Settings {
  #users: Users
  #select
  #update

  constructor(db: Database, users: Users) {
    this.#users = users
    this.#select = prepare<{ hidden: number; status: number }>(
      db,
      'SELECT hide_receipts AS hidden, status FROM users WHERE id = ?',
    )
    this.#update = prepare(db, 'UPDATE users SET hide_receipts = ?, status = ? WHERE id = ?')
  }

  of(user: string): Values {
    const { id } = this.#users.need(user)
    return { hideReceipts: this.hidesReceipts(id), status: this.#statusOf(id) }
  }

  change(user: string, changes: Partial<Values>): Values {
    const now = { ...this.of(user), ...changes }
    const hidden = now.hideReceipts ? 1 : 0
    this.#update.run(hidden, statuses.values[now.status], this.#users.need(user).id)
    return now
  }

  statuses(users: readonly string[]): readonly Status[] {
    return users.map((user) => {
      const person = this.#users.find(user)
      return person === undefined ? 'available' : this.#statusOf(person.id)
    })
  }

  hidesReceipts(user: number): boolean {
    return this.#select.get(user)?.hidden === 1
  }

  #statusOf(user: number): Status {
    return names[this.#select.get(user)?.status ?? 0] ?? 'available'
  }
}

const names = Object.keys(statuses.values) as Status[]
