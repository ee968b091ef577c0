import type { Duplex } from 'node:stream'
import { PacketSplitter } from './packet-splitter.ts'
import { type ClientPacket, readPacket, type ServerPacket, writePacket } from './packets.ts'

/** Above it nothing more is handed to the socket but answers: what is kept waits in the store. */
export const LINE_BYTES_MAX = 262_144
/** How long the last packet may take to reach a slow client. */
const CLOSE_MS_MAX = 5_000

/** Where a text stands that was handed to the socket. */
export type LinePlace = Readonly<{ conversation: string; seq: number; own: boolean }>

export type LineEvents = Readonly<{
  onPacket: (packet: ClientPacket) => void
  /** The client's bytes are no packets, or no packet that a client sends. */
  onFault: (error: unknown) => void
  /** The socket took these, without an error, in this order. */
  onHanded: (places: readonly LinePlace[]) => void
  /** The client sends nothing more. The owner ends the line. */
  onEnd: () => void
  /** Once, whoever ended it. */
  onClose: () => void
}>

/** The socket of a version-1 client: packets in, packets out. Those of a tick are written at once. */
export class Line {
  /** When a byte was last received. */
  heardAt: number
  /** Since when the client takes nothing of what waits for it; undefined: nothing waits beyond what may. */
  stuckSince: number | undefined
  closed = false
  #stream: Duplex
  #events: LineEvents
  readonly #monotonic: () => number
  #queue: Buffer[] = []
  #places: LinePlace[] = []
  #queuedBytes = 0
  #flushing = false
  #waiting: (() => void)[] = []

  constructor(stream: Duplex, events: LineEvents, monotonic: () => number) {
    this.#stream = stream
    this.#events = events
    this.#monotonic = monotonic
    this.heardAt = monotonic()
    const splitter = new PacketSplitter((command, payload) => {
      if (!this.closed) events.onPacket(readPacket(command, payload))
    })
    stream.on('data', (chunk: Buffer) => {
      this.heardAt = monotonic()
      this.#receive(splitter, chunk)
    })
    stream.on('error', () => this.#finish())
    stream.on('end', () => events.onEnd())
    stream.on('close', () => this.#finish())
  }

  /** Bytes that the system has not taken yet. */
  get outboxBytes(): number {
    return this.#queuedBytes + this.#stream.writableLength
  }

  send(packet: ServerPacket): void {
    this.#push(writePacket(packet), undefined)
  }

  /** A text of a log, or undefined for an entry that such a client is not sent. */
  hand(packet: ServerPacket | undefined, place: LinePlace): void {
    this.#push(packet === undefined ? undefined : writePacket(packet), place)
  }

  /** Resolves when there is room for more, or the line is closed. */
  async room(): Promise<void> {
    this.stuckSince = this.#monotonic()
    while (!this.closed && this.outboxBytes > LINE_BYTES_MAX) {
      await this.#progress()
      this.stuckSince = this.#monotonic()
    }
    this.stuckSince = undefined
  }

  /** Resolves when everything sent so far was handed to the socket, or the line is closed. */
  async handedAll(): Promise<void> {
    while (!this.closed && this.outboxBytes + this.#places.length > 0) await this.#progress()
  }

  pause(): void {
    this.#stream.pause()
  }

  resume(): void {
    if (!this.closed) this.#stream.resume()
  }

  /** Lets the last bytes go out. Idempotent. */
  end(): void {
    if (this.closed) return
    this.#flush()
    this.#stream.end()
    // Closing over unread bytes would reset the connection, and the last packet might be lost.
    this.#stream.resume()
    const timer = setTimeout(() => this.#stream.destroy(), CLOSE_MS_MAX)
    timer.unref()
    this.#stream.once('close', () => clearTimeout(timer))
    this.#finish()
  }

  /** Drops the connection at once. Idempotent. */
  destroy(): void {
    this.#stream.destroy()
    this.#finish()
  }

  #push(packet: Buffer | undefined, place: LinePlace | undefined): void {
    if (this.closed) return
    if (packet !== undefined) this.#queue.push(packet)
    if (place !== undefined) this.#places.push(place)
    this.#queuedBytes += packet?.length ?? 0
    if (this.#flushing) return
    this.#flushing = true
    setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#flushing = false
    const places = this.#places
    if (this.closed || this.#queue.length + places.length === 0) return
    const bytes = Buffer.concat(this.#queue)
    this.#queue = []
    this.#places = []
    this.#queuedBytes = 0
    this.#stream.write(bytes, (error) => {
      if (!error && places.length > 0) this.#events.onHanded(places)
      this.#wake()
    })
  }

  #receive(splitter: PacketSplitter, chunk: Buffer): void {
    if (this.closed) return
    try {
      splitter.push(chunk)
    } catch (error) {
      if (!this.closed) this.#events.onFault(error)
    }
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  #finish(): void {
    if (this.closed) return
    this.closed = true
    this.#queue = []
    this.#queuedBytes = 0
    this.#wake()
    this.#events.onClose()
  }
}
