import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Bytes as they went through: of which connection, and from which side. */
export type Passed = Readonly<{ connection: number; from: 'client' | 'server'; bytes: Buffer }>

/** Stands between clients and a server, sees what they say, and can keep answers to itself. */
export class Tap {
  /** Everything that went through, in order. */
  readonly passed: Passed[] = []
  /** What the server says gets lost from now on. */
  withholding = false
  #server: Server
  #target: number
  #sockets = new Set<Socket>()
  #connections = 0

  private constructor(server: Server, target: number) {
    this.#server = server
    this.#target = target
    server.on('connection', (socket) => this.#forward(socket))
  }

  static async open(target: number): Promise<Tap> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Tap(server, target)
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

  #forward(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1')
    this.#connections += 1
    const connection = this.#connections
    for (const [from, to, side] of [
      [client, server, 'client'],
      [server, client, 'server'],
    ] as const) {
      this.#sockets.add(from)
      from.on('data', (bytes) => {
        if (side === 'server' && this.withholding) return
        this.passed.push({ connection, from: side, bytes })
        to.write(bytes)
      })
      from.on('end', () => to.end())
      from.on('error', () => from.destroy())
      from.once('close', () => {
        this.#sockets.delete(from)
        to.destroy()
      })
    }
  }
}
