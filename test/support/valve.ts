import { once } from 'node:events'
import { connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net'

/** Where a server listens: a port, or the path of a socket. */
type Place = NetConnectOpts & Readonly<{ path?: string; port?: number }>

/**
 * Stands before a server. Closed, it is as if the server was frozen: connections are taken, and
 * nothing comes or goes; what was said meanwhile arrives when it is opened again.
 */
export class Valve {
  /** Connections that came so far. */
  connections = 0
  #server: Server
  #target: Place
  #sockets = new Set<Socket>()
  #closed = false

  private constructor(server: Server, target: Place) {
    this.#server = server
    this.#target = target
    server.on('connection', (socket) => this.#forward(socket))
  }

  /** @param at where it listens; a port of its own unless said otherwise */
  static async before(target: Place, at: Place = { host: '127.0.0.1', port: 0 }): Promise<Valve> {
    const server = createServer({ allowHalfOpen: true }).listen(at)
    await once(server, 'listening')
    return new Valve(server, target)
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  shut(): void {
    this.#closed = true
    for (const socket of this.#sockets) socket.pause()
  }

  open(): void {
    this.#closed = false
    for (const socket of this.#sockets) socket.resume()
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #forward(near: Socket): void {
    this.connections += 1
    const far = connect(this.#target)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from)
      from.on('data', (bytes) => to.write(bytes))
      from.on('end', () => to.end())
      from.on('error', () => from.destroy())
      from.once('close', () => {
        this.#sockets.delete(from)
        to.destroySoon()
      })
      if (this.#closed) from.pause()
    }
  }
}
