import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import type { Fingerprint } from '../net/fingerprint.ts'
import { LocalBus } from './bus/local.ts'
import { loadIdentity, type TlsFiles } from './identity.ts'
import { defaultRates, type Rates, STOP_SOCKETS_MS_MAX } from './limits.ts'
import { Listener } from './listener.ts'
import type { Log } from './log.ts'
import { silentLog } from './log.ts'
import type { PasswordCost } from './passwords.ts'
import { Peers } from './peers.ts'
import { ServeError } from './serve-error.ts'
import { openServices } from './services.ts'
import { openSqliteStore } from './store/sqlite.ts'

export type ServeOptions = Readonly<{
  /** Undefined: all interfaces, IPv4 and IPv6. */
  host?: string | undefined
  /** 0: any free one. */
  port: number
  /** The server's data; it is made when it does not exist, for its owner only. */
  folder: string
  /** The operator's own certificate and key, in PEM; else one is made and kept in the folder. */
  tls?: TlsFiles | undefined
  /** Also from other machines than this one (rule 15). */
  allowPlaintext?: boolean
  /** Rule 14. */
  rates?: Partial<Rates>
  passwordCost?: PasswordCost
  now?: () => number
  log?: Log
}>

export type RunningServer = Readonly<{
  port: number
  /** Where others may find it: IP addresses of this machine, or the host that was asked for. */
  addresses: readonly string[]
  fingerprint: Fingerprint
  /** Users with at least one connection, and connections. */
  connected: () => Readonly<{ users: number; connections: number }>
  /** Rejects when the server cannot go on; never resolves. */
  failed: Promise<never>
  /**
   * Takes no new connections, finishes and answers what was accepted, tells everyone, closes;
   * within seconds. Idempotent.
   */
  close: () => Promise<void>
}>

const SWEEP_MS = 1_000

/**
 * Starts a server. The only place where adapters are chosen.
 * @throws ServeError, StoreError: one line that says what, where and what would be right
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { port, folder, now = Date.now, log = silentLog, allowPlaintext = false } = options
  const failure = Promise.withResolvers<never>()
  // Who does not look at `failed` is not ended by it.
  failure.promise.catch(() => undefined)
  await makeFolder(folder)
  const identity = await loadIdentity(folder, options.tls)
  const bus = new LocalBus()
  const node = randomBytes(8).toString('hex')
  const services = await openServices({
    ...options,
    now,
    log,
    node,
    openStore: (onAppended) => {
      const onFault = (reason: string) => log.error('the store refused a transaction', { reason })
      return openSqliteStore({ folder, onAppended, onFault, onFailure: failure.reject })
    },
    connectBus: (onHint) => bus.connect(onHint),
  })
  const peers = new Peers(services)
  let connections = 0
  const listener = new Listener({
    identity,
    allowPlaintext,
    rates: { ...defaultRates, ...options.rates },
    now,
    onStream: (stream, arrival) => {
      connections += 1
      peers.accept(stream, { ...arrival, id: `${node}-${connections}` })
    },
    onFailure: (error) => failure.reject(error),
  })
  const chosen = await listener.listen(options.host, port).catch(async (error: unknown) => {
    await services.close()
    throw listenError(error, options.host, port)
  })
  const wheel = setInterval(() => {
    peers.sweep()
    listener.sweep()
  }, SWEEP_MS)
  const close = once(async () => {
    clearInterval(wheel)
    listener.stop()
    await peers.stop()
    await services.close()
    await listener.close(STOP_SOCKETS_MS_MAX)
  })
  return {
    port: chosen,
    addresses: addressesOf(options.host),
    fingerprint: identity.fingerprint,
    connected: () => ({ users: peers.usersOnline, connections: peers.size }),
    failed: failure.promise,
    close,
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ServeError(`cannot make the data folder ${folder}: ${reason}`)
  }
}

function listenError(error: unknown, host: string | undefined, port: number): Error {
  const { code, message } = error as NodeJS.ErrnoException
  const where = host === undefined ? 'all interfaces' : host
  const words: Record<string, string> = {
    EADDRINUSE: `port ${port} on ${where} is taken by another program: choose another, or 0 for any free one`,
    EACCES: `port ${port} on ${where} is not allowed to you: choose one above 1023`,
    EADDRNOTAVAIL: `${where} is no address of this machine: leave it out to listen on all`,
    ENOTFOUND: `the host ${where} is not known: name an address of this machine, or none for all`,
  }
  return new ServeError(words[code ?? ''] ?? `cannot listen on ${where}, port ${port}: ${message}`)
}

function addressesOf(host: string | undefined): readonly string[] {
  if (host !== undefined && host !== '::' && host !== '0.0.0.0') return [host]
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const useful = all.filter((one) => !one.internal && !one.address.startsWith('fe80:'))
  const versions = host === '0.0.0.0' ? ['IPv4'] : ['IPv4', 'IPv6']
  const found = versions.flatMap((family) => useful.filter((one) => one.family === family))
  return found.length > 0 ? found.map((one) => one.address) : ['localhost']
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  return () => {
    running ??= run()
    return running
  }
}
