import type { DatabaseSync } from 'node:sqlite'
import { prepare } from '../statements.ts'
import type { Settings as Values } from '../store.ts'
import type { Users } from './users.ts'

/** What users have set for their account. */
export class Settings {
  #users: Users
  #select
  #update

  constructor(db: DatabaseSync, users: Users) {
    this.#users = users
    this.#select = prepare<{ hidden: number }>(
      db,
      'SELECT hide_receipts AS hidden FROM users WHERE id = ?',
    )
    this.#update = prepare(db, 'UPDATE users SET hide_receipts = ? WHERE id = ?')
  }

  of(user: string): Values {
    return { hideReceipts: this.hidesReceipts(this.#users.need(user).id) }
  }

  change(user: string, { hideReceipts }: Values): void {
    this.#update.run(hideReceipts ? 1 : 0, this.#users.need(user).id)
  }

  hidesReceipts(user: number): boolean {
    return this.#select.get(user)?.hidden === 1
  }
}
