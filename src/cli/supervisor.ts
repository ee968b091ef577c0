import type { RunningServer } from '../server/serve.ts'
import type { Failed, FromServer, ToServer } from './hosting.ts'

/** The server's end of the channel to the client that started it (`--hosted`). */
export class Supervisor {
  #stop: (by: string) => void
  #server: RunningServer | undefined
  #keeps = false

  /** @param stop the client wants the server to end, or has ended without telling it to go on */
  constructor(stop: (by: string) => void) {
    this.#stop = stop
    process.on('message', (message: ToServer) => this.#obey(message))
    process.once('disconnect', () => {
      if (!this.#keeps) stop('the end of the client')
    })
    if (!process.connected) stop('the end of the client')
  }

  /** @param share what colleagues can paste */
  async listening(server: RunningServer, share: readonly string[]): Promise<void> {
    this.#server = server
    const { port, fingerprint } = server
    // Without one the server is as good for everybody who has an account.
    const invite = await server.ownInvite().catch(() => undefined)
    await tell({ type: 'listening', port, fingerprint, share, invite })
  }

  /** Resolves when the client has been told. */
  failed(failure: Omit<Failed, 'type'>): Promise<void> {
    return tell({ type: 'failed', ...failure })
  }

  /** The channel would keep this process alive. */
  release(): void {
    if (process.connected) process.disconnect()
  }

  #obey({ type }: ToServer): void {
    if (type === 'keep') this.#keeps = true
    if (type === 'stop') this.#stop('the client')
    if (type === 'count') {
      void tell({ type: 'connected', count: this.#server?.connected().connections ?? 0 })
    }
  }
}

/** A client that is gone need not be told. */
function tell(message: FromServer): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve())
    else resolve()
  })
}
