import { randomBytes } from 'node:crypto'
import { openSqliteStore } from '../src/server/store/sqlite.ts'
import type { Store } from '../src/server/store/store.ts'
import { registerAll } from './population.ts'
import { ENGLISH } from './samples.ts'

/** The store without a server: direct messages of so many pairs, so many of each under way. */
export class StoreAlone {
  #store: Store
  #users: readonly string[]
  #window: number

  private constructor(store: Store, users: readonly string[], window: number) {
    this.#store = store
    this.#users = users
    this.#window = window
  }

  static async open(folder: string, pairs: number, window: number): Promise<StoreAlone> {
    const store = await openSqliteStore({ folder, onAppended: () => undefined })
    return StoreAlone.of(store, pairs, window)
  }

  /** @param store is closed with this */
  static async of(store: Store, pairs: number, window: number): Promise<StoreAlone> {
    const people = await registerAll(store, pairs * 2)
    const users = people.map(({ user }) => user)
    return new StoreAlone(store, users, window)
  }

  /** Answers the seconds that it took. */
  async round(messages: number): Promise<number> {
    const pairs = this.#users.length / 2
    let left = messages
    const flow = async (pair: number) => {
      const sender = this.#users[pair * 2] ?? ''
      const target = this.#users[pair * 2 + 1] ?? ''
      while (left > 0) {
        left -= 1
        const nonce = randomBytes(16)
        const time = Date.now()
        await this.#store.append({ sender, kind: 'direct', target, nonce, text: ENGLISH, time })
      }
    }
    const start = process.hrtime.bigint()
    const flows = Array.from({ length: pairs * this.#window }, (_, at) => flow(at % pairs))
    await Promise.all(flows)
    return Number(process.hrtime.bigint() - start) / 1e9
  }

  close(): Promise<void> {
    return this.#store.close()
  }
}
