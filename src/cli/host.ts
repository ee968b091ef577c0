import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatAddress } from '../net/address.ts'
import { HostError, type Hosted } from '../ui/options.ts'
import type { FromServer, ToServer } from './hosting.ts'
import type { ServerPlace } from './settings.ts'

/** Beyond this the log of earlier servers is put aside, in bytes. */
const LOG_BYTES_MAX = 4 * 1024 * 1024
/** A stop that takes longer is forced. The server itself gives up earlier. */
const STOP_MS_MAX = 20_000

/**
 * Starts `tchat --serve` beside this program, in a session of its own, so that neither Ctrl-C nor
 * a closed terminal reaches it: it ends when this program does, or goes on when told to.
 *
 * @throws HostError
 */
export async function hostServer(
  place: ServerPlace & Readonly<{ port: number }>,
  stateFolder: string,
): Promise<Hosted> {
  const child = startServer(place, openLog(stateFolder))
  const { port, fingerprint, share, invite } = await listening(child)
  // Neither the process nor its channel keeps the client alive.
  child.unref()
  child.channel?.unref()
  return {
    address: formatAddress({ host: reachable(place.host), port }),
    fingerprint,
    share,
    invite,
    connected: () => connected(child),
    keep: () => keep(child),
    stop: () => stop(child),
    ended: ended(child),
  }
}

/** Where this machine finds a server that listens on that host. */
function reachable(host: string | undefined): string {
  return host === undefined || host === '::' || host === '0.0.0.0' ? '127.0.0.1' : host
}

function startServer({ host, port, folder, registration }: ServerPlace, log: number): ChildProcess {
  const program = fileURLToPath(new URL('../../bin/tchat.js', import.meta.url))
  const flags = ['--serve', '--hosted', '--port', `${port}`, '--data', folder]
  if (host !== undefined) flags.push('--host', host)
  flags.push('--registration', registration)
  const child = spawn(process.execPath, [program, ...flags], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    windowsHide: true,
  })
  closeSync(log)
  return child
}

function openLog(stateFolder: string): number {
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 })
  const path = join(stateFolder, 'server.log')
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > LOG_BYTES_MAX) renameSync(path, `${path}.1`)
  return openSync(path, 'a', 0o600)
}

type Listening = Extract<FromServer, { type: 'listening' }>

function listening(child: ChildProcess): Promise<Listening> {
  const { promise, resolve, reject } = Promise.withResolvers<Listening>()
  child.on('message', (message: FromServer) => {
    if (message.type === 'listening') resolve(message)
    if (message.type === 'failed') {
      reject(new HostError(message.reason, message.text, message.address))
    }
  })
  child.once('error', (error) => reject(new HostError('other', error.message)))
  child.once('exit', (code, signal) =>
    reject(new HostError('other', `the server ended at once (${signal ?? `exit code ${code}`})`)),
  )
  return promise
}

async function connected(child: ChildProcess): Promise<number> {
  if (!child.connected) return 0
  const { promise, resolve } = Promise.withResolvers<number>()
  const onMessage = (message: FromServer) => {
    if (message.type === 'connected') resolve(message.count)
  }
  const onDisconnect = () => resolve(0)
  child.on('message', onMessage)
  child.once('disconnect', onDisconnect)
  tell(child, { type: 'count' })
  try {
    return await promise
  } finally {
    child.off('message', onMessage)
    child.off('disconnect', onDisconnect)
  }
}

function keep(child: ChildProcess): number | undefined {
  tell(child, { type: 'keep' })
  return child.pid
}

async function ended(child: ChildProcess): Promise<string> {
  if (!isOver(child)) await once(child, 'exit')
  return child.signalCode ?? `exit code ${child.exitCode}`
}

async function stop(child: ChildProcess): Promise<void> {
  if (isOver(child)) return
  const exited = once(child, 'exit')
  child.ref()
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
  tell(child, { type: 'stop' })
  await exited
  clearTimeout(force)
}

function isOver({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

function tell(child: ChildProcess, message: ToServer): void {
  if (child.connected) child.send(message, () => {})
}
