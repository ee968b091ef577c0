import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Duplex, duplexPair } from 'node:stream'
import { onTestFinished } from 'vitest'
import type { Bus, OnHint, OnLost } from '../../src/server/bus/bus.ts'
import { LocalBus } from '../../src/server/bus/local.ts'
import type { Rates } from '../../src/server/limits.ts'
import { type Log, silentLog } from '../../src/server/log.ts'
import type { Arrival } from '../../src/server/peer.ts'
import { Peers } from '../../src/server/peers.ts'
import { openServices, type Registration, type Services } from '../../src/server/services.ts'
import { openSqliteStore } from '../../src/server/store/sqlite.ts'
import type { OnAppended, Store } from '../../src/server/store/store.ts'
import { RawClient } from './raw-client.ts'

/** The cheapest that argon2 allows: tests log in often. */
export const CHEAP = { memoryKiB: 8, passes: 1, lanes: 1 }
export const PASSWORD = 'correct horse'

/** Rates that no test reaches by accident. */
const UNLIMITED = 1e9

export type TestServerOptions = Readonly<{
  folder?: string
  /** Both clocks, unless there is a `monotonic` one. */
  now?: () => number
  monotonic?: () => number
  rates?: Partial<Rates>
  registration?: Registration
  log?: Log
  connectBus?: (onHint: OnHint, onLost: OnLost) => Bus | Promise<Bus>
  /** Other servers work on the same store. */
  shared?: boolean
  /** Instead of the store with a thread of its own. */
  openStore?: (folder: string, onAppended: OnAppended) => Promise<Store>
  /** Puts something between the server and its store. */
  wrapStore?: (store: Store) => Store
  passwordCost?: { memoryKiB: number; passes: number; lanes: number }
  ownerSecret?: Uint8Array
}>

export type Client = RawClient & { name: string; id: string; token: Uint8Array }

/** A server without sockets, on a real store in a folder of its own. */
export class TestServer {
  readonly services: Services
  readonly peers: Peers
  readonly folder: string
  #close: () => Promise<void>

  constructor(services: Services & { close: () => Promise<void> }, folder: string) {
    this.services = services
    this.peers = new Peers(services)
    this.folder = folder
    this.#close = services.close
  }

  /** A guest. `carry` may put something between the two ends. */
  guest(arrival: Partial<Arrival> = {}, carry = (stream: Duplex) => stream): RawClient {
    const [near, far] = duplexPair()
    this.peers.accept(far, { address: '192.0.2.1', refusal: undefined, ...arrival })
    return new RawClient(carry(near))
  }

  /** A new user, logged in. */
  async register(name: string): Promise<Client> {
    const client = this.guest()
    const answer = await client.ask({ type: 'register', name, password: PASSWORD, device: 'test' })
    return Object.assign(client, { name, id: answer.user?.id ?? '', token: answer.token })
  }

  /** One more connection of a user. */
  async logIn(name: string): Promise<Client> {
    const client = this.guest()
    const answer = await client.ask({ type: 'logIn', name, password: PASSWORD, device: 'test' })
    return Object.assign(client, { name, id: answer.user?.id ?? '', token: answer.token })
  }

  /** The connection ends, and the server has noticed. */
  async leave(client: RawClient): Promise<void> {
    const before = this.peers.size
    client.end()
    while (this.peers.size === before) await new Promise(setImmediate)
  }

  /** What a server does once a second; after a leap of the clock it first waits one round. */
  sweep(): void {
    this.peers.sweep()
    this.peers.sweep()
  }

  async stop(): Promise<void> {
    await this.peers.stop()
    await this.#close()
  }
}

/** Stops by itself when the test is over. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await openServer(options.folder ?? (await temporaryFolder()), options)
  onTestFinished(() => server.stop())
  return server
}

/** For several tests: the caller stops it. */
export async function openServer(
  folder: string,
  options: TestServerOptions = {},
): Promise<TestServer> {
  const bus = new LocalBus()
  const wrap = options.wrapStore ?? ((store: Store) => store)
  const openStore =
    options.openStore ??
    ((folder: string, onAppended: OnAppended) => openSqliteStore({ folder, onAppended }))
  const { ownerSecret } = options
  const services = await openServices({
    node: randomBytes(4).toString('hex'),
    openStore: async (onAppended) => wrap(await openStore(folder, onAppended)),
    connectBus: options.connectBus ?? ((onHint) => bus.connect(onHint)),
    shared: options.shared ?? false,
    now: options.now ?? Date.now,
    monotonic: options.monotonic ?? options.now ?? (() => performance.now()),
    log: options.log ?? silentLog,
    rates: {
      messagesPerSecond: UNLIMITED,
      messagesBurst: UNLIMITED,
      failedLogInsPerAccount: UNLIMITED,
      failedLogInsPerAddress: UNLIMITED,
      passwordsPerAccount: UNLIMITED,
      ...options.rates,
    },
    registration: options.registration,
    passwordCost: options.passwordCost ?? CHEAP,
    ownerSecret: ownerSecret === undefined ? undefined : () => ownerSecret,
  })
  return new TestServer(services, folder)
}

/** Removed when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await makeFolder()
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'tchat-test-'))
}

export function nonce(): Buffer {
  return randomBytes(16)
}
