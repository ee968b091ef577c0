import type { Duplex } from 'node:stream'
import { ProtocolError } from '../protocol/errors.ts'
import { FrameSplitter } from '../protocol/frames.ts'

/**
 * One framed peer: frames in, frames out, over any byte stream. The frames of a tick are put
 * together and written once: a write for each frame costs forty times as much (bench/fan-out).
 */
export class Connection {
  /** When a byte was last received, by the clock that was handed in: any byte is a sign of life. */
  heardAt: number
  #stream: Duplex
  #splitter: FrameSplitter
  #events: ConnectionEvents
  #queue: Buffer[] = []
  #queuedBytes = 0
  #flushing = false
  #writing = false
  #closed = false

  constructor(stream: Duplex, events: ConnectionEvents, now: () => number) {
    this.#stream = stream
    this.#events = events
    this.#splitter = new FrameSplitter(events.onFrame)
    this.heardAt = now()
    stream.on('data', (chunk: Buffer) => {
      this.heardAt = now()
      this.#receive(chunk)
    })
    stream.on('drain', () => {
      this.#writing = false
      if (!this.#closed) events.onDrain?.()
    })
    stream.on('error', (error) => this.#finish(error))
    stream.on('end', () => this.#finish(undefined))
    stream.on('close', () => this.#finish(undefined))
  }

  /** The peer has sent a valid frame: it may be told why it is sent away. */
  get native(): boolean {
    return this.#splitter.native
  }

  /** Bytes that were sent here but did not reach the system yet. */
  get outboxBytes(): number {
    return this.#queuedBytes + this.#stream.writableLength
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Queues a whole frame. The buffer is not copied: it may be shared but not changed. */
  send(frame: Buffer): void {
    if (this.#closed) return
    this.#queue.push(frame)
    this.#queuedBytes += frame.length
    if (this.#flushing) return
    this.#flushing = true
    setImmediate(flush, this)
  }

  /** Writes what is queued, at the end of a tick. */
  flush(): void {
    this.#flushing = false
    if (this.#closed || this.#queue.length === 0) return
    const [first] = this.#queue
    const bytes =
      this.#queue.length === 1 && first !== undefined
        ? first
        : Buffer.concat(this.#queue, this.#queuedBytes)
    this.#queue = []
    this.#queuedBytes = 0
    this.#writing = !this.#stream.write(bytes)
  }

  /** The stream asks to wait: `onDrain` will be called. */
  get writing(): boolean {
    return this.#writing
  }

  /** Stops reading: the peer's sends wait in the network. */
  pause(): void {
    this.#stream.pause()
  }

  resume(): void {
    if (!this.#closed) this.#stream.resume()
  }

  /** Writes what is queued and says the end; `onClose` follows. Idempotent. */
  end(last?: Buffer): void {
    if (this.#closed) return
    if (last !== undefined) this.send(last)
    this.flush()
    this.#stream.end()
    this.#finish(undefined)
  }

  /** Drops the connection at once. Idempotent. */
  destroy(): void {
    this.#stream.destroy()
    this.#finish(undefined)
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return
    try {
      this.#splitter.push(chunk)
    } catch (error) {
      if (error instanceof ProtocolError) this.#events.onProtocolError(error)
      else this.#events.onFault(error)
    }
  }

  #finish(error: Error | undefined): void {
    if (this.#closed) return
    this.#closed = true
    this.#queue = []
    this.#queuedBytes = 0
    this.#events.onClose(error)
  }
}

/** What a connection tells its owner. The owner decides what an error means and closes. */
export type ConnectionEvents = Readonly<{
  /** `payload` is valid only during the call. */
  onFrame: (command: number, payload: Buffer) => void
  /** The peer's bytes broke the frame layout, or `onFrame` threw a ProtocolError. */
  onProtocolError: (error: ProtocolError) => void
  /** `onFrame` threw something else: a fault of this program. */
  onFault: (error: unknown) => void
  /** Once, whoever ended it. */
  onClose: (error: Error | undefined) => void
  /** The outbox is empty again. */
  onDrain?: () => void
}>

function flush(connection: Connection): void {
  connection.flush()
}
