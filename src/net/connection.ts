import type { Duplex } from 'node:stream'
import { ProtocolError } from '../protocol/errors.ts'
import { FrameSplitter } from '../protocol/frames.ts'

/** How long the last frame may take to reach a slow peer before the connection is dropped. */
const CLOSE_MS_MAX = 5_000

/**
 * One framed peer: frames in, frames out, over any byte stream. The frames of a tick are put
 * together and written once: a write for each frame costs forty times as much (bench/fan-out).
 * While the stream asks to wait nothing is handed to it; how much may gather here is the owner's
 * to bound, by `outboxBytes` and `onDrain`.
 */
export class Connection {
  /** When a byte was last received, by the clock that was handed in: any byte is a sign of life. */
  heardAt: number
  #stream: Duplex
  #splitter: FrameSplitter
  #events: ConnectionEvents
  #flusher: Flusher | undefined
  #queue: Buffer[] = []
  #queuedBytes = 0
  #flushing = false
  #writing = false
  #closed = false

  /** `flusher`: shared by connections that often write in the same tick, as a server's do. */
  constructor(stream: Duplex, events: ConnectionEvents, now: () => number, flusher?: Flusher) {
    this.#stream = stream
    this.#events = events
    this.#flusher = flusher
    this.#splitter = new FrameSplitter((command, payload) => {
      if (!this.#closed) events.onFrame(command, payload)
    })
    this.heardAt = now()
    stream.on('data', (chunk: Buffer) => {
      this.heardAt = now()
      this.#receive(chunk)
    })
    stream.on('drain', () => this.#drained())
    stream.on('error', (error) => this.#finish(error))
    stream.on('end', () => this.end())
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
    if (this.#flusher === undefined) setImmediate(flush, this)
    else this.#flusher.add(this)
  }

  /** Writes what is queued, at the end of a tick. */
  flush(): void {
    this.#flushing = false
    if (!this.#writing && !this.#closed) this.#write()
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

  /**
   * Writes what is queued and says the end; `onClose` follows at once. What was written may reach
   * a slow peer for five seconds more. Idempotent.
   */
  end(last?: Buffer): void {
    if (this.#closed) return
    if (last !== undefined) {
      this.#queue.push(last)
      this.#queuedBytes += last.length
    }
    this.#write()
    this.#stream.end()
    // What still comes is read and dropped: closing over unread bytes would reset the connection,
    // and the last frame might never be seen.
    this.#stream.resume()
    const timer = setTimeout(() => this.#stream.destroy(), CLOSE_MS_MAX)
    timer.unref()
    this.#stream.once('close', () => clearTimeout(timer))
    this.#finish(undefined)
  }

  /** Drops the connection at once. Idempotent. */
  destroy(): void {
    this.#stream.destroy()
    this.#finish(undefined)
  }

  #write(): void {
    if (this.#queue.length === 0) return
    const bytes = this.#join(this.#queue)
    this.#queue = []
    this.#queuedBytes = 0
    this.#writing = !this.#stream.write(bytes)
  }

  #join(frames: readonly Buffer[]): Buffer {
    const [first] = frames
    if (first !== undefined && frames.length === 1) return first
    return this.#flusher?.join(frames) ?? Buffer.concat(frames)
  }

  #drained(): void {
    this.#writing = false
    if (this.#closed) return
    this.#write()
    if (!this.#writing) this.#events.onDrain?.()
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return
    try {
      this.#splitter.push(chunk)
    } catch (error) {
      if (this.#closed) return
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
  /** `payload` is valid only during the call. Not called any more once the connection is closed. */
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

/**
 * One wake-up at the end of a tick for all connections that have something to write. Members of a
 * group mostly have the same to write: it is put together once.
 */
export class Flusher {
  #waiting: Connection[] = []
  /** What was put together last, and the whole. */
  #frames: readonly Buffer[] = []
  #joined: Buffer = NOTHING

  add(connection: Connection): void {
    if (this.#waiting.push(connection) === 1) setImmediate(flushAll, this)
  }

  /** The frames as one buffer. Neither the list nor the bytes may be changed afterwards. */
  join(frames: readonly Buffer[]): Buffer {
    if (!sameFrames(frames, this.#frames)) {
      this.#frames = frames
      this.#joined = Buffer.concat(frames)
    }
    return this.#joined
  }

  flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const connection of waiting) connection.flush()
    this.#frames = []
    this.#joined = NOTHING
  }
}

const NOTHING = Buffer.alloc(0)

function sameFrames(one: readonly Buffer[], other: readonly Buffer[]): boolean {
  if (one.length !== other.length) return false
  for (let index = 0; index < one.length; index += 1) {
    if (one[index] !== other[index]) return false
  }
  return true
}

function flush(connection: Connection): void {
  connection.flush()
}

function flushAll(flusher: Flusher): void {
  flusher.flush()
}
