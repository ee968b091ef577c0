import { DEFAULT_PORT } from '../net/address.ts'
import { fingerprintWords } from '../net/fingerprint.ts'
import { messageOf } from '../protocol/errors.ts'
import type { Log } from '../server/log.ts'
import { type RunningServer, type ServeOptions, serve } from '../server/serve.ts'
import { PortTakenError, ServeError } from '../server/serve-error.ts'
import { FolderServedError, StoreError } from '../server/store/store-error.ts'
import type { CommandLine, FlagValues } from './command-line.ts'
import { Failure, UsageError } from './errors.ts'
import type { Failed } from './hosting.ts'
import { serverLog } from './log.ts'
import { serverPlace } from './settings.ts'
import { type ShareLines, shareLines } from './share.ts'
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
    const share = shareLines(options.host ?? '::', server.port)
    supervisor?.listening(server, share.colleagues)
    onStopSignal(askEnd)
    process.stdout.write(announcement(server, options.folder, share))
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
  log.info('listening', { port: server.port })
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
function onStopSignal(stop: (by: string) => void): void {
  const onFirst = (by: NodeJS.Signals) => {
    for (const signal of STOP_SIGNALS) {
      process.off(signal, onFirst)
      process.on(signal, () => process.exit(1))
    }
    stop(by)
  }
  for (const signal of STOP_SIGNALS) process.on(signal, onFirst)
}

function failureOf(error: unknown): Omit<Failed, 'type'> {
  const text = messageOf(error)
  if (error instanceof PortTakenError) return { reason: 'portTaken', text }
  if (error instanceof FolderServedError) return { reason: 'locked', text, address: error.address }
  return { reason: 'other', text }
}

function optionsOf(values: FlagValues): ServeOptions & { log: Log } {
  const { host, port = DEFAULT_PORT, folder } = serverPlace(values)
  return {
    host,
    port,
    folder,
    tls: tlsOf(values),
    allowPlaintext: values.allowPlaintext ?? false,
    log: serverLog(process.stderr, Date.now),
  }
}

function tlsOf({ tlsCert, tlsKey }: FlagValues): ServeOptions['tls'] {
  if (tlsCert === undefined && tlsKey === undefined) return undefined
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return { cert: tlsCert.text, key: tlsKey.text }
  }
  throw new UsageError('--tls-cert FILE and --tls-key FILE go together: give both or neither')
}

/** For people, and for scripts: the lines that begin with `npx` can be pasted as they are. */
function announcement(
  server: RunningServer,
  folder: string,
  { colleagues, here }: ShareLines,
): string {
  const lines = [`tchat ${version()} serves ${folder}`, '']
  if (colleagues.length > 0) lines.push('Colleagues connect with one of these:', ...colleagues, '')
  if (here !== undefined) lines.push('On this machine:', here, '')
  lines.push(
    'They are asked whether the key is this one, in words and in full:',
    fingerprintWords(server.fingerprint).join(' '),
    server.fingerprint,
    '',
    `Ctrl-C stops the server (or: kill ${process.pid}). Nothing is lost.`,
  )
  return `${lines.join('\n')}\n`
}
