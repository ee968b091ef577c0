import { PassThrough, Readable, Writable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { parseCommandLine } from '../../src/cli/command-line.ts'
import { Failure, UsageError } from '../../src/cli/errors.ts'
import type { PipeCommand } from '../../src/cli/pipe/commands.ts'
import { runPipe } from '../../src/cli/pipe/run.ts'
import type { Person, World } from '../../src/cli/pipe/world.ts'
import { formatAddress } from '../../src/net/address.ts'
import { systemTimers, type Timers } from '../../src/net/timers.ts'
import { type RunningServer, serve } from '../../src/server/serve.ts'
import type { ServerProfile } from '../../src/ui/configuration/options.ts'
import { CHEAP, PASSWORD } from './server.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A real server on a real port of this machine, closed when the test is over. */
export async function startRealServer(
  options: Readonly<{ folder?: string; port?: number }> = {},
): Promise<RunningServer & { address: string }> {
  const folder = options.folder ?? temporaryFolder()
  const port = options.port ?? 0
  const server = await serve({ host: '127.0.0.1', port, folder, passwordCost: CHEAP })
  onTestFinished(() => server.close())
  return Object.assign(server, {
    address: formatAddress({ host: '127.0.0.1', port: server.port }),
  })
}

export type ShellOptions = Readonly<{
  stdin?: string | Buffer | Readable
  env?: Readonly<Record<string, string>>
  person?: Person
  timers?: Timers
  /** Those of the configuration file. */
  servers?: readonly ServerProfile[]
}>

export type Ran = Readonly<{ code: number; stdout: string; stderr: string }>

/** Somebody's shell, in which the commands for pipes run within this process. */
export class Shell {
  readonly #stateFolder: string

  constructor(stateFolder: string) {
    this.#stateFolder = stateFolder
  }

  /** With an account, logged in. */
  static async of(name: string, address: string): Promise<Shell> {
    const shell = new Shell(temporaryFolder())
    const env = { TCHAT_PASSWORD: PASSWORD }
    const ran = await shell.run(['login', '--register', '--server', address, '--user', name], {
      env,
    })
    if (ran.code !== 0) throw new Error(ran.stderr)
    return shell
  }

  get stateFolder(): string {
    return this.#stateFolder
  }

  /** To its end. */
  run(args: readonly string[], options: ShellOptions = {}): Promise<Ran> {
    return this.start(args, options).ended
  }

  start(args: readonly string[], options: ShellOptions = {}): Running {
    return new Running(this.#stateFolder, args, options)
  }
}

/** A command that runs. */
export class Running {
  readonly ended: Promise<Ran>
  stdout = ''
  #stop = new AbortController()
  #look: () => void = () => undefined
  #closed = false
  /** Goes on with what is being written; undefined: writing is as fast as it can be. */
  #held: (() => void)[] | undefined

  constructor(stateFolder: string, args: readonly string[], options: ShellOptions) {
    const { env = {}, stdin = '', person, timers = systemTimers, servers = [] } = options
    const stdout = new Writable({
      write: (chunk, _encoding, done) => {
        if (this.#closed) return done(Object.assign(new Error('broken pipe'), { code: 'EPIPE' }))
        this.stdout += String(chunk)
        this.#look()
        if (this.#held === undefined) done()
        else this.#held.push(done)
      },
    })
    stdout.on('error', () => undefined)
    const world: World = {
      env,
      stateFolder,
      servers: async () => servers,
      version: '0.0.0',
      stdin: stdin instanceof Readable ? stdin : Readable.from([Buffer.from(stdin)]),
      stdout,
      person,
      now: Date.now,
      timers,
      stopped: this.#stop.signal,
    }
    this.ended = this.#run(args, world)
  }

  /** As Ctrl-C does. */
  interrupt(): void {
    this.#stop.abort(new Failure('interrupted'))
  }

  /** What it writes does not get through until `letOut`. */
  holdOutput(): void {
    this.#held ??= []
  }

  letOut(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const done of held) done()
  }

  /** Nobody reads its output any more. */
  closeOutput(): void {
    this.#closed = true
  }

  /** Until it has printed that; with its error when it ends before. */
  async prints(wanted: RegExp): Promise<RegExpExecArray> {
    const { promise, resolve, reject } = Promise.withResolvers<RegExpExecArray>()
    this.#look = () => {
      const match = wanted.exec(this.stdout)
      if (match !== null) resolve(match)
    }
    this.#look()
    void this.ended.then(({ stdout, stderr }) => {
      reject(new Error(`ended before it printed ${wanted}: ${stdout}${stderr}`))
    })
    return promise
  }

  async #run(args: readonly string[], world: World): Promise<Ran> {
    try {
      const line = parseCommandLine(args, world.env)
      const code = await runPipe(line.command as PipeCommand, line, world)
      return { code, stdout: this.stdout, stderr: '' }
    } catch (error) {
      if (!(error instanceof UsageError || error instanceof Failure)) throw error
      const code = error instanceof UsageError ? 2 : 1
      return { code, stdout: this.stdout, stderr: `tchat: ${error.message}\n` }
    }
  }
}

/** Standard input that a test writes as it goes. */
export function typed(): PassThrough {
  return new PassThrough()
}
