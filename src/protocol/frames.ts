import { type ErrorCode, ProtocolError } from './errors.ts'
import { FRAME_BYTES_MAX, FRAME_HEADER_BYTES, PAYLOAD_BYTES_MAX } from './limits.ts'

/** The frame layout, the same in all versions: see the table in PROTOCOL.md. */

const MAGIC = 0x12345678
/** The version that this program speaks, and its serializer: proto3 wire format. */
export const NATIVE_VERSION = 2
export const NATIVE_SERIALIZER = 2

/** What the first six bytes must be, and which error it is when one is not. */
const FIRST_BYTES: readonly (readonly [number, ErrorCode])[] = [
  [MAGIC >>> 24, 'badMagic'],
  [(MAGIC >>> 16) & 0xff, 'badMagic'],
  [(MAGIC >>> 8) & 0xff, 'badMagic'],
  [MAGIC & 0xff, 'badMagic'],
  [NATIVE_VERSION, 'badVersion'],
  [NATIVE_SERIALIZER, 'badSerializer'],
]
const COMMAND_AT = 6
const LENGTH_AT = 7

/**
 * Bytes kept for unfinished frames between two of them: enough for a chat's usual ones. What a
 * larger frame needed is given back when that frame is whole.
 */
const TAIL_KEPT_BYTES = 1_024
const NO_BYTES = Buffer.alloc(0)

/** Takes one frame. `payload` is a view that is valid only during the call. */
export type OnFrame = (command: number, payload: Buffer) => void

/** Writes the eleven bytes of a version 2 header at the beginning of `bytes`. */
export function frameHeader(bytes: Buffer, command: number, payloadBytes: number): void {
  bytes.writeUInt32BE(MAGIC, 0)
  bytes[4] = NATIVE_VERSION
  bytes[5] = NATIVE_SERIALIZER
  bytes[COMMAND_AT] = command
  bytes.writeUInt32BE(payloadBytes, LENGTH_AT)
}

/**
 * Chunks in, whole frames out. Frames that lie whole in a chunk are handed on in place; only an
 * unfinished tail is copied, and never takes more than twice the bytes that were received of it.
 */
export class FrameSplitter {
  /** A whole valid frame was seen: from then on the peer is told why it is sent away. */
  native = false
  #onFrame: OnFrame
  /** The beginning of a frame whose rest has not come yet: the first `#tailBytes` bytes. */
  #tail: Buffer = NO_BYTES
  #tailBytes = 0

  constructor(onFrame: OnFrame) {
    this.#onFrame = onFrame
  }

  /** Memory that is held between two chunks. */
  get heldBytes(): number {
    return this.#tail.length
  }

  /**
   * Hands on the frames that the chunk completes, in their order. When this throws, or `onFrame`
   * does, where the next frame begins is lost, and the splitter with it.
   * @throws ProtocolError badMagic, badVersion, badSerializer, frameTooLong
   */
  push(chunk: Buffer): void {
    let at = this.#tailBytes > 0 ? this.#finishTail(chunk) : 0
    while (at < chunk.length) {
      const end = frameEnd(chunk, at, chunk.length)
      if (end > chunk.length) break
      this.#emit(chunk, at, end)
      at = end
    }
    if (at < chunk.length) this.#keep(chunk, at, chunk.length)
  }

  /** Completes the frame that an earlier chunk began; returns how much of the chunk it took. */
  #finishTail(chunk: Buffer): number {
    let taken = 0
    let wanted = FRAME_HEADER_BYTES - this.#tailBytes
    if (wanted > 0) {
      taken = Math.min(wanted, chunk.length)
      this.#keep(chunk, 0, taken)
    }
    wanted = frameEnd(this.#tail, 0, this.#tailBytes) - this.#tailBytes
    const rest = Math.min(wanted, chunk.length - taken)
    this.#keep(chunk, taken, taken + rest)
    // A header that is not complete wants more than there was.
    if (rest === wanted) this.#emitTail()
    return taken + rest
  }

  #emitTail(): void {
    const end = this.#tailBytes
    const tail = this.#tail
    this.#tailBytes = 0
    if (tail.length > TAIL_KEPT_BYTES) this.#tail = NO_BYTES
    this.#emit(tail, 0, end)
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const needed = this.#tailBytes + end - start
    if (needed > this.#tail.length) {
      const size = Math.min(Math.max(needed, this.#tail.length * 2), FRAME_BYTES_MAX)
      const larger = Buffer.allocUnsafeSlow(size)
      this.#tail.copy(larger, 0, 0, this.#tailBytes)
      this.#tail = larger
    }
    chunk.copy(this.#tail, this.#tailBytes, start, end)
    this.#tailBytes = needed
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    this.native = true
    this.#onFrame(
      bytes[start + COMMAND_AT] as number,
      bytes.subarray(start + FRAME_HEADER_BYTES, end),
    )
  }
}

/**
 * Where the frame that begins at `at` ends, as far as the bytes before `known` tell: where its
 * header ends while that is not complete. Each byte is checked as soon as it is there, so that a
 * peer that speaks something else is found out at its first wrong byte.
 */
function frameEnd(bytes: Buffer, at: number, known: number): number {
  const have = known - at
  if (have < FRAME_HEADER_BYTES || !isNative(bytes, at)) checkFirstBytes(bytes, at, have)
  if (have < FRAME_HEADER_BYTES) return at + FRAME_HEADER_BYTES
  const length = bytes.readUInt32BE(at + LENGTH_AT)
  if (length > PAYLOAD_BYTES_MAX) throw new ProtocolError('frameTooLong')
  return at + FRAME_HEADER_BYTES + length
}

/** The same in one look, as nearly every frame passes it. */
function isNative(bytes: Buffer, at: number): boolean {
  return (
    bytes.readUInt32BE(at) === MAGIC &&
    bytes[at + 4] === NATIVE_VERSION &&
    bytes[at + 5] === NATIVE_SERIALIZER
  )
}

function checkFirstBytes(bytes: Buffer, at: number, have: number): void {
  for (let index = 0; index < FIRST_BYTES.length && index < have; index += 1) {
    const [byte, code] = FIRST_BYTES[index] as readonly [number, ErrorCode]
    if (bytes[at + index] !== byte) throw new ProtocolError(code)
  }
}
