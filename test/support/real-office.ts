import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type RunningServer, serve } from '../../src/server/serve.ts'
import { FileConnector } from '../../src/ui/flow/connector.ts'
import { Screen } from './screen.ts'
import { CHEAP } from './server.ts'

const SIZE = { columns: 80, rows: 24 }

/** A real server that the tests of a file share, and people’s screens at it: nothing is scripted. */
export class RealOffice {
  #folder = ''
  #server: RunningServer | undefined

  /** To be made outside tests: it is there for all of them. */
  constructor() {
    beforeAll(async () => {
      this.#folder = await mkdtemp(join(tmpdir(), 'tchat-test-'))
      this.#server = await this.#serve(0)
    })
    afterAll(async () => {
      await this.#running.close()
      await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 })
    })
  }

  /** Stops the server, and gives what starts it again at the same address. */
  async stop(): Promise<() => Promise<void>> {
    const { port } = this.#running
    await this.#running.close()
    return async () => {
      this.#server = await this.#serve(port)
    }
  }

  /** A client of that name; the state folder of their `computer` outlives it. */
  client(name: string, computer = name): Screen {
    const start = { address: `127.0.0.1:${this.#running.port}`, user: name }
    const connector = new FileConnector(this.stateFolder(computer), 'test')
    return Screen.open(SIZE, { start, env: {} }, { connector })
  }

  /** What a computer keeps. */
  stateFolder(computer: string): string {
    return join(this.#folder, `state-${computer}`)
  }

  get port(): number {
    return this.#running.port
  }

  /** Someone new, in the lobby. */
  async register(name: string): Promise<Screen> {
    const screen = this.client(name)
    await screen.waitFor('Log in to')
    screen.type('correct horse\t\t')
    await screen.waitFor('▸ Create account')
    screen.type('\r')
    await screen.waitFor('#lobby ·')
    return screen
  }

  get #running(): RunningServer {
    if (this.#server === undefined) throw new Error('the server is not there yet')
    return this.#server
  }

  #serve(port: number): Promise<RunningServer> {
    const folder = join(this.#folder, 'server')
    return serve({ host: '127.0.0.1', port, folder, passwordCost: CHEAP })
  }
}
