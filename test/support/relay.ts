import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Bytes as they go through: of which connection, from 1 on, and from which side. */
export type Passed = Readonly<{ connection: number; from: 'client' | 'server'; bytes: Buffer }>

/**
 * A port that stays while the server behind it comes and goes, and a way to cut connections:
 * restarted servers need not get their old port back.
 */
export class Relay {
  /** Where the connections go; undefined: nobody is there, they are closed. */
  target: number | undefined
  #server: Server
  #sockets = new Set<Socket>()
  #connections = 0
  #passes: (passed: Passed) => boolean

  private constructor(server: Server, passes: (passed: Passed) => boolean) {
    this.#server = server
    this.#passes = passes
    server.on('connection', (socket) => this.#forward(socket))
  }

  /** `passes`: what goes through; it sees everything. */
  static async open(passes: (passed: Passed) => boolean = () => true): Promise<Relay> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Relay(server, passes)
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
    this.#connections += 1
    this.#pass(near, far, { connection: this.#connections, from: 'client' })
    this.#pass(far, near, { connection: this.#connections, from: 'server' })
    near.once('close', () => far.destroy())
    far.once('close', () => near.destroy())
  }

  #pass(from: Socket, to: Socket, whose: Omit<Passed, 'bytes'>): void {
    from.on('data', (bytes) => {
      if (!this.#passes({ ...whose, bytes }) || to.write(bytes)) return
      from.pause()
      to.once('drain', () => from.resume())
    })
    from.once('end', () => to.end())
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#sockets.delete(socket))
  }
}
