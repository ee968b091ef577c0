import type { User } from '../../protocol/messages.ts'
import { FileConnector, type Memory, type ServerPlace } from '../flow/connector.ts'
import { NO_MEMORY } from '../flow/memory.ts'

/**
 * The way to servers for line mode, which shows no screen to be filled before the server answers:
 * nothing is remembered for it. What the full screen remembers stays, until one logs out.
 */
export class LineConnector extends FileConnector {
  #user: User | undefined

  override memory(_: ServerPlace, user: User): Promise<Memory> {
    this.#user = user
    return Promise.resolve(NO_MEMORY)
  }

  override async forget(place: ServerPlace, userName: string): Promise<void> {
    if (this.#user !== undefined) {
      const { cache, drafts } = await super.memory(place, this.#user)
      await Promise.all([cache.remove(), drafts.remove()])
      await Promise.all([cache.close(), drafts.close()])
    }
    await super.forget(place, userName)
  }
}
