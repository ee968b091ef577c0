import { Duplex } from 'node:stream'
import type { SeededRandom } from './seeded-random.ts'

export type Faults = Readonly<{
  /** Longest delay of a piece, milliseconds; 0: none. */
  delayMs: number
  /** Bytes are cut into pieces at random places. */
  split: boolean
  /** Probability that a piece waits for `stallMs`. */
  stall: number
  stallMs: number
  /** Probability that the link is reset at a piece, which is lost with all that is on its way. */
  reset: number
}>

export const NO_FAULTS: Faults = { delayMs: 0, split: false, stall: 0, stallMs: 0, reset: 0 }

/**
 * Two ends of an in-memory connection that misbehaves as its seed says: which piece meets which fault
 * follows from the seed; delays are waited for in real time.
 */
export class FaultyLink {
  readonly near: Duplex
  readonly far: Duplex
  #random: SeededRandom
  #faults: Faults
  #dropped = false

  constructor(random: SeededRandom, faults: Faults) {
    this.#random = random
    this.#faults = faults
    const near = new End((bytes, done) => this.#carry(far, bytes, done))
    const far: End = new End((bytes, done) => this.#carry(near, bytes, done))
    near.other = far
    far.other = near
    this.near = near
    this.far = far
  }

  /** From now on nothing arrives, and nobody is told: as when a cable is pulled. */
  drop(): void {
    this.#dropped = true
  }

  /** From now on it behaves; what was dropped cannot be made good, so that it breaks. */
  heal(): void {
    this.#faults = NO_FAULTS
    if (this.#dropped) this.reset()
  }

  /** Both ends see the connection break; what was on its way is lost. */
  reset(): void {
    for (const end of [this.near, this.far]) {
      if (!end.destroyed) end.destroy(new Error('the link was reset'))
    }
  }

  #carry(to: End, bytes: Buffer, done: () => void): void {
    if (this.#dropped) return
    if (bytes.length === 0) done()
    else if (this.#random.chance(this.#faults.reset)) this.reset()
    else this.#carryPiece(to, bytes, done)
  }

  #carryPiece(to: End, bytes: Buffer, done: () => void): void {
    const { split, stall, stallMs, delayMs } = this.#faults
    const size = split ? 1 + this.#random.below(bytes.length) : bytes.length
    const stalled = this.#random.chance(stall) ? stallMs : 0
    const delay = stalled + this.#random.next() * delayMs
    const rest = () => this.#carry(to, bytes.subarray(size), done)
    const deliver = () => to.deliver(bytes.subarray(0, size), rest)
    if (delay < 1) setImmediate(deliver)
    else setTimeout(deliver, delay)
  }
}

type Carry = (bytes: Buffer, done: () => void) => void

class End extends Duplex {
  other: End | undefined
  #carry: Carry
  #wanted: (() => void) | undefined

  constructor(carry: Carry) {
    super({ highWaterMark: 16_384 })
    this.#carry = carry
    // A link that breaks before anyone listens.
    this.on('error', () => undefined)
  }

  /** `then` is called when there is room for more. */
  deliver(bytes: Buffer, then: () => void): void {
    if (this.destroyed || this.readableEnded || this.push(Buffer.from(bytes))) then()
    else this.#wanted = then
  }

  override _read(): void {
    const wanted = this.#wanted
    this.#wanted = undefined
    wanted?.()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#carry(chunk, done)
  }

  override _final(done: () => void): void {
    const { other } = this
    if (other !== undefined && !other.destroyed) other.push(null)
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this
    setImmediate(() => {
      if (other !== undefined && !other.destroyed) other.destroy(new Error('the link was reset'))
    })
    done(error)
  }
}
