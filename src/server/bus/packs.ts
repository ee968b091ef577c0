import { decodeRecords, encodeRecords } from '../../protocol/codec.ts'
import { ProtocolError } from '../../protocol/errors.ts'
import { EncodedRecords } from '../../protocol/fields.ts'
import type { Hint } from './bus.ts'
import { draftsOf, hintOf, hintsField } from './hint-records.ts'

/**
 * Many hints in one message of the bus: the version (1 byte), which pack of its node it is (4 bytes,
 * 1, 2, 3, …, so that who misses one knows), the hints.
 */

/** Of what every node must read alike; nodes of another version are not understood. */
export const PACK_VERSION = 1
const HEADER_BYTES = 5
const COUNTS = 2 ** 32

export type Pack = Readonly<{ number: number; hints: readonly Hint[] }>

/** Packs of one node. */
export class Packer {
  #maxBytes: number
  #number = 0

  /** @param maxBytes of one pack */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** What would have been the next pack is lost: others are to notice. */
  skip(): void {
    this.#number = (this.#number + 1) % COUNTS
  }

  /**
   * The hints in as few packs as hold them. One that is too large for any is left out, as if it
   * had been lost on its way: then a number is left out, too.
   */
  pack(hints: readonly Hint[]): readonly Buffer[] {
    const packs: Buffer[] = []
    let parts: Uint8Array[] = []
    let size = HEADER_BYTES
    const end = () => {
      if (parts.length > 0) packs.push(Buffer.concat([this.#header(), ...parts], size))
      parts = []
      size = HEADER_BYTES
    }
    for (const bytes of hints.flatMap(encoded)) {
      if (bytes === undefined || HEADER_BYTES + bytes.length > this.#maxBytes) {
        end()
        this.skip()
        continue
      }
      if (size + bytes.length > this.#maxBytes) end()
      parts.push(bytes)
      size += bytes.length
    }
    end()
    return packs
  }

  #header(): Buffer {
    this.skip()
    const header = Buffer.alloc(HEADER_BYTES, PACK_VERSION)
    header.writeUInt32BE(this.#number, 1)
    return header
  }
}

/** Undefined for what no node of this version has written. */
export function unpack(data: Uint8Array): Pack | undefined {
  if (data.length < HEADER_BYTES || data[0] !== PACK_VERSION) return undefined
  const number = new DataView(data.buffer, data.byteOffset).getUint32(1)
  const bytes = data.subarray(HEADER_BYTES)
  try {
    const values = decodeRecords(new EncodedRecords(hintsField, 0, bytes))
    return { number, hints: values.flatMap((one) => hintOf(one) ?? []) }
  } catch (error) {
    if (error instanceof ProtocolError) return undefined
    throw error
  }
}

/** The hint as it stands in a pack, in parts that can be told apart; undefined: it is too large. */
function encoded(hint: Hint): readonly (Uint8Array | undefined)[] {
  return draftsOf(hint).map((draft) => {
    try {
      return encodeRecords(hintsField, [draft]).bytes
    } catch (error) {
      if (error instanceof RangeError) return undefined
      throw error
    }
  })
}
