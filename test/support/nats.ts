import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { onTestFinished } from 'vitest'

/** Whether tests can have a NATS server of their own. */
export const natsIsHere = spawnSync('nats-server', ['--version']).status === 0
export const NATS_LACKS =
  'needs nats-server (Debian: nats-server), which is missing here: see .ci/run'

const LISTENING = /Listening for client connections on [^\n]*:(\d+)/
const ROUTES = /Listening for route connections on [^\n]*:(\d+)/
const READY = /Server is ready/

/** A real NATS server on a port of its own, that keeps nothing on disk. */
export class NatsServer {
  #child: ChildProcess | undefined
  #port = -1
  #output = ''
  #flags: readonly string[]

  constructor(flags: readonly string[] = []) {
    this.#flags = flags
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#port}`
  }

  get port(): number {
    return this.#port
  }

  /** For other servers, with `--cluster`. */
  get routePort(): number {
    return Number(ROUTES.exec(this.#output)?.[1])
  }

  /** The same port as before, after it was killed. */
  async start(): Promise<void> {
    const where = ['-a', '127.0.0.1', '-p', `${this.#port}`]
    const child = spawn('nats-server', [...where, ...this.#flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.#child = child
    this.#output = ''
    const hasRoutes = this.#flags.includes('--cluster')
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text
      const isReady = READY.test(this.#output) && (!hasRoutes || ROUTES.test(this.#output))
      if (!isReady) return
      this.#port = Number(LISTENING.exec(this.#output)?.[1])
      resolve()
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`nats-server has ended: ${this.#output}`)))
    await promise
  }

  /** At once, as in a crash. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal)
  }
}

/** Ends with the test. */
export async function startNats(flags: readonly string[] = []): Promise<NatsServer> {
  const server = new NatsServer(flags)
  await server.start()
  onTestFinished(() => server.kill())
  return server
}
