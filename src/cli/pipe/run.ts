import { systemTimers } from '../../net/timers.ts'
import { askSecret } from '../admin/secrets.ts'
import type { CommandLine } from '../command-line.ts'
import { Failure } from '../errors.ts'
import { folders } from '../paths.ts'
import { version } from '../version.ts'
import type { PipeCommand } from './commands.ts'
import { groupsCommand } from './groups-command.ts'
import { historyCommand } from './history-command.ts'
import { loginCommand } from './login-command.ts'
import { logoutCommand } from './logout-command.ts'
import { lsCommand } from './ls-command.ts'
import { OutputClosedError } from './output.ts'
import { sendCommand } from './send-command.ts'
import { tailCommand } from './tail-command.ts'
import type { Person, World } from './world.ts'

type Run = (line: CommandLine, world: World) => Promise<number>

const runs: Readonly<Record<PipeCommand, Run>> = {
  login: loginCommand,
  logout: logoutCommand,
  send: sendCommand,
  tail: tailCommand,
  ls: lsCommand,
  history: historyCommand,
  groups: groupsCommand,
}

/** One of the commands for pipes. Answers the exit code. @throws UsageError, Failure */
export async function runPipe(
  command: PipeCommand,
  line: CommandLine,
  world: World,
): Promise<number> {
  try {
    return await runs[command](line, world)
  } catch (error) {
    // Who reads has had enough: as with `head`.
    if (error instanceof OutputClosedError) return 0
    throw error
  }
}

/** The same in this process, until a signal ends it. */
export async function runPipeHere(command: PipeCommand, line: CommandLine): Promise<number> {
  const stopping = new AbortController()
  const stop = () => stopping.abort(new Failure('interrupted'))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.once(signal, stop)
  try {
    return await runPipe(command, line, worldHere(stopping.signal))
  } finally {
    for (const signal of signals) process.off(signal, stop)
    // What nobody has read would keep the process alive.
    process.stdin.destroy()
  }
}

function worldHere(stopped: AbortSignal): World {
  return {
    env: process.env,
    stateFolder: folders().state,
    servers: async (values) => {
      const { loadConfiguration } = await import('../client-configuration.ts')
      return (await loadConfiguration(values)).configuration.servers
    },
    version: version(),
    stdin: process.stdin,
    stdout: process.stdout,
    person: process.stdin.isTTY && process.stderr.isTTY ? personHere : undefined,
    now: Date.now,
    timers: systemTimers,
    stopped,
  }
}

const personHere: Person = {
  secret: askSecret,
  agrees: async (question) => {
    const { createInterface } = await import('node:readline/promises')
    const lines = createInterface({ input: process.stdin, output: process.stderr })
    const closed = Promise.withResolvers<string>()
    lines.once('close', () => closed.resolve(''))
    try {
      return /^y(es)?$/i.test(
        (await Promise.race([lines.question(question), closed.promise])).trim(),
      )
    } finally {
      lines.close()
    }
  },
}
