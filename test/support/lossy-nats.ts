import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** Of what a NATS server says, that which has a payload: how long it is stands at the end. */
const MESSAGE = /^H?MSG .* (\d+)$/
const LINE_END = Buffer.from('\r\n')

/** Stands before a NATS server, and loses messages of it whole, as if they had never been sent. */
export class LossyNats {
  /** Whether the next one is lost. */
  loses: () => boolean = () => false
  /** How many were. */
  lost = 0
  #server: Server
  #target: number
  #sockets = new Set<Socket>()

  private constructor(server: Server, target: number) {
    this.#server = server
    this.#target = target
    server.on('connection', (socket) => this.#forward(socket))
  }

  static async before(port: number): Promise<LossyNats> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new LossyNats(server, port)
  }

  get url(): string {
    return `nats://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #forward(near: Socket): void {
    const far = connect(this.#target, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from)
      from.on('error', () => from.destroy())
      from.once('close', () => {
        this.#sockets.delete(from)
        to.destroySoon()
      })
    }
    near.pipe(far)
    const sieve = new Sieve((bytes, isMessage) => {
      if (isMessage && this.loses()) this.lost += 1
      else near.write(bytes)
    })
    far.on('data', (bytes) => sieve.take(bytes))
  }
}

/** Cuts a stream into messages, with their payloads, and other lines. */
class Sieve {
  #rest = Buffer.alloc(0)
  #onPart: (bytes: Buffer, isMessage: boolean) => void

  constructor(onPart: (bytes: Buffer, isMessage: boolean) => void) {
    this.#onPart = onPart
  }

  take(bytes: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, bytes])
    for (;;) {
      const line = this.#rest.indexOf(LINE_END)
      if (line === -1) return
      const size = MESSAGE.exec(this.#rest.toString('latin1', 0, line))?.[1]
      const payload = size === undefined ? 0 : Number(size) + LINE_END.length
      const end = line + LINE_END.length + payload
      if (this.#rest.length < end) return
      this.#onPart(this.#rest.subarray(0, end), size !== undefined)
      this.#rest = this.#rest.subarray(end)
    }
  }
}
