import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Three nodes, PostgreSQL and NATS as processes of this machine, for a look and for tests:
 *
 *   node deploy/cluster/local.ts     runs until Ctrl-C, then everything is removed
 *
 * Needs Debian's postgresql and nats-server, and the program as `npm run build` makes it.
 */

const PROGRAM = fileURLToPath(new URL('../../bin/tchat.js', import.meta.url))
const DEBIAN = '/usr/lib/postgresql'

const SETTINGS = {
  listen_addresses: '',
  // A node that stands still in the middle of a transaction would keep all others from writing.
  idle_in_transaction_session_timeout: '3s',
}

/** A process that is started, killed, frozen and started again. */
class Part {
  #child: ChildProcess | undefined
  #output = ''

  /** Resolves with what the line says in its group when the process has said it on stderr. */
  async start(
    file: string,
    args: readonly string[],
    ready: RegExp,
    env: NodeJS.ProcessEnv = process.env,
  ): Promise<string> {
    this.#output = ''
    const child = spawn(file, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    this.#child = child
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text
      const found = ready.exec(this.#output)
      if (found !== null) resolve(found[1] ?? '')
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${file} has ended: ${this.#output}`)))
    return promise
  }

  get pid(): number {
    return this.#child?.pid ?? 0
  }

  /** What it has said on stderr. */
  get output(): string {
    return this.#output
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal)
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}

/** One node; it keeps its port when it is started again. */
export class LocalNode {
  port = 0
  readonly folder: string
  #part = new Part()
  #env: NodeJS.ProcessEnv
  #flags: readonly string[]

  /** @param flags further ones of `tchat --serve` */
  constructor(folder: string, env: NodeJS.ProcessEnv, flags: readonly string[] = []) {
    this.folder = folder
    this.#env = env
    this.#flags = flags
  }

  get pid(): number {
    return this.#part.pid
  }

  async start(): Promise<void> {
    const where = ['--host', '127.0.0.1', '--port', `${this.port}`, '--data', this.folder]
    const args = [PROGRAM, '--serve', ...where, ...this.#flags]
    const ready = /"event":"listening","port":(\d+)/
    this.port = Number(await this.#part.start(process.execPath, args, ready, this.#env))
  }

  kill(): Promise<void> {
    return this.#part.end('SIGKILL')
  }

  stop(): Promise<void> {
    return this.#part.end('SIGTERM')
  }

  freeze(): void {
    this.#part.signal('SIGSTOP')
  }

  thaw(): void {
    this.#part.signal('SIGCONT')
  }
}

/** Further flags of `tchat --serve` and of `nats-server`. */
type Flags = Readonly<{ node?: readonly string[]; nats?: readonly string[] }>

/** All of it, in one folder. */
export class LocalCluster {
  /** Those that were begun and not stopped. */
  static readonly #living = new Set<LocalCluster>()
  readonly nodes: readonly LocalNode[]
  #folder: string
  #nats = new Part()
  #natsPort = -1
  #natsFlags: readonly string[]
  #env: NodeJS.ProcessEnv = { ...process.env }

  private constructor(count: number, { node = [], nats = [] }: Flags) {
    this.#natsFlags = nats
    this.#folder = mkdtempSync(join(tmpdir(), 'tchat-cluster-'))
    LocalCluster.#living.add(this)
    // Others than who runs this must get in: PostgreSQL does not run as root.
    const owner = ownerOf()
    const database = join(this.#folder, 'postgres')
    mkdirSync(database)
    if (owner !== undefined) {
      chownSync(this.#folder, owner.uid, owner.gid)
      chownSync(database, owner.uid, owner.gid)
    }
    this.nodes = Array.from({ length: count }, (_, at) => {
      return new LocalNode(join(this.#folder, `node${at + 1}`), this.#env, node)
    })
  }

  /** Whether there is all that it needs. */
  static get isPossible(): boolean {
    const { status } = spawnSync('nats-server', ['--version'])
    return postgresPrograms() !== undefined && status === 0
  }

  static async start(count: number, flags: Flags = {}): Promise<LocalCluster> {
    const cluster = new LocalCluster(count, flags)
    try {
      cluster.#makePostgres()
      await cluster.startNats()
      const socket = encodeURIComponent(cluster.#folder)
      cluster.#env['TCHAT_STORE'] = `postgres://postgres@${socket}/postgres`
      cluster.#env['TCHAT_BUS'] = `nats://127.0.0.1:${cluster.#natsPort}`
      await Promise.all(cluster.nodes.map((node) => node.start()))
      return cluster
    } catch (error) {
      await cluster.stop()
      throw error
    }
  }

  /** Before this process ends: also those that are still being started. */
  static async stopAll(): Promise<void> {
    await Promise.all([...LocalCluster.#living].map((cluster) => cluster.stop()))
  }

  /** All that it keeps is in it, and goes with it. */
  get folder(): string {
    return this.#folder
  }

  /** As `--store` takes it. */
  get store(): string {
    return this.#env['TCHAT_STORE'] ?? ''
  }

  /** As `--bus` takes it. */
  get bus(): string {
    return this.#env['TCHAT_BUS'] ?? ''
  }

  /** Where NATS tells of itself over HTTP, if a flag has asked for that. */
  get natsMonitorPort(): number {
    return Number(/http monitor on [^\n]*:(\d+)/.exec(this.#nats.output)?.[1])
  }

  /** At the same port as before. */
  async startNats(): Promise<void> {
    const ready = /client connections on [^\n]*:(\d+)[\s\S]*Server is ready/
    const args = ['-a', '127.0.0.1', '-p', `${this.#natsPort}`, ...this.#natsFlags]
    this.#natsPort = Number(await this.#nats.start('nats-server', args, ready))
  }

  killNats(): Promise<void> {
    return this.#nats.end('SIGKILL')
  }

  startPostgres(): void {
    const settings = Object.entries(SETTINGS).map(([name, value]) => `-c ${name}=${value}`)
    this.#control('-w', '-o', [...settings, `-k '${this.#folder}'`].join(' '), 'start')
  }

  /** As in a crash. */
  killPostgres(): void {
    this.#control('-m', 'immediate', '-w', 'stop')
  }

  freezePostgres(): void {
    this.#signalPostgres('SIGSTOP')
  }

  thawPostgres(): void {
    this.#signalPostgres('SIGCONT')
  }

  /** Everything ends and is removed. */
  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()))
    await this.killNats()
    if (this.#postmaster !== undefined) {
      this.thawPostgres()
      this.killPostgres()
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 })
    LocalCluster.#living.delete(this)
  }

  /** The process that started all others of the server. */
  get #postmaster(): number | undefined {
    const file = join(this.#folder, 'postgres', 'postmaster.pid')
    return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined
  }

  #signalPostgres(signal: 'SIGSTOP' | 'SIGCONT'): void {
    const postmaster = this.#postmaster
    if (postmaster === undefined) return
    // First the one that would start others.
    process.kill(postmaster, signal)
    for (const pid of childrenOf(postmaster)) sendTo(pid, signal)
  }

  #makePostgres(): void {
    const data = join(this.#folder, 'postgres')
    run('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C'])
    this.startPostgres()
  }

  #control(...args: readonly string[]): void {
    const log = join(this.#folder, 'postgres', 'log')
    run('pg_ctl', ['-D', join(this.#folder, 'postgres'), '-l', log, ...args])
  }
}

function childrenOf(parent: number): readonly number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', `${parent}`], { encoding: 'utf8' })
  return stdout.split('\n').flatMap((line) => (line.trim() === '' ? [] : [Number(line)]))
}

/** Who has just ended gets none. */
function sendTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function postgresPrograms(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined
  const newestFirst = readdirSync(DEBIAN).sort((one, other) => Number(other) - Number(one))
  const folders = newestFirst.map((version) => join(DEBIAN, version, 'bin'))
  return folders.find((folder) => existsSync(join(folder, 'initdb')))
}

function run(program: string, args: readonly string[]): void {
  const file = join(postgresPrograms() ?? '', program)
  execFileSync(file, args, { ...ownerOf(), stdio: 'ignore', cwd: '/' })
}

function ownerOf(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (which: string) =>
    Number(execFileSync('id', [which, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

const USAGE = `\
Usage: node deploy/cluster/local.ts

Starts three nodes of one server, PostgreSQL and NATS on this machine, says how to reach them, and
runs until Ctrl-C; then all of it is removed. It takes no arguments.
`
const LACKS = 'It needs PostgreSQL and nats-server: apt-get install postgresql nats-server\n'

/** Answers the exit code. */
async function main([first]: readonly string[]): Promise<number> {
  if (first === '--help' || first === '-h') return say(USAGE)
  if (first !== undefined) return say(`There is no '${first}' here.\n\n${USAGE}`, 2)
  if (!LocalCluster.isPossible) return say(LACKS, 1)
  const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  try {
    const cluster = await LocalCluster.start(3)
    say(placesOf(cluster))
    await ended
    await cluster.stop()
    return say(`\nEverything has ended, and ${cluster.folder} is removed.\n`)
  } catch (error) {
    return say(`The cluster could not be started: ${(error as Error).message}\n`, 1)
  }
}

function placesOf({ nodes, store, bus, folder }: LocalCluster): string {
  const [one] = nodes
  const rows = nodes.map((node) => `  127.0.0.1:${node.port}  data in ${node.folder}`)
  const program = `node ${PROGRAM}`
  return `\
Three nodes of one server:
${rows.join('\n')}
Store  ${store}
Bus    ${bus}
All of it is in ${folder}

To chat, at any of them:  ${program} connect 127.0.0.1:${one?.port}
To look after it:         ${program} admin status --data ${one?.folder}
To look into the store:   psql '${store}'

Ctrl-C ends and removes all of it.
`
}

/** Answers the code. */
function say(text: string, code = 0): number {
  const out = code === 0 ? process.stdout : process.stderr
  out.write(text)
  return code
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
