import { randomBytes } from 'node:crypto'
import type { Fingerprint } from '../net/fingerprint.ts'
import { messageOf } from '../protocol/errors.ts'
import { makeOwnerSecret, presentOwnerSecret } from './admin/owner-secret.ts'
import type { Bus } from './bus/bus.ts'
import { LocalBus } from './bus/local.ts'
import type { NatsOptions } from './bus/nats.ts'
import { ClassicSessions } from './classic/sessions.ts'
import { type Identity, loadIdentity, type TlsFiles } from './identity.ts'
import { defaultRates, type Rates, STOP_SOCKETS_MS_MAX, SWEEP_MS } from './limits.ts'
import { Listener } from './listener.ts'
import { type Log, silentLog } from './log.ts'
import type { MetricsAddress, RunningMetrics } from './metrics/server.ts'
import { ownInvite } from './own-invite.ts'
import type { PasswordCost } from './passwords.ts'
import { Peers } from './peers.ts'
import { RetentionRounds } from './retention-rounds.ts'
import { PortTakenError, ServeError } from './serve-error.ts'
import { type OpenServices, openServices, type Registration } from './services.ts'
import { explaining } from './store/database.ts'
import { closeToOthers, lockFolder, noteHolder } from './store/folder.ts'
import type { PostgresOptions } from './store/postgres/postgres.ts'
import { openSqliteStore } from './store/sqlite.ts'
import type { Store } from './store/store.ts'
import type { RoomChange } from './store/upkeep/room.ts'
import { StoreTimings } from './store/upkeep/timings.ts'

export type ServeOptions = Readonly<{
  /** Undefined: all interfaces, IPv4 and IPv6. */
  host?: string | undefined
  /** 0: any free one. */
  port: number
  /** The server's data; it is made when it does not exist, for its owner only. */
  folder: string
  /** `postgres://…`: the database that this node shares with others; undefined: one in the folder. */
  store?: string | undefined
  /** The operator's own certificate and key, in PEM; else one is made and kept in the folder. */
  tls?: TlsFiles | undefined
  /** Also from other machines than this one (rule 15). */
  allowPlaintext?: boolean
  /** Clients of version 1 are let in, too, from anywhere and without TLS. */
  classic?: boolean
  /** Where other nodes are told what happens here (see `natsPlace`); undefined: there are none. */
  bus?: string | undefined
  /** Who may make an account; anybody by default. */
  registration?: Registration | undefined
  /** Entries are removed when they are older than so many days; undefined: never. */
  retainDays?: number | undefined
  /** Bytes that the data folder may take at most; undefined: as many as there are. */
  maxDiskBytes?: number | undefined
  /** Where figures for Prometheus are to be had; nowhere by default. */
  metrics?: MetricsAddress | undefined
  /** Rule 14. */
  rates?: Partial<Rates>
  passwordCost?: PasswordCost
  /** Milliseconds since 1970. */
  now?: () => number
  /** Milliseconds that never leap, for durations. */
  monotonic?: () => number
  log?: Log
}>

export type RunningServer = Readonly<{
  port: number
  fingerprint: Fingerprint
  /** Users with at least one connection, and connections. */
  connected: () => Readonly<{ users: number; connections: number }>
  /** Bytes that clients have not taken yet. */
  outboxBytes: () => number
  /** The port of the metrics; undefined without them. */
  metricsPort: number | undefined
  /** A code for who hosts to make an account with; undefined where that takes none. */
  ownInvite: () => Promise<string | undefined>
  /** Rejects when the server cannot go on; never resolves. */
  failed: Promise<never>
  /**
   * Takes no new connections, finishes and answers what was accepted, tells everyone, closes;
   * within seconds. Idempotent.
   */
  close: () => Promise<void>
}>

/**
 * Starts a server. The only place where adapters are chosen.
 * @throws ServeError, StoreError: one line that says what, where and what would be right
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const failure = Promise.withResolvers<never>()
  // Who does not look at `failed` is not ended by it.
  failure.promise.catch(() => undefined)
  const timings = options.metrics === undefined ? undefined : new StoreTimings()
  const services = await openNode(options, timings, failure.reject)
  const identity = await identityOf(options, services)
  const peers = new Peers(services)
  const classic = options.classic === true ? new ClassicSessions(services, peers) : undefined
  const listener = listenerFor(options, identity, { peers, classic }, failure.reject)
  const port = await listen(listener, services, options, identity)
  const retention = retentionOf(options, services)
  const swept = [peers, listener, classic, retention].filter((part) => part !== undefined)
  const wheel = setInterval(sweep, SWEEP_MS, swept, services.log)
  const stop = once(async () => {
    clearInterval(wheel)
    listener.stop()
    await classic?.stop()
    await peers.stop()
    await retention?.close()
    await services.close()
    await listener.close(STOP_SOCKETS_MS_MAX)
  })
  const parts = { services, peers, listener, timings, failed: failure.promise }
  const metrics = await measured(options, parts).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  const close = once(async () => {
    await metrics?.close()
    await stop()
  })
  return {
    port,
    metricsPort: metrics?.port,
    fingerprint: identity.fingerprint,
    connected: () => ({ users: peers.usersOnline, connections: peers.size }),
    outboxBytes: () => peers.outboxBytes + (classic?.outboxBytes ?? 0),
    ownInvite: () => ownInvite(services),
    failed: failure.promise,
    close,
  }
}

type Parts = Readonly<{
  services: OpenServices
  peers: Peers
  listener: Listener
  timings: StoreTimings | undefined
  failed: Promise<never>
}>

/** Loaded only when asked for. @throws ServeError */
async function measured(
  options: ServeOptions,
  { timings, failed, ...parts }: Parts,
): Promise<RunningMetrics | undefined> {
  const { metrics: address, folder, maxDiskBytes, store: shared } = options
  const { now = Date.now, monotonic = uptime } = options
  if (address === undefined || timings === undefined) return undefined
  let reason: string | undefined
  failed.catch((error: unknown) => {
    reason = messageOf(error)
  })
  const { startMetrics } = await import('./metrics/server.ts')
  const failure = () => reason
  const { lookAtStore } = await import('./metrics/store-look.ts')
  const { store, counts } = parts.services
  const look = async () => {
    // What is in this process says by itself when it fails, but not that there is room again.
    const isAsked = shared !== undefined || counts.noRoom !== undefined
    return isAsked ? lookAtStore(store, now()) : undefined
  }
  const asked = { address, monotonic, failure, lookAtStore: look }
  return startMetrics({ ...parts, ...asked, timings, folder, maxDiskBytes })
}

function retentionOf(
  { retainDays: days }: ServeOptions,
  { store, now, monotonic, log }: OpenServices,
): RetentionRounds | undefined {
  return days === undefined ? undefined : new RetentionRounds({ store, days, now, monotonic, log })
}

/** One wheel for everything that is done now and then. */
function sweep(parts: readonly Readonly<{ sweep: () => void }>[], log: Log): void {
  try {
    for (const part of parts) part.sweep()
  } catch (error) {
    log.error('what is done every second failed', { error })
  }
}

function uptime(): number {
  return performance.now()
}

type OnFailure = (error: Error) => void
type SharedStoreOptions = PostgresOptions & Readonly<{ folder: string }>

/** Everything but the sockets, with the adapters of a server that runs alone. */
function openNode(
  options: ServeOptions,
  timings: StoreTimings | undefined,
  onFailure: OnFailure,
): Promise<OpenServices> {
  const { folder, now = Date.now, monotonic = uptime, log = silentLog } = options
  const node = randomBytes(8).toString('hex')
  return openServices({
    ...options,
    now,
    monotonic,
    log,
    node,
    shared: options.bus !== undefined || options.store !== undefined,
    ownerSecret: () => presentOwnerSecret(folder),
    openStore: (onAppended, counts, storeState) => {
      const onFault = (reason: string) => {
        counts.storeFault(monotonic())
        log.error('the store refused a transaction', { reason })
      }
      const { maxDiskBytes } = options
      const onRoom = (change: RoomChange) => {
        counts.noRoom = change.full ? change : undefined
      }
      const events = { onAppended, onFault, onFailure, onRoom }
      const { store: url } = options
      const onAway = (away: boolean) => storeState.set(away)
      if (url !== undefined)
        return openSharedStore({ url, folder, ...events, onAway, timings, log })
      return openSqliteStore({ folder, ...events, timings, maxDiskBytes, log })
    },
    connectBus: (onHint, onLost) => busOf(options.bus, { node, onHint, onLost, log }),
  })
}

/** @throws ServeError */
async function busOf(url: string | undefined, parts: Omit<NatsOptions, 'url'>): Promise<Bus> {
  if (url === undefined) return new LocalBus().connect(parts.onHint)
  const { connectNats } = await import('./bus/nats.ts')
  return connectNats({ url, ...parts })
}

function listenerFor(
  options: ServeOptions,
  identity: Identity,
  { peers, classic }: Readonly<{ peers: Peers; classic: ClassicSessions | undefined }>,
  onFailure: OnFailure,
): Listener {
  return new Listener({
    identity,
    allowPlaintext: options.allowPlaintext ?? false,
    rates: { ...defaultRates, ...options.rates },
    monotonic: options.monotonic ?? uptime,
    onStream: (stream, arrival) => peers.accept(stream, arrival),
    onClassic: classic && ((stream, address) => classic.accept(stream, address)),
    onFailure,
  })
}

/** Key and operator's secret are read, or made, by who holds the folder: another one would make another. */
async function identityOf(options: ServeOptions, services: OpenServices): Promise<Identity> {
  try {
    return await sharing(options, () => {
      makeOwnerSecret(options.folder)
      return loadIdentity(options.folder, options.tls)
    })
  } catch (error) {
    await services.close()
    throw error
  }
}

/** Nodes with one store have one key. */
async function sharing<T>({ store, folder }: ServeOptions, make: () => Promise<T>): Promise<T> {
  if (store === undefined) return make()
  const { withSharedFiles } = await import('./store/postgres/shared-files.ts')
  return withSharedFiles(store, folder, make)
}

/** Loaded only when asked for. The folder is this node's alone. */
async function openSharedStore({ folder, ...options }: SharedStoreOptions): Promise<Store> {
  const { openPostgresStore } = await import('./store/postgres/postgres.ts')
  const lock = explaining(folder, () => lockFolder(folder))
  try {
    closeToOthers(folder)
    const store = await openPostgresStore(options)
    const close = async () => {
      await store.close()
      lock.close()
    }
    return { ...store, close }
  } catch (error) {
    lock.close()
    throw error
  }
}

async function listen(
  listener: Listener,
  services: OpenServices,
  { host, port, folder }: ServeOptions,
  { fingerprint }: Identity,
): Promise<number> {
  try {
    const chosen = await listener.listen(host, port)
    noteHolder(folder, `${foundAt(host)}:${chosen}`, fingerprint)
    return chosen
  } catch (error) {
    await services.close()
    throw listenError(error, host, port)
  }
}

/** Where this machine finds a server that listens there. */
function foundAt(host: string | undefined): string {
  if (host === undefined || host === '::' || host === '0.0.0.0') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function listenError(error: unknown, host: string | undefined, port: number): Error {
  const { code, message } = error as NodeJS.ErrnoException
  const where = host === undefined ? 'all interfaces' : host
  if (code === 'EADDRINUSE') {
    return new PortTakenError(
      `port ${port} on ${where} is taken by another program: choose another with --port, or 0 for any free one`,
    )
  }
  const words: Record<string, string> = {
    EACCES: `port ${port} on ${where} is not allowed to you: choose one above 1023`,
    EADDRNOTAVAIL: `${where} is no address of this machine: leave it out to listen on all`,
    ENOTFOUND: `the host ${where} is not known: name an address of this machine, or none for all`,
  }
  return new ServeError(words[code ?? ''] ?? `cannot listen on ${where}, port ${port}: ${message}`)
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= run()
    return running
  }
}
