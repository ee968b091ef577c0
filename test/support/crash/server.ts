import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import { connect } from 'node:net'
import { Home } from '../home.ts'
import { Program } from '../program.ts'
import { RawClient } from '../raw-client.ts'

/** A real `tchat --serve` that is killed and started again on the same folder. */
export class CrashingServer implements Disposable {
  /** Where it listens now, another one after each start; undefined: it is down. */
  port: number | undefined
  #home = new Home()
  #program: Program | undefined
  #onUp: (() => void)[] = []

  async start(): Promise<void> {
    const program = new Program(['--serve', '--port', '0', '--host', '127.0.0.1'], this.#home.env)
    this.#program = program
    const [, port] = await program.waitFor(/127\.0\.0\.1:(\d+)[\s\S]*Ctrl-C/)
    this.port = Number(port)
    for (const resolve of this.#onUp.splice(0)) resolve()
  }

  /** SIGKILL. It must have had nothing to complain of until then. */
  async kill(): Promise<void> {
    this.port = undefined
    this.#program?.kill('SIGKILL')
    const { stderr } = (await this.#program?.ended) ?? { stderr: '' }
    assert.doesNotMatch(stderr, /"level":"(warn|error)"|\n\s+at /)
  }

  /** The port of the server that runs, or of the next one. */
  async up(): Promise<number> {
    while (this.port === undefined) await new Promise<void>((up) => this.#onUp.push(up))
    return this.port
  }

  /** A guest of the server that runs, or of the next one. */
  async connect(): Promise<RawClient> {
    const socket = connect({ port: await this.up(), host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new RawClient(socket)
  }

  [Symbol.dispose](): void {
    this.#program?.kill('SIGKILL')
    this.#home[Symbol.dispose]()
  }
}
