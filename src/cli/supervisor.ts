import type { RunningServer } from '../server/serve.ts'
import type { FromServer, ToServer } from './hosting.ts'

/** The server's end of the channel to the client that started it (`--hosted`). */
export class Supervisor {
  #stop: () => void
  #server: RunningServer | undefined
  #keeps = false

  /** @param stop the client wants the server to end, or has ended without telling it to go on */
  constructor(stop: () => void) {
    this.#stop = stop
    process.on('message', (message: ToServer) => this.#obey(message))
    process.once('disconnect', () => {
      if (!this.#keeps) stop()
    })
    if (!process.connected) stop()
  }

  listening(server: RunningServer): void {
    this.#server = server
    tell({ type: 'listening', port: server.port, fingerprint: server.fingerprint })
  }

  failed(reason: 'portTaken' | 'locked' | 'other', text: string): void {
    tell({ type: 'failed', reason, text })
  }

  /** The channel would keep this process alive. */
  release(): void {
    if (process.connected) process.disconnect()
  }

  #obey({ type }: ToServer): void {
    if (type === 'keep') this.#keeps = true
    if (type === 'stop') this.#stop()
    if (type === 'count') {
      tell({ type: 'connected', count: this.#server?.connected().connections ?? 0 })
    }
  }
}

function tell(message: FromServer): void {
  if (process.connected) process.send?.(message)
}
