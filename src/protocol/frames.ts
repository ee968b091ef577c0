import { ProtocolError } from './errors.ts'
import { FRAME_HEADER_BYTES, PAYLOAD_BYTES_MAX } from './limits.ts'

/** The frame layout, the same in all versions: see the table in PROTOCOL.md. */

const MAGIC = 0x12345678
/** The version that this program speaks, and its serializer: proto3 wire format. */
export const NATIVE_VERSION = 2
const NATIVE_SERIALIZER = 2

/** Takes one frame. `payload` is a view that is valid only during the call. */
export type OnFrame = (command: number, payload: Buffer) => void

/** Writes the eleven bytes of a version 2 header at the beginning of `bytes`. */
export function frameHeader(bytes: Buffer, command: number, payloadBytes: number): void {
  bytes.writeUInt32BE(MAGIC, 0)
  bytes[4] = NATIVE_VERSION
  bytes[5] = NATIVE_SERIALIZER
  bytes[6] = command
  bytes.writeUInt32BE(payloadBytes, 7)
}

/**
 * Chunks in, whole frames out. Frames that lie whole in a chunk are handed on in place; only an
 * unfinished tail is copied. The header is checked as soon as it is there, before any memory is
 * taken for the payload.
 */
export class FrameSplitter {
  /** A whole valid frame was seen: from then on the peer is told why it is sent away. */
  native = false
  #onFrame: OnFrame
  #tail: Buffer = Buffer.alloc(0)
  #tailBytes = 0

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame
  }

  /** @throws ProtocolError badMagic, badVersion, badSerializer, frameTooLong */
  push(chunk: Buffer): void {
    let at = this.#tailBytes > 0 ? this.#finishTail(chunk) : 0
    while (at < chunk.length) {
      const end = frameEnd(chunk, at, chunk.length)
      if (end > chunk.length) break
      this.#emit(chunk, at, end)
      at = end
    }
    if (at < chunk.length) this.#keep(chunk, at)
  }

  /** Completes the frame that an earlier chunk began; returns how much of the chunk it took. */
  #finishTail(chunk: Buffer): number {
    let taken = 0
    while (taken < chunk.length) {
      const wanted = frameEnd(this.#tail, 0, this.#tailBytes) - this.#tailBytes
      const part = Math.min(wanted, chunk.length - taken)
      this.#append(chunk, taken, taken + part)
      taken += part
      if (frameEnd(this.#tail, 0, this.#tailBytes) === this.#tailBytes) {
        const end = this.#tailBytes
        this.#tailBytes = 0
        this.#emit(this.#tail, 0, end)
        return taken
      }
    }
    return taken
  }

  #keep(chunk: Buffer, at: number): void {
    this.#tailBytes = 0
    this.#append(chunk, at, chunk.length)
  }

  #append(chunk: Buffer, start: number, end: number): void {
    const needed = this.#tailBytes + end - start
    if (needed > this.#tail.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#tail.length * 2))
      this.#tail.copy(larger, 0, 0, this.#tailBytes)
      this.#tail = larger
    }
    chunk.copy(this.#tail, this.#tailBytes, start, end)
    this.#tailBytes = needed
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    this.native = true
    this.#onFrame(bytes[start + 6] as number, bytes.subarray(start + FRAME_HEADER_BYTES, end))
  }
}

/**
 * Where the frame that begins at `at` ends, as far as `known` bytes tell: the end of the header
 * while that is not complete. Each byte of the header is checked as soon as it is known.
 */
function frameEnd(bytes: Buffer, at: number, known: number): number {
  const have = known - at
  if (have < FRAME_HEADER_BYTES) {
    checkStart(bytes, at, have)
    return at + FRAME_HEADER_BYTES
  }
  if (bytes.readUInt32BE(at) !== MAGIC) throw new ProtocolError('badMagic')
  if (bytes[at + 4] !== NATIVE_VERSION) throw new ProtocolError('badVersion')
  if (bytes[at + 5] !== NATIVE_SERIALIZER) throw new ProtocolError('badSerializer')
  const length = bytes.readUInt32BE(at + 7)
  if (length > PAYLOAD_BYTES_MAX) throw new ProtocolError('frameTooLong')
  return at + FRAME_HEADER_BYTES + length
}

/** A peer that speaks something else is found out at its first wrong byte. */
function checkStart(bytes: Buffer, at: number, have: number): void {
  for (let index = 0; index < Math.min(have, 4); index += 1) {
    if (bytes[at + index] !== ((MAGIC >>> (24 - 8 * index)) & 0xff))
      throw new ProtocolError('badMagic')
  }
}
