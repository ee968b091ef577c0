import { encode } from '../src/protocol/codec.ts'
import { FrameSplitter } from '../src/protocol/frames.ts'
import { FRAME_HEADER_BYTES } from '../src/protocol/limits.ts'
import type { Bench, Figure } from './figure.ts'
import { inTurns } from './measure.ts'
import { ENGLISH, groupEntry } from './samples.ts'

/** The frame splitter beside loops over the same bytes that do not check anything. */
export const bench: Bench = {
  name: 'splitter',
  unit: 'frames per second',
  run: () =>
    Promise.resolve([
      figure('chunks of 64 KiB', 65_536, lengthsOnly, 'a loop that reads the lengths only'),
      figure('chunks of 64 KiB', 65_536, withViews, 'the same, making a view of each payload'),
      figure('chunks of 1,448 B', 1_448, withViews, 'the same, over the whole stream at once'),
    ]),
}

const FRAMES = 20_000
const ROUNDS = 75
const stream = Buffer.concat(Array<Buffer>(FRAMES).fill(encode(groupEntry(ENGLISH))))

function figure(what: string, chunkBytes: number, ceiling: () => number, beside: string): Figure {
  const chunks = chunksOf(chunkBytes)
  return { what, ...inTurns(FRAMES, ROUNDS, () => split(chunks), ceiling), beside }
}

function split(chunks: readonly Buffer[]): number {
  let bytes = 0
  const splitter = new FrameSplitter((_command, payload) => {
    bytes += payload.length
  })
  for (const chunk of chunks) splitter.push(chunk)
  return bytes
}

function lengthsOnly(): number {
  let bytes = 0
  for (let at = 0; at < stream.length; ) {
    const length = stream.readUInt32BE(at + 7)
    bytes += length
    at += FRAME_HEADER_BYTES + length
  }
  return bytes
}

function withViews(): number {
  let bytes = 0
  for (let at = 0; at < stream.length; ) {
    const start = at + FRAME_HEADER_BYTES
    const end = start + stream.readUInt32BE(at + 7)
    bytes += stream.subarray(start, end).length
    at = end
  }
  return bytes
}

function chunksOf(size: number): readonly Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < stream.length; at += size) chunks.push(stream.subarray(at, at + size))
  return chunks
}
