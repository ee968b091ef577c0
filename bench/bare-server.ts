import { type AddressInfo, createServer as createPlain, type Socket } from 'node:net'
import { createServer as createTls } from 'node:tls'
import { encode } from '../src/protocol/codec.ts'
import { FRAME_HEADER_BYTES } from '../src/protocol/limits.ts'
import type { Identity } from '../src/server/identity.ts'
import { ENGLISH, groupEntry } from './samples.ts'

/**
 * The least that a Node server does to fan out: for every frame that anyone sends, the bytes of one
 * entry go to everyone, put together and written once per connection and tick. It checks, stores
 * and knows nothing.
 */
export class BareServer {
  #server
  #sockets = new Set<Socket>()
  #entry = encode(groupEntry(ENGLISH))
  /** Frames of this tick that are still to be sent to everyone. */
  #frames = 0

  /** With an identity it speaks TLS. */
  constructor(identity: Identity | undefined) {
    const accept = (socket: Socket) => this.#accept(socket)
    const options = { noDelay: true }
    this.#server =
      identity === undefined
        ? createPlain(options, accept)
        : createTls({ ...options, key: identity.key, cert: identity.cert }, accept)
  }

  /** The port. */
  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        resolve((this.#server.address() as AddressInfo).port)
      })
    })
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    let rest: Buffer = Buffer.alloc(0)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      rest = bytes.subarray(this.#count(bytes))
    })
  }

  /** Counts the whole frames; answers where they end. */
  #count(bytes: Buffer): number {
    let at = 0
    while (at + FRAME_HEADER_BYTES <= bytes.length) {
      const end = at + FRAME_HEADER_BYTES + bytes.readUInt32BE(at + 7)
      if (end > bytes.length) break
      at = end
      this.#frames += 1
      if (this.#frames === 1) setImmediate(() => this.#flush())
    }
    return at
  }

  #flush(): void {
    const frames = Array<Buffer>(this.#frames).fill(this.#entry)
    this.#frames = 0
    for (const socket of this.#sockets) socket.write(Buffer.concat(frames))
  }
}
