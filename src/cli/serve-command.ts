import { DEFAULT_PORT, formatAddress } from '../net/address.ts'
import { fingerprintWords } from '../net/fingerprint.ts'
import { shareLine } from '../net/share-line.ts'
import { messageOf } from '../protocol/errors.ts'
import type { Log } from '../server/log.ts'
import { type RunningServer, type ServeOptions, serve } from '../server/serve.ts'
import { PortTakenError, ServeError } from '../server/serve-error.ts'
import { shownUrl } from '../server/store/shown-url.ts'
import { FolderServedError, StoreError } from '../server/store/store-error.ts'
import type { CommandLine, FlagValues } from './command-line.ts'
import { Failure, UsageError } from './errors.ts'
import type { Failed } from './hosting.ts'
import { serverLog } from './log.ts'
import { folders } from './paths.ts'
import { ratesOf } from './server-limits.ts'
import {
  busOf,
  logLevelOf,
  maxDiskOf,
  metricsOf,
  retainDaysOf,
  storeOf,
} from './server-settings.ts'
import { serverPlace } from './settings.ts'
import { connectCommandTo, type Places, placesOf } from './share.ts'
import { Supervisor } from './supervisor.ts'
import { version } from './version.ts'

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** `tchat --serve`: runs until a signal, or the client that started it, ends it. Answers the exit code. */
export async function serveCommand({ values }: CommandLine): Promise<number> {
  const options = optionsOf(values)
  const { promise: endAsked, resolve: askEnd } = Promise.withResolvers<string>()
  const supervisor = values.hosted ? new Supervisor(askEnd) : undefined
  try {
    const server = await start(options, supervisor)
    const places = placesOf(options.host ?? '::', server.port)
    onStopSignal(askEnd, options.log)
    const short = places.colleagues.map((place) => connectCommandTo(formatAddress(place)))
    await supervisor?.listening(server, short)
    process.stdout.write(announcement(server, options, places))
    await untilEnd(server, endAsked, options.log)
    return 0
  } finally {
    supervisor?.release()
  }
}

async function start(
  options: ServeOptions,
  supervisor: Supervisor | undefined,
): Promise<RunningServer> {
  try {
    return await serve(options)
  } catch (error) {
    await supervisor?.failed(failureOf(error))
    const isForPeople = error instanceof ServeError || error instanceof StoreError
    throw isForPeople ? new Failure(error.message) : error
  }
}

async function untilEnd(server: RunningServer, endAsked: Promise<string>, log: Log): Promise<void> {
  log.info('listening', { port: server.port, metricsPort: server.metricsPort })
  try {
    const by = await Promise.race([endAsked, server.failed])
    log.info('stopping', { by })
  } catch (error) {
    throw new Failure(`the server cannot go on: ${messageOf(error)}`)
  } finally {
    await server.close()
  }
  log.info('stopped')
}

/** The first signal stops gracefully; a second one ends the process at once. */
function onStopSignal(stop: (by: string) => void, log: Log): void {
  let stops = false
  // Listened to without a break: a signal that comes while nobody listens is lost.
  const onSignal = (by: NodeJS.Signals) => {
    if (stops) {
      log.warn('ended at once, by a second signal', { by })
      process.exit(1)
    }
    stops = true
    stop(by)
  }
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal)
}

function failureOf(error: unknown): Omit<Failed, 'type'> {
  const text = messageOf(error)
  if (error instanceof PortTakenError) return { reason: 'portTaken', text }
  if (error instanceof FolderServedError) return { reason: 'locked', text, address: error.address }
  return { reason: 'other', text }
}

function optionsOf(values: FlagValues): ServeOptions & { log: Log } {
  const { host, port = DEFAULT_PORT, folder, registration } = serverPlace(values)
  return {
    host,
    port,
    folder,
    store: storeOf(values),
    tls: tlsOf(values),
    registration,
    rates: ratesOf(values),
    allowPlaintext: values.allowPlaintext ?? false,
    classic: values.classic ?? false,
    bus: busOf(values),
    retainDays: retainDaysOf(values),
    maxDiskBytes: maxDiskOf(values),
    metrics: metricsOf(values),
    log: serverLog(process.stderr, Date.now, logLevelOf(values)),
  }
}

function tlsOf({ tlsCert, tlsKey }: FlagValues): ServeOptions['tls'] {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return { cert: tlsCert.text, key: tlsKey.text }
  }
  throw new UsageError('--tls-cert FILE and --tls-key FILE go together: give both or neither')
}

/** What a line leads to: everybody is there. */
const LOBBY = 'lobby'

/** For people, and for scripts: the lines that begin with `npx` can be pasted as they are. */
function announcement(
  { fingerprint, metricsPort }: RunningServer,
  options: ServeOptions,
  { colleagues, here }: Places,
): string {
  const { folder, store } = options
  const served = store === undefined ? folder : `${shownUrl(store)} (this node's own: ${folder})`
  const lines = [`tchat ${version()} serves ${served}`, '']
  if (colleagues.length > 0) {
    const whole = colleagues.map((place) => shareLine(place, LOBBY, fingerprint))
    lines.push('Colleagues connect with one of these:', ...whole.map(connectCommandTo), '')
  }
  if (here !== undefined) {
    lines.push('On this machine:', connectCommandTo(formatAddress(here)), '')
  }
  lines.push(
    ...registrationLines(options),
    ...classicLines(options),
    ...metricsLines(options, metricsPort),
    'Who connects by the address alone is asked whether the key is this one, in words and in full:',
    fingerprintWords(fingerprint).join(' '),
    fingerprint,
    '',
    `Ctrl-C stops the server (or: kill ${process.pid}). Nothing is lost.`,
  )
  return `${lines.join('\n')}\n`
}

function metricsLines({ metrics }: ServeOptions, port = 0): readonly string[] {
  if (metrics === undefined) return []
  const where = formatAddress({ host: metrics.host, port })
  return [
    'Figures for Prometheus, and whether all is well:',
    `http://${where}/metrics`,
    `http://${where}/health`,
    '',
  ]
}

/** Whoever turns it on sees what that means. */
function classicLines({ classic }: ServeOptions): readonly string[] {
  if (classic !== true) return []
  return [
    'Clients of version 1 are let in (--classic): without TLS, and with passwords that are no secret.',
    '',
  ]
}

/** How people get accounts, where they cannot simply make one. */
function registrationLines({ registration, folder }: ServeOptions): readonly string[] {
  if (registration === 'closed') return ['Nobody can make an account (--registration closed).', '']
  if (registration !== 'invite') return []
  const data = folder === folders().server ? '' : ` --data ${quoted(folder)}`
  return ['An account takes an invite, which this makes:', `npx tchat admin invite${data}`, '']
}

/** As shells on all platforms take it. */
function quoted(text: string): string {
  return /^[\w./:@\\-]+$/.test(text) ? text : `"${text}"`
}
