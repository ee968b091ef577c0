import { ProtocolError } from '../../protocol/errors.ts'
import { FRAME_HEADER_BYTES, PAYLOAD_BYTES_MAX } from '../../protocol/limits.ts'
import { CLASSIC_VERSION, JSON_SERIALIZER, MAGIC } from './packets.ts'

/** What the first six bytes of a packet are. */
const FIRST_BYTES = [
  MAGIC >>> 24,
  (MAGIC >>> 16) & 0xff,
  (MAGIC >>> 8) & 0xff,
  MAGIC & 0xff,
  CLASSIC_VERSION,
  JSON_SERIALIZER,
]
const COMMAND_AT = 6
const LENGTH_AT = 7
/** Kept between two packets; what a larger one needed is given back. */
const KEPT_BYTES = 1_024
const NO_BYTES = Buffer.alloc(0)

/** Takes one packet. `payload` is a view that is valid only during the call. */
export type OnPacket = (command: number, payload: Buffer) => void

/** Bytes of version 1 in, whole packets out, however they are cut or glued together. */
export class PacketSplitter {
  #onPacket: OnPacket
  /** The beginning of a packet whose rest has not come yet: the first `#tailBytes` bytes. */
  #tail: Buffer = NO_BYTES
  #tailBytes = 0

  constructor(onPacket: OnPacket) {
    this.#onPacket = onPacket
  }

  /**
   * Each byte is checked as soon as it is there, and a length before anything is kept for it.
   * @throws ProtocolError badMagic (also for version and serializer), frameTooLong
   */
  push(chunk: Buffer): void {
    if (this.#tailBytes === 0) {
      const taken = this.#takeFrom(chunk)
      this.#keep(chunk.subarray(taken))
      return
    }
    this.#keep(chunk)
    const taken = this.#takeFrom(this.#tail.subarray(0, this.#tailBytes))
    this.#tail.copyWithin(0, taken, this.#tailBytes)
    this.#tailBytes -= taken
    if (this.#tailBytes === 0 && this.#tail.length > KEPT_BYTES) this.#tail = NO_BYTES
  }

  /** Hands on the whole packets at the beginning; answers how many bytes they were. */
  #takeFrom(bytes: Buffer): number {
    let at = 0
    for (;;) {
      const end = packetEnd(bytes, at)
      if (end > bytes.length) return at
      const command = bytes[at + COMMAND_AT] as number
      this.#onPacket(command, bytes.subarray(at + FRAME_HEADER_BYTES, end))
      at = end
    }
  }

  #keep(bytes: Buffer): void {
    const needed = this.#tailBytes + bytes.length
    if (needed > this.#tail.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#tail.length * 2))
      this.#tail.copy(larger, 0, 0, this.#tailBytes)
      this.#tail = larger
    }
    bytes.copy(this.#tail, this.#tailBytes)
    this.#tailBytes = needed
  }
}

/** Where the packet at `at` ends, as far as it is known: its header, before that is whole. */
function packetEnd(bytes: Buffer, at: number): number {
  const known = bytes.length - at
  const wrong = FIRST_BYTES.some((byte, index) => index < known && bytes[at + index] !== byte)
  if (wrong) throw new ProtocolError('badMagic')
  if (known < FRAME_HEADER_BYTES) return at + FRAME_HEADER_BYTES
  const length = bytes.readUInt32BE(at + LENGTH_AT)
  if (length > PAYLOAD_BYTES_MAX) throw new ProtocolError('frameTooLong')
  return at + FRAME_HEADER_BYTES + length
}
