import { type CommandLine, parseCommandLine } from './command-line.ts'
import { Failure, UsageError } from './errors.ts'
import { helpText } from './help.ts'
import { isOutputClosed, outputFailure } from './output-fault.ts'
import type { PipeCommand } from './pipe/commands.ts'
import { version } from './version.ts'

/** Runs the program; called once, by bin/tchat.js. Exit codes: 0 success, 1 failure, 2 usage. */
export async function main(args: readonly string[]): Promise<void> {
  // Whoever reads the output may stop: that ends no server.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  try {
    const line = parseCommandLine(args, process.env)
    // What reads the arguments has named the process after a package file that it was not given.
    process.title = 'tchat'
    if (line.command !== 'serve') watchOutput()
    process.exitCode = await runs[line.command](line)
  } catch (error) {
    process.exitCode = report(error)
  }
}

/** What could not be written was wanted: the command has failed, whatever else it did. */
function watchOutput(): void {
  let fault: Error | undefined
  process.stdout.on('error', (error) => {
    if (!isOutputClosed(error)) fault ??= error
  })
  process.once('exit', (code) => {
    if (fault !== undefined && code === 0) process.exitCode = report(outputFailure(fault))
  })
}

/** Each face is loaded only when it is used: a client never loads the database, a server never React. */
const runs: Record<CommandLine['command'], (line: CommandLine) => number | Promise<number>> = {
  version: () => print(version()),
  help: ({ input }) => print(helpText(input)),
  serve: async (line) => (await import('./serve-command.ts')).serveCommand(line),
  connect: async (line) => (await import('./connect-command.ts')).connectCommand(line),
  admin: async (line) => (await import('./admin-command.ts')).adminCommand(line),
  config: async (line) => (await import('./config-command.ts')).configCommand(line),
  keys: async (line) => (await import('./keys-command.ts')).keysCommand(line),
  doctor: async (line) => (await import('./doctor-command.ts')).doctorCommand(line),
  start: async (line) => (await import('./start-command.ts')).startCommand(line),
  login: (line) => pipe('login', line),
  logout: (line) => pipe('logout', line),
  send: (line) => pipe('send', line),
  tail: (line) => pipe('tail', line),
  ls: (line) => pipe('ls', line),
  history: (line) => pipe('history', line),
  groups: (line) => pipe('groups', line),
  dissector: async (line) => (await import('./dissector-command.ts')).dissectorCommand(line),
  completions: async (line) =>
    (await import('./completions/completions-command.ts')).completionsCommand(line),
}

async function pipe(command: PipeCommand, line: CommandLine): Promise<number> {
  return (await import('./pipe/run.ts')).runPipeHere(command, line)
}

function print(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function report(error: unknown): number {
  if (error instanceof UsageError) return complain(error.message, 2)
  if (error instanceof Failure) return complain(error.message, 1)
  return complain(error instanceof Error ? (error.stack ?? error.message) : String(error), 1)
}

function complain(text: string, code: number): number {
  process.stderr.write(`tchat: ${text}\n`)
  return code
}
