import { checkServerIdentity as checkIdentity, type PeerCertificate } from 'node:tls'
import type { Msg, NatsConnection } from '@nats-io/transport-node'
import { connect } from '@nats-io/transport-node'
import { messageOf } from '../../protocol/errors.ts'
import type { Log } from '../log.ts'
import { ServeError } from '../serve-error.ts'
import type { Bus, Hint, OnHint, OnLost } from './bus.ts'
import { LocalBus } from './local.ts'
import { type NatsPlace, natsPlace, placeText } from './nats-url.ts'
import { PACK_VERSION, Packer, unpack } from './packs.ts'

/** Some hundred hints: larger packs cost other traffic of the server more than they save. */
const PACK_BYTES_MAX = 65_536
/** Sent, but perhaps still in this process: further packs are lost then, as a frozen server's are. */
const UNCONFIRMED_BYTES_MAX = 16 * 1_048_576
const CONNECT_MS_MAX = 5_000
/** A server that is gone without goodbye is noticed after three of these. */
const PING_MS = 2_000
const PINGS_MAX = 2
/** Between two attempts to come back: the first, doubled up to the last. */
const RETRY_MS_MIN = 100
const RETRY_MS_MAX = 2_000

export type NatsOptions = Readonly<{
  /** See `natsPlace`. */
  url: string
  /** This node's id: letters and digits. */
  node: string
  onHint: OnHint
  /** After the connection was gone, and when a pack of another node has not come. */
  onLost: OnLost
  log: Log
  /** 0 up to 1. */
  random?: () => number
}>

/**
 * ADAPTER: hints go through NATS. All nodes hear one subject per node, since each of them has members
 * of most groups; nothing is stored there. What was published in one tick travels together.
 * @throws ServeError when none of the servers can be reached; later on it is tried for ever
 */
export async function connectNats(options: NatsOptions): Promise<Bus> {
  const place = natsPlace(options.url)
  const bus = new NatsBus(options, place)
  try {
    await bus.join()
    return bus
  } catch (error) {
    const right = 'is nats-server running there, and may this node use it?'
    throw new ServeError(
      `the bus at ${placeText(place)} cannot be reached: ${reasonOf(error)}; ${right}`,
    )
  }
}

class NatsBus implements Bus {
  #options: NatsOptions
  #place: NatsPlace
  #own: Bus
  #subject: string
  #closing = Promise.withResolvers<void>()
  #closed = false
  /** None while the connection is gone. */
  #connection: NatsConnection | undefined
  #packer = new Packer(PACK_BYTES_MAX)
  #waiting: Hint[] = []
  #unconfirmed = 0
  /** The connection whose server was asked whether it has taken all. */
  #confirming: NatsConnection | undefined
  /** The number of the pack that was heard last, by subject. */
  #heard = new Map<string, number>()
  #running: Promise<void> | undefined

  constructor(options: NatsOptions, place: NatsPlace) {
    this.#options = options
    this.#place = place
    this.#own = new LocalBus().connect(options.onHint)
    this.#subject = subjectOf(place, options.node)
  }

  get isUp(): boolean {
    return this.#connection !== undefined
  }

  /** From its resolution on this node hears the others. @throws the library's errors */
  async join(): Promise<void> {
    this.#running = this.#run(await this.#open())
  }

  publish(hint: Hint): void {
    if (this.#closed) return
    if (this.#waiting.length === 0) setImmediate(() => this.#send())
    this.#waiting.push(hint)
    this.#own.publish(hint)
  }

  async close(): Promise<void> {
    if (this.#closed) return this.#running
    this.#send()
    this.#closed = true
    await this.#own.close()
    await this.#connection?.drain().catch(() => undefined)
    this.#closing.resolve()
    await this.#running
  }

  #send(): void {
    const hints = this.#waiting
    this.#waiting = []
    if (hints.length === 0) return
    const connection = this.#connection
    if (connection === undefined || this.#unconfirmed > UNCONFIRMED_BYTES_MAX) {
      this.#packer.skip()
      return
    }
    try {
      for (const pack of this.#packer.pack(hints)) {
        this.#unconfirmed += pack.length
        connection.publish(this.#subject, pack)
      }
      void this.#confirm(connection)
    } catch (error) {
      this.#options.log.warn('hints could not be sent to other nodes', { error })
    }
  }

  /** What the server has taken before it answers takes no memory here any more. */
  async #confirm(connection: NatsConnection): Promise<void> {
    if (this.#confirming === connection) return
    this.#confirming = connection
    const sent = this.#unconfirmed
    try {
      await connection.flush()
      if (this.#connection === connection) this.#unconfirmed -= sent
    } catch {
      // The connection is gone, with all that was to be sent.
    } finally {
      if (this.#confirming === connection) this.#confirming = undefined
    }
  }

  /** One connection after the other, until this node leaves the bus. */
  async #run(first: NatsConnection): Promise<void> {
    const { log, onLost } = this.#options
    let connection: NatsConnection | undefined = first
    for (;;) {
      if (connection !== undefined) {
        await this.#use(connection)
        if (!this.#closed) log.warn('the bus is gone: other nodes hear nothing', this.#where())
      }
      if (this.#closed) return
      connection = await this.#comeBack()
      if (connection === undefined) return
      log.info('the bus is back', this.#where())
      queueMicrotask(onLost)
    }
  }

  /** Until it is gone. */
  async #use(connection: NatsConnection): Promise<void> {
    this.#connection = connection
    this.#unconfirmed = 0
    await connection.closed()
    this.#connection = undefined
    this.#heard.clear()
  }

  /** A connection on which other nodes are heard already. @throws the library's errors */
  async #open(): Promise<NatsConnection> {
    const connection = await dial(this.#options, this.#place)
    connection.subscribe(subjectOf(this.#place, '*'), {
      callback: (error, message) => {
        if (error === null) this.#take(message)
      },
    })
    try {
      await Promise.race([connection.flush(), connection.closed().then(throwIt)])
    } catch (error) {
      await connection.close()
      throw error
    }
    return connection
  }

  #take({ subject, data }: Msg): void {
    if (this.#closed) return
    const pack = unpack(data)
    if (pack === undefined) return
    const before = this.#heard.get(subject)
    this.#heard.set(subject, pack.number)
    for (const hint of pack.hints) this.#own.publish(hint)
    if (before !== undefined && pack.number !== before + 1) this.#options.onLost()
  }

  /** Undefined when this node leaves the bus meanwhile. */
  async #comeBack(): Promise<NatsConnection | undefined> {
    const { random = Math.random } = this.#options
    for (let pause = RETRY_MS_MIN; ; pause = Math.min(2 * pause, RETRY_MS_MAX)) {
      // Not all nodes in the same moment.
      await this.#wait(pause * (0.5 + random() / 2))
      if (this.#closed) return undefined
      const connection = await this.#open().catch(() => undefined)
      if (!this.#closed) {
        if (connection !== undefined) return connection
      } else await connection?.close()
    }
  }

  async #wait(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, ms)
    await Promise.race([promise, this.#closing.promise])
    clearTimeout(timer)
  }

  #where(): Readonly<{ bus: string }> {
    return { bus: placeText(this.#place) }
  }
}

/** Nodes of other versions use other subjects, too. */
function subjectOf({ space }: NatsPlace, node: string): string {
  return `${space}.${PACK_VERSION}.hints.${node}`
}

function dial({ node }: NatsOptions, place: NatsPlace): Promise<NatsConnection> {
  const { user, password, token } = place
  return connect({
    servers: [...place.servers],
    name: `tchat ${node}`,
    ...(place.tls ? { tls: tlsOf(place) } : {}),
    ...(user === undefined || password === undefined ? {} : { user, pass: password }),
    ...(token === undefined ? {} : { token }),
    noEcho: true,
    // This adapter comes back by itself: what was said meanwhile is old by then.
    reconnect: false,
    timeout: CONNECT_MS_MAX,
    pingInterval: PING_MS,
    maxPingOut: PINGS_MAX,
  })
}

/**
 * The library has the certificate of a server that is named by its address checked for `localhost`: it
 * must be for one of those that are named.
 */
function tlsOf({ servers }: NatsPlace) {
  const checkServerIdentity = (_: string, certificate: PeerCertificate) => {
    const faults = servers.map((server) => checkIdentity(hostOf(server), certificate))
    return faults.includes(undefined) ? undefined : faults[0]
  }
  return { handshakeFirst: false, checkServerIdentity }
}

function hostOf(server: string): string {
  return server.slice(0, server.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1')
}

function throwIt(error: unknown): never {
  throw error ?? new Error('the connection was closed')
}

/** What lies behind, where the library says only that it did not work. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return messageOf(cause instanceof Error ? cause : error)
}
