import { connect } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import { onTestFinished } from 'vitest'

/**
 * A client of version 1 as somebody else would write it, from the table of the instruction set
 * alone: it shares no code with the server. Header: magic 4, version 1, serializer 1, command 1,
 * length 4, big-endian; then JSON.
 */

export type Fields = Readonly<Record<string, unknown>>
export type Received = Readonly<{ command: number; fields: Fields }>

const HEADER = [0x12, 0x34, 0x56, 0x78, 1, 1]

/** The bytes of a packet. */
export function packet(command: number, fields: Fields | string | Buffer = {}): Buffer {
  const isText = typeof fields === 'string'
  const payload = Buffer.isBuffer(fields)
    ? fields
    : Buffer.from(isText ? fields : JSON.stringify(fields), 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32BE(payload.length)
  return Buffer.concat([Buffer.from([...HEADER, command]), length, payload])
}

export class ClassicClient {
  /** Everything that has come and was not taken yet, in order. */
  readonly received: Received[] = []
  readonly stream: Duplex
  /** Resolves when the server has ended or dropped it. */
  readonly closed: Promise<void>
  userId = ''
  #bytes = Buffer.alloc(0)
  #waiting: (() => void)[] = []
  #gone = false

  constructor(stream: Duplex) {
    this.stream = stream
    this.closed = new Promise((resolve) => {
      const gone = () => {
        this.#gone = true
        this.#wake()
        resolve()
      }
      stream.once('end', gone)
      stream.once('close', gone)
    })
    stream.on('error', () => undefined)
    stream.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#cut()
    })
  }

  static async connect(port: number): Promise<ClassicClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    onTestFinished(() => {
      socket.destroy()
    })
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return new ClassicClient(socket)
  }

  /** Both ends of a connection that needs no network. */
  static pair(): Readonly<{ client: ClassicClient; far: Duplex }> {
    const [near, far] = duplexPair()
    return { client: new ClassicClient(near), far }
  }

  send(command: number, fields: Fields | string | Buffer = {}): void {
    this.stream.write(packet(command, fields))
  }

  raw(bytes: Buffer): void {
    this.stream.write(bytes)
  }

  /** What comes next, whatever it is. @throws when the connection ends instead */
  async next(): Promise<Received> {
    for (;;) {
      const first = this.received.shift()
      if (first !== undefined) return first
      if (this.#gone) throw new Error('the connection ended')
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  /** What comes next is that command: its fields. */
  async expect(command: number): Promise<Fields> {
    const one = await this.next()
    if (one.command === command) return one.fields
    throw new Error(`not ${command} but ${one.command}: ${JSON.stringify(one.fields)}`)
  }

  /** Everything sent before is done: what came until then. */
  async heartbeat(): Promise<readonly Received[]> {
    this.send(17)
    const before: Received[] = []
    for (let one = await this.next(); one.command !== 18; one = await this.next()) before.push(one)
    return before
  }

  /** Logs in, or makes the account. */
  async logIn(userName: string, password = 'pwd'): Promise<this> {
    this.send(1, { userName, password })
    const answer = await this.expect(2)
    if (answer['success'] !== true) throw new Error(`refused: ${answer['reason']}`)
    this.userId = String(answer['userId'])
    return this
  }

  async leave(): Promise<void> {
    this.stream.end()
    await this.closed
  }

  #cut(): void {
    while (this.#bytes.length >= 11) {
      if (!this.#bytes.subarray(0, 6).equals(Buffer.from(HEADER))) throw new Error('no packet')
      const end = 11 + this.#bytes.readUInt32BE(7)
      if (end > 65_536) throw new Error('too long')
      if (this.#bytes.length < end) return
      const command = this.#bytes[6] ?? 0
      const fields = JSON.parse(this.#bytes.toString('utf8', 11, end)) as Fields
      this.received.push({ command, fields })
      this.#bytes = this.#bytes.subarray(end)
    }
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
