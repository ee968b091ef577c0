import type { Passed } from './relay.ts'

/** A capture file of TCP connections, as tcpdump would have written it: link type 101, raw IPv4. */

const SYN = 0x02
const ACK = 0x10
const PUSH = 0x08
const CLIENT_PORT = 40_000
/** Where a server of tchat is unless it was told otherwise. */
const SERVER_PORT = 8_000
const FIRST_SEQUENCE = 1_000

type Side = Passed['from']

/** `bytesMax`: what one segment carries, as many times as there are, in turn. */
export function pcapOf(
  passed: readonly Passed[],
  bytesMax: readonly number[],
  serverPort = SERVER_PORT,
): Buffer {
  const capture = new Capture(serverPort)
  for (const { connection, from, bytes } of passed) {
    for (let at = 0; at < bytes.length; ) {
      const size = bytesMax[capture.segments % bytesMax.length] ?? bytes.length
      capture.say(connection, from, bytes.subarray(at, at + size))
      at += size
    }
  }
  return capture.file
}

class Capture {
  segments = 0
  #packets: Buffer[] = [fileHeader()]
  #sequences = new Map<number, Record<Side, number>>()
  #time = 0
  #serverPort: number

  constructor(serverPort: number) {
    this.#serverPort = serverPort
  }

  get file(): Buffer {
    return Buffer.concat(this.#packets)
  }

  say(connection: number, from: Side, bytes: Buffer): void {
    if (!this.#sequences.has(connection)) this.#shakeHands(connection)
    this.segments += 1
    this.#segment(connection, from, ACK | PUSH, bytes)
  }

  #shakeHands(connection: number): void {
    this.#sequences.set(connection, { client: FIRST_SEQUENCE, server: FIRST_SEQUENCE })
    this.#segment(connection, 'client', SYN)
    this.#segment(connection, 'server', SYN | ACK)
    this.#segment(connection, 'client', ACK)
  }

  #segment(connection: number, from: Side, flags: number, bytes: Buffer = Buffer.alloc(0)): void {
    const sequences = this.#sequences.get(connection) ?? { client: 0, server: 0 }
    const client = CLIENT_PORT + connection
    const ports = from === 'client' ? [client, this.#serverPort] : [this.#serverPort, client]
    const tcp = Buffer.alloc(20)
    tcp.writeUInt16BE(ports[0] ?? 0, 0)
    tcp.writeUInt16BE(ports[1] ?? 0, 2)
    tcp.writeUInt32BE(sequences[from], 4)
    if ((flags & ACK) !== 0)
      tcp.writeUInt32BE(sequences[from === 'client' ? 'server' : 'client'], 8)
    tcp[12] = 5 << 4
    tcp[13] = flags
    tcp.writeUInt16BE(65_535, 14)
    sequences[from] += bytes.length + ((flags & SYN) === 0 ? 0 : 1)
    this.#packet(Buffer.concat([ipHeader(tcp.length + bytes.length), tcp, bytes]))
  }

  #packet(bytes: Buffer): void {
    this.#time += 1
    const head = Buffer.alloc(16)
    head.writeUInt32LE(Math.floor(this.#time / 1_000), 0)
    head.writeUInt32LE((this.#time % 1_000) * 1_000, 4)
    head.writeUInt32LE(bytes.length, 8)
    head.writeUInt32LE(bytes.length, 12)
    this.#packets.push(head, bytes)
  }
}

function fileHeader(): Buffer {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(262_144, 16)
  head.writeUInt32LE(101, 20)
  return head
}

/** From and to 127.0.0.1, with TCP inside. */
function ipHeader(bytes: number): Buffer {
  const ip = Buffer.alloc(20)
  ip[0] = 0x45
  ip.writeUInt16BE(20 + bytes, 2)
  ip[8] = 64
  ip[9] = 6
  ip.writeUInt32BE(0x7f000001, 12)
  ip.writeUInt32BE(0x7f000001, 16)
  return ip
}
