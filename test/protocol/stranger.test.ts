import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import protobuf from 'protobufjs'
import { expect, onTestFinished, test } from 'vitest'
import { type RunningServer, serve } from '../../src/server/serve.ts'
import { CHEAP, temporaryFolder } from '../support/server.ts'

/**
 * A client that someone wrote who has docs/PROTOCOL.md, docs/tchat.proto and a protobuf library,
 * and nothing else of ours.
 */

type Values = Record<string, unknown>

const schema = readFileSync(new URL('../../docs/tchat.proto', import.meta.url), 'utf8')
const { root } = protobuf.parse(schema)
const commands = root.lookupEnum('tchat.v2.Command').values

test('registers, joins in, is pushed what it said, and reads it again', async () => {
  const { port, fingerprint } = await startServer()
  const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false })
  const stranger = new Stranger(socket)
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  const certificate = new X509Certificate(socket.getPeerCertificate().raw)
  const key = certificate.publicKey.export({ type: 'spki', format: 'der' })
  expect(`sha256:${createHash('sha256').update(key).digest('hex')}`).toBe(fingerprint)

  stranger.send('Register', { request: 1, name: '王五', password: 'long enough' })
  const loggedIn = await stranger.next('LoggedIn')
  expect(loggedIn).toMatchObject({ request: 1, user: { name: '王五' }, heartbeatMs: 15_000 })

  stranger.send('Sync', { request: 2 })
  const { heads } = await stranger.next('Heads')
  const [lobby] = heads as readonly [Values]
  expect(lobby).toMatchObject({ name: 'lobby', kind: 'CONVERSATION_KIND_GROUP', members: 1 })

  const nonce = randomBytes(16)
  stranger.send('SendGroup', { request: 3, group: '#lobby', nonce, text: '你好' })
  const sent = await stranger.next('Sent')
  const { entry } = await stranger.next('GroupEntry')
  expect(entry).toMatchObject({ seq: sent['seq'], text: '你好', nonce, n: 1 })

  stranger.send('GetPage', { request: 4, conversation: lobby['conversation'] })
  const { entries } = await stranger.next('Page')
  expect((entries as readonly Values[]).at(-1)).toEqual(entry)

  stranger.send('Heartbeat', { request: 5 })
  expect(await stranger.next('HeartbeatAnswer')).toMatchObject({ request: 5 })
})

test('is answered to a command that does not exist, and told why it is sent away', async () => {
  const { port } = await startServer()
  const stranger = new Stranger(connectPlain({ host: '127.0.0.1', port }))
  stranger.sendFrame(99, Buffer.from('0807', 'hex'))
  expect(await stranger.next('Error')).toMatchObject({
    request: 7,
    code: 'ERROR_CODE_UNKNOWN_COMMAND',
  })
  stranger.sendFrame(1, Buffer.from('ff', 'hex'))
  expect(await stranger.next('Goodbye')).toMatchObject({ code: 'ERROR_CODE_BAD_PAYLOAD' })
  expect(await stranger.closed).toBe('closed')
})

test('is closed without a byte when its first frame is none', async () => {
  const { port } = await startServer()
  for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\x12\x34\x56\x79']) {
    const stranger = new Stranger(connectPlain({ host: '127.0.0.1', port }))
    stranger.sendBytes(Buffer.from(bytes, 'latin1'))
    expect(await stranger.closed).toBe('closed')
    expect(stranger.received).toBe(0)
  }
})

/** Frames by hand, as the page says. */
class Stranger {
  received = 0
  readonly closed: Promise<'closed'>
  #socket: Socket
  #bytes: Buffer = Buffer.alloc(0)
  #came: [type: string, message: Values][] = []
  #wake: () => void = () => undefined

  constructor(socket: Socket) {
    this.#socket = socket
    this.closed = new Promise((resolve) => socket.once('close', () => resolve('closed')))
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => this.#take(chunk))
    onTestFinished(() => {
      socket.destroy()
    })
  }

  send(type: string, values: Values): void {
    const message = root.lookupType(type)
    const payload = message.encode(message.fromObject(values)).finish()
    this.sendFrame(commands[commandName(type)] ?? 0, payload)
  }

  sendFrame(command: number, payload: Uint8Array): void {
    const header = Buffer.from([0x12, 0x34, 0x56, 0x78, 2, 2, command, 0, 0, 0, 0])
    header.writeUInt32BE(payload.length, 7)
    this.sendBytes(Buffer.concat([header, payload]))
  }

  sendBytes(bytes: Buffer): void {
    this.#socket.write(bytes)
  }

  /** The next message of that type, whatever comes before it. */
  async next(type: string): Promise<Values> {
    for (;;) {
      const at = this.#came.findIndex(([came]) => came === type)
      if (at >= 0) return this.#came.splice(at, 1)[0]?.[1] ?? {}
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  #take(chunk: Buffer): void {
    this.received += chunk.length
    this.#bytes = Buffer.concat([this.#bytes, chunk])
    while (this.#bytes.length >= 11) {
      const end = 11 + this.#bytes.readUInt32BE(7)
      if (this.#bytes.length < end) break
      this.#came.push(read(this.#bytes[6] ?? 0, this.#bytes.subarray(11, end)))
      this.#bytes = this.#bytes.subarray(end)
    }
    this.#wake()
  }
}

function read(command: number, payload: Buffer): [type: string, message: Values] {
  const name = Object.keys(commands).find((key) => commands[key] === command) ?? ''
  const type = typeOf(name)
  const message = root.lookupType(type)
  const form = { enums: String, longs: Number, defaults: true }
  return [type, message.toObject(message.decode(payload), form)]
}

/** `SendGroup` ⇄ `COMMAND_SEND_GROUP`, as the file names them. */
function commandName(type: string): string {
  return `COMMAND${type.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

function typeOf(name: string): string {
  const words = name.toLowerCase().split('_').slice(1)
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

async function startServer(): Promise<RunningServer> {
  const folder = await temporaryFolder()
  const server = await serve({ host: '127.0.0.1', port: 0, folder, passwordCost: CHEAP })
  onTestFinished(() => server.close())
  return server
}
