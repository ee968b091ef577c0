import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls'
import { isLoopback, TLS_OPTIONS } from '../net/tls.ts'
import { addressKey } from './address-key.ts'
import { CLASSIC_VERSION } from './classic/packets.ts'
import type { Identity } from './identity.ts'
import { GUEST_MS_MAX, type Rates, REFUSALS_MAX } from './limits.ts'
import type { Arrival } from './peer.ts'
import { RateLimit } from './rate-limit.ts'

/** The first byte of a TLS ClientHello, and of a frame. */
const TLS_BYTE = 0x16
const FRAME_BYTE = 0x12
/** Where a frame says its version. */
const VERSION_AT = 4

export type ListenerOptions = Readonly<{
  identity: Identity
  allowPlaintext: boolean
  rates: Pick<Rates, 'newConnectionsPerSecond' | 'openConnections'>
  monotonic: () => number
  onStream: (stream: Duplex, arrival: Arrival) => void
  /** For version 1, which is always plain; undefined: it is not spoken here. */
  onClassic: ((stream: Duplex, address: string) => void) | undefined
  /** The listening socket itself failed. */
  onFailure: (error: Error) => void
}>

type Refusal = Omit<Arrival, 'address'>

const WELCOME: Refusal = { refusal: undefined }

/**
 * One port for TLS and plain connections: the first byte tells. Who sends anything else is closed
 * without a byte. Addresses with too many connections are refused (rule 14).
 */
export class Listener {
  #options: ListenerOptions
  #secureContext: SecureContext
  #server: Server
  #newConnections: RateLimit
  /** Open connections by address. */
  #open = new Map<string, number>()
  #sockets = new Set<Socket>()
  /** Bytes of connections that are gone. */
  #received = 0
  #sent = 0
  /** Not handed on yet: no first byte, or TLS is being agreed on. With their beginning. */
  #beginning = new Map<Socket, number>()

  constructor(options: ListenerOptions) {
    const { newConnectionsPerSecond: perSecond } = options.rates
    this.#options = options
    this.#secureContext = createSecureContext({ ...TLS_OPTIONS, ...pemOf(options.identity) })
    this.#newConnections = new RateLimit({ perSecond, burst: perSecond }, options.monotonic)
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket))
  }

  /** Bytes since the start, TLS included. */
  get traffic(): Readonly<{ received: number; sent: number }> {
    let [received, sent] = [this.#received, this.#sent]
    for (const { bytesRead, bytesWritten } of this.#sockets) {
      received += bytesRead
      sent += bytesWritten
    }
    return { received, sent }
  }

  /** The port that was chosen. `host` undefined: every interface, IPv6 where the machine has it. */
  listen(host: string | undefined, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port }, () => {
        this.#server.off('error', reject)
        this.#server.on('error', this.#options.onFailure)
        const address = this.#server.address()
        resolve(address === null || typeof address === 'string' ? port : address.port)
      })
    })
  }

  /** Once a second: connections that do not come to their first frame. */
  sweep(): void {
    const latest = this.#options.monotonic() - GUEST_MS_MAX
    for (const [socket, since] of this.#beginning) {
      if (since > latest) break
      socket.destroy()
    }
    this.#newConnections.sweep()
  }

  /** Takes no new connections. */
  stop(): void {
    this.#server.close()
    for (const socket of this.#beginning.keys()) socket.destroy()
  }

  /** Resolves when every connection is gone; those that are not after `ms` are dropped. */
  async close(ms: number): Promise<void> {
    const gone = Promise.all([...this.#sockets].map(closed))
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy()
    }, ms)
    await gone
    clearTimeout(timer)
  }

  #accept(socket: Socket): void {
    const { remoteAddress } = socket
    if (remoteAddress === undefined) {
      socket.destroy()
      return
    }
    const address = addressKey(remoteAddress)
    const open = this.#open.get(address) ?? 0
    const refusal = this.#tooMany(address, open)
    if (refusal !== WELCOME && open >= this.#options.rates.openConnections + REFUSALS_MAX) {
      socket.destroy()
      return
    }
    this.#open.set(address, open + 1)
    this.#sockets.add(socket)
    this.#beginning.set(socket, this.#options.monotonic())
    socket.on('error', drop)
    socket.once('close', () => this.#forget(socket, address))
    socket.once('data', (chunk) => {
      this.#sniff(socket, chunk, address, refusal)
    })
  }

  #tooMany(address: string, open: number): Refusal {
    const { openConnections } = this.#options.rates
    const retryMs = this.#newConnections.take(address)
    const refusal = 'tooManyConnections'
    if (open >= openConnections) {
      const refusalText = `this address has ${openConnections} connections, no more are taken; close one first`
      return { refusal, refusalText }
    }
    if (retryMs === 0) return WELCOME
    const seconds = Math.ceil(retryMs / 1_000)
    return {
      refusal,
      refusalText: `too many new connections of this address; try again in ${seconds} s`,
    }
  }

  #sniff(socket: Socket, chunk: Buffer, address: string, refusal: Refusal): void {
    if (this.#options.onClassic && chunk[0] === FRAME_BYTE && chunk.length <= VERSION_AT) {
      socket.once('data', (more) => {
        this.#sniff(socket, Buffer.concat([chunk, more]), address, refusal)
      })
      return
    }
    socket.pause()
    socket.unshift(chunk)
    if (this.#options.onClassic && isClassic(chunk)) {
      this.#handOnClassic(socket, address, refusal)
    } else if (chunk[0] === TLS_BYTE) {
      this.#secure(socket, address, refusal)
    } else if (chunk[0] === FRAME_BYTE) {
      const plain = this.#options.allowPlaintext || isLoopback(socket.remoteAddress ?? '')
      const mayBePlain = plain || refusal !== WELCOME
      this.#handOn(socket, socket, address, mayBePlain ? refusal : { refusal: 'plaintextRefused' })
    } else {
      socket.destroy()
    }
  }

  #secure(socket: Socket, address: string, refusal: Refusal): void {
    const stream = new TLSSocket(socket, { isServer: true, secureContext: this.#secureContext })
    stream.on('error', () => socket.destroy())
    stream.once('secure', () => this.#handOn(socket, stream, address, refusal))
  }

  #handOn(socket: Socket, stream: Duplex, address: string, refusal: Refusal): void {
    this.#beginning.delete(socket)
    this.#options.onStream(stream, { address, ...refusal })
    stream.resume()
  }

  /** Such a client cannot be told why it is refused. */
  #handOnClassic(socket: Socket, address: string, { refusal }: Refusal): void {
    if (refusal !== undefined) {
      socket.destroy()
      return
    }
    this.#beginning.delete(socket)
    this.#options.onClassic?.(socket, address)
    socket.resume()
  }

  #forget(socket: Socket, address: string): void {
    this.#sockets.delete(socket)
    this.#received += socket.bytesRead
    this.#sent += socket.bytesWritten
    this.#beginning.delete(socket)
    const open = (this.#open.get(address) ?? 1) - 1
    if (open === 0) this.#open.delete(address)
    else this.#open.set(address, open)
  }
}

function isClassic(chunk: Buffer): boolean {
  return chunk[0] === FRAME_BYTE && chunk[VERSION_AT] === CLASSIC_VERSION
}

function drop(): void {}

function pemOf({ key, cert }: Identity): Readonly<{ key: string; cert: string }> {
  return { key, cert }
}

function closed(socket: Socket): Promise<void> {
  if (socket.closed) return Promise.resolve()
  return new Promise((resolve) => socket.once('close', () => resolve()))
}
