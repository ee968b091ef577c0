import { setTimeout as delay } from 'node:timers/promises'
import { ChatError } from '../../protocol/errors.ts'

/**
 * Over a rate it waits and does it again: a client of version 1 could not be told, so it is not
 * read meanwhile. @throws what `run` throws else
 */
export async function patiently<T>(run: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await run()
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== 'rateLimited') throw error
      if (error.retryMs === 0) throw error
      await delay(error.retryMs, undefined, { ref: false })
    }
  }
}
