import { formatAddress, parseAddress } from '../net/address.ts'
import { SessionFolder } from '../net/files/sessions.ts'
import type { Start } from '../ui/options.ts'
import { type ClientConfiguration, faultLine } from './client-configuration.ts'
import { Failure } from './errors.ts'
import { folders } from './paths.ts'
import { version } from './version.ts'

/** Chats line by line in this process. Answers the exit code. @throws Failure */
export async function runLineHere(start: Start, loaded: ClientConfiguration): Promise<number> {
  const [{ runLine }, { LineEndError }] = await Promise.all([
    import('../ui/line/run.ts'),
    import('../ui/line/context.ts'),
  ])
  const { configuration, file, faults } = loaded
  try {
    return await runLine({
      start: start.user === undefined ? withUser(start) : start,
      stateFolder: folders().state,
      version: version(),
      stdin: process.stdin,
      stdout: process.stdout,
      stderr: process.stderr,
      env: process.env,
      configuration,
      configurationFaults: faults.map((fault) => faultLine(file, fault)),
      onStop,
    })
  } catch (error) {
    throw error instanceof LineEndError ? new Failure(error.message) : error
  }
}

/** The server and the account that were used last; undefined: there is none. */
export async function lastStart(user: string | undefined): Promise<Start | undefined> {
  const sessions = await new SessionFolder(folders().state).list()
  const last = sessions.find((it) => user === undefined || it.user.name === user)
  if (last === undefined) return undefined
  const address = formatAddress(parseAddress(last.server))
  return { address, user: last.user.name, plaintext: last.plaintext }
}

/** As the commands for pipes have it. */
function withUser(start: Start): Start {
  const user = process.env['TCHAT_USER'] ?? ''
  return user === '' ? start : { ...start, user }
}

function onStop(listener: (what: 'interrupt' | 'end') => void): () => void {
  const interrupt = () => listener('interrupt')
  const end = () => listener('end')
  process.on('SIGINT', interrupt)
  for (const signal of ENDS) process.on(signal, end)
  return () => {
    process.off('SIGINT', interrupt)
    for (const signal of ENDS) process.off(signal, end)
  }
}

const ENDS = ['SIGTERM', 'SIGHUP'] as const
