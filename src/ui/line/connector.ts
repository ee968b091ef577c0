import { FileConnector } from '../flow/connector.ts'
import { type Memory, NO_MEMORY } from '../flow/memory.ts'

/**
 * The way to servers for line mode, which shows no screen to be filled before the server answers:
 * nothing is remembered for it. What the full screen remembers stays, until one logs out.
 */
export class LineConnector extends FileConnector {
  override memory(): Promise<Memory> {
    return Promise.resolve(NO_MEMORY)
  }
}
