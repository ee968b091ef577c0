import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/**
 * A port that stays while the server behind it comes and goes, and a way to cut connections:
 * restarted servers need not get their old port back.
 */
export class Relay {
  /** Where the connections go; undefined: nobody is there, they are closed. */
  target: number | undefined
  #server: Server
  #sockets = new Set<Socket>()

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => this.#forward(socket))
  }

  static async open(): Promise<Relay> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Relay(server)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Drops every connection. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.cut()
    await closed
  }

  #forward(near: Socket): void {
    this.#hold(near)
    if (this.target === undefined) {
      near.destroy()
      return
    }
    const far = connect(this.target, '127.0.0.1')
    this.#hold(far)
    near.pipe(far)
    far.pipe(near)
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#sockets.delete(socket))
  }
}
