import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { decode, encode } from '../../../src/protocol/codec.ts'
import { FrameSplitter } from '../../../src/protocol/frames.ts'
import { FRAME_BYTES_MAX, TEXT_BYTES_MAX } from '../../../src/protocol/limits.ts'
import type { Message } from '../../../src/protocol/messages.ts'
import { ANSWER_BYTES_MAX, RUNNING_REQUESTS_MAX } from '../../../src/server/limits.ts'
import type { Log } from '../../../src/server/log.ts'
import { type RunningServer, serve } from '../../../src/server/serve.ts'
import { heldBytes } from '../memory.ts'
import { PATIENCE_MS } from '../patience.ts'
import { RawClient } from '../raw-client.ts'
import { SeededRandom } from '../seeded-random.ts'
import { CHEAP, PASSWORD } from '../server.ts'
import { damaged, someFrames } from './damage.ts'

const SAMPLES = 400
/** Attackers at a time. */
const LANES = 8
const FRAMES_MAX = 10
/** After so many connections memory is what a server in use needs. */
const WARM_UP = 400
/** What a deaf client asks for, in pages of nearly a frame, and what it may make the server hold. */
const DEAF_PAGES = 160
const DEAF_BYTES_MAX = ANSWER_BYTES_MAX + RUNNING_REQUESTS_MAX * FRAME_BYTES_MAX
const CALM_MS_MAX = PATIENCE_MS

const UNLIMITED = {
  messagesPerSecond: 1e9,
  messagesBurst: 1e9,
  failedLogInsPerAccount: 1e9,
  failedLogInsPerAddress: 1e9,
  passwordsPerAccount: 1e9,
  newConnectionsPerSecond: 1e9,
  openConnections: 1e9,
}

export type FuzzServerOptions = Readonly<{
  seed: number
  /** Goes on until this says no. */
  goOn: (attacks: number) => boolean
}>

export type FuzzServerResult = Readonly<{
  attacks: number
  frames: number
  /** Memory, held after a collection, beyond what it was after the warm-up. */
  grownBytes: number
}>

/**
 * A live server on a real port is attacked by many connections while two people talk.
 * @throws when someone is answered something that is no message, when the server logs a fault, or
 * when the two notice anything
 */
export async function fuzzServer(options: FuzzServerOptions): Promise<FuzzServerResult> {
  const folder = await mkdtemp(join(tmpdir(), 'tchat-fuzz-'))
  const faults: string[] = []
  const server = await serve({
    host: '127.0.0.1',
    port: 0,
    folder,
    rates: UNLIMITED,
    passwordCost: CHEAP,
    log: logTo(faults),
  })
  try {
    const talk = await Talk.begin(server.port)
    const attack = new Attack(server, options.seed)
    await attack.run((attacks) => attacks < WARM_UP, talk)
    await calm(server)
    const before = heldBytes()
    await attack.run(options.goOn, talk)
    await calm(server)
    const grownBytes = heldBytes() - before
    await talk.end()
    assert.deepEqual(faults, [])
    const { attacks, frames } = attack
    return { attacks, frames, grownBytes }
  } finally {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Only the two are still there. */
async function calm(server: RunningServer): Promise<void> {
  const deadline = performance.now() + CALM_MS_MAX
  while (server.connected().connections > 2) {
    assert.ok(performance.now() < deadline, `${server.connected().connections} are still there`)
    await delay(10)
  }
}

/** Ann says things to Bob, and both see what is said in #lobby. */
class Talk {
  readonly ann: RawClient
  readonly bob: RawClient
  /** Id of #lobby, in which there is much to read. */
  lobby = ''
  #said = 0
  #annsId = ''
  #last = new Map<RawClient, Map<string, number>>()

  constructor(ann: RawClient, bob: RawClient) {
    this.ann = ann
    this.bob = bob
  }

  static async begin(port: number): Promise<Talk> {
    const talk = new Talk(new RawClient(await socketTo(port)), new RawClient(await socketTo(port)))
    const { user } = await talk.ann.ask({ type: 'register', name: 'ann', password: PASSWORD })
    await talk.bob.ask({ type: 'register', name: 'bob', password: PASSWORD })
    const text = 'x'.repeat(TEXT_BYTES_MAX)
    for (let count = 0; count < 10; count += 1) {
      const nonce = Buffer.alloc(16, count)
      talk.lobby = (
        await talk.ann.ask({ type: 'sendGroup', group: 'lobby', nonce, text })
      ).conversation
    }
    await talk.bob.barrier()
    for (const client of [talk.ann, talk.bob]) client.pushes.splice(0)
    talk.#annsId = user?.id ?? ''
    return talk
  }

  /** One message there, and everything that came before it in its order. */
  async goOn(): Promise<void> {
    this.#said += 1
    const text = `${this.#said}`
    const nonce = Buffer.alloc(16)
    nonce.writeUInt32BE(this.#said, 0)
    const pushed = this.bob.push('directEntry', ({ entry }) => entry?.text === text)
    await this.ann.ask({ type: 'sendDirect', to: 'bob', nonce, text })
    // Who only listens is silent, and would be sent away after a while.
    await Promise.all([pushed, this.bob.barrier()])
    for (const client of [this.ann, this.bob]) this.#checkOrder(client)
  }

  async end(): Promise<void> {
    for (const client of [this.ann, this.bob]) await client.barrier()
    assert.equal(this.#last.get(this.bob)?.get(''), this.#said)
  }

  /** Texts between the two are 1, 2, 3, …; logs go on without a gap. Nothing is kept of them. */
  #checkOrder(client: RawClient): void {
    const last = this.#last.get(client) ?? new Map<string, number>()
    this.#last.set(client, last)
    for (const push of client.pushes.splice(0)) {
      if (push.type !== 'directEntry' && push.type !== 'groupEntry') continue
      const { conversation, entry } = push
      const seq = entry?.seq ?? 0
      assert.equal(seq, (last.get(conversation) ?? seq - 1) + 1, `after what was pushed before`)
      last.set(conversation, seq)
      if (entry?.from !== this.#annsId) continue
      assert.equal(Number(entry.text), (last.get('') ?? 0) + 1)
      last.set('', Number(entry.text))
    }
  }
}

class Attack {
  attacks = 0
  frames = 0
  #server: RunningServer
  #random: SeededRandom
  #samples: readonly Buffer[]
  #accounts = 0
  #deafs = 0
  #token: Uint8Array = new Uint8Array()

  constructor(server: RunningServer, seed: number) {
    this.#server = server
    this.#random = new SeededRandom(seed)
    this.#samples = someFrames(seed, SAMPLES)
  }

  async run(goOn: (attacks: number) => boolean, talk: Talk): Promise<void> {
    const begun = this.attacks
    await this.#account()
    const lane = async () => {
      while (goOn(this.attacks - begun)) {
        this.attacks += 1
        const { attacks } = this
        // What is random in it may end the session.
        if (attacks % 100 === 0) await this.#account()
        if (attacks % 25 === 0) await talk.goOn()
        if (attacks % 80 === 0) await this.#deaf(talk)
        else await this.#send()
      }
    }
    await Promise.all(Array.from({ length: LANES }, lane))
  }

  async #account(): Promise<void> {
    this.#accounts += 1
    const client = new RawClient(await socketTo(this.#server.port))
    const name = `mallory${this.#accounts}`
    const { token } = await client.ask({ type: 'register', name, password: PASSWORD })
    this.#token = token
    client.end()
    await client.closed
  }

  /** Frames, damaged or not, by a guest or a member, at once or byte by byte. */
  async #send(): Promise<void> {
    const random = this.#random.fork()
    const parts = Array.from({ length: 1 + random.below(FRAMES_MAX) }, () =>
      damaged(random.pick(this.#samples), random),
    )
    this.frames += parts.length
    if (random.chance(0.5)) parts.unshift(encode({ type: 'logIn', request: 1, token: this.#token }))
    const socket = await socketTo(this.#server.port)
    const closed = readAll(socket)
    const bytes = Buffer.concat(parts)
    if (bytes.length < 1_000 && random.chance(0.1)) await drip(socket, bytes)
    else socket.write(bytes)
    if (random.chance(0.1)) socket.resetAndDestroy()
    else socket.end()
    await closed
  }

  /** Asks for much and reads nothing. */
  async #deaf(talk: Talk): Promise<void> {
    this.#deafs += 1
    const socket = await socketTo(this.#server.port)
    socket.pause()
    socket.on('error', () => undefined)
    socket.write(encode({ type: 'logIn', request: 1, token: this.#token }))
    const conversation = talk.lobby
    for (let count = 0; count < DEAF_PAGES; count += 1) {
      socket.write(encode({ type: 'getPage', request: 2 + count, conversation }))
    }
    for (let round = 0; round < 10; round += 1) {
      await talk.goOn()
      const held = this.#server.outboxBytes()
      assert.ok(held <= this.#deafs * DEAF_BYTES_MAX, `the deaf cost ${held} bytes`)
    }
    socket.destroy()
    await once(socket, 'close')
    this.#deafs -= 1
  }
}

async function socketTo(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  return socket
}

async function drip(socket: Socket, bytes: Buffer): Promise<void> {
  for (const byte of bytes) {
    socket.write(Buffer.from([byte]))
    await new Promise(setImmediate)
  }
}

/** Until the end: everything must be a message, and none may say that the server failed. */
function readAll(socket: Socket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const splitter = new FrameSplitter((command, payload) => {
    const message = decode(command, payload)
    assert.ok(message !== undefined, `the server sent command ${command}`)
    checkNamed(message)
  })
  socket.on('data', (chunk) => {
    try {
      splitter.push(chunk)
    } catch (error) {
      reject(error)
    }
  })
  // Our bytes may meet a connection that was closed over them.
  socket.on('error', () => undefined)
  socket.once('close', () => resolve())
  return promise
}

function checkNamed(message: Message): void {
  if (message.type !== 'error' && message.type !== 'goodbye') return
  assert.notEqual(message.code, 'unknown')
  assert.notEqual(message.code, 'failed')
  assert.notEqual(message.text, '')
}

function logTo(faults: string[]): Log {
  const ignore = () => undefined
  return {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (text, details) => faults.push(`${text}: ${JSON.stringify(details)}`),
  }
}
