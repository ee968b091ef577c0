import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import { Home } from './home.ts'
import { PATIENCE } from './patience.ts'
import { Program } from './program.ts'
import { KEYS, PROGRAM, Pty } from './pty.ts'
import { Relay } from './relay.ts'

const PASSWORD = 'correct horse battery'

type Size = Readonly<{ cols: number; rows: number }>

/** How a client is started, where it matters. */
export type Circumstances = Readonly<{
  size?: Size
  /** The command line, program first, that runs the client's in the terminal. */
  under?: (command: readonly string[]) => readonly string[]
  env?: Readonly<Record<string, string>>
}>

/** A server that can be killed and started again, people at their terminals, and nothing left after. */
export class Stage implements AsyncDisposable {
  readonly relay: Relay
  #serverHome = new Home()
  #server: Program | undefined
  #people: Person[] = []

  private constructor(relay: Relay) {
    this.relay = relay
  }

  /** With a server that runs. */
  static async open(): Promise<Stage> {
    const stage = new Stage(await Relay.open())
    await stage.startServer()
    return stage
  }

  async startServer(): Promise<void> {
    const server = new Program(['--serve', '--port', '0'], this.#serverHome.env)
    this.#server = server
    const [, port] = await server.waitFor(/connect 127\.0\.0\.1:(\d+)/)
    this.relay.target = Number(port)
  }

  async endServer(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    this.relay.target = undefined
    this.#server?.kill(signal)
    const ended = await this.#server?.ended
    return ended?.code ?? null
  }

  /** Somebody with a computer of their own. */
  person(name: string): Person {
    const person = new Person(name, this.relay.port)
    this.#people.push(person)
    return person
  }

  /** Somebody who has just made an account and is in #lobby. */
  async newcomer(name: string, circumstances?: Circumstances): Promise<Person> {
    const person = this.person(name)
    person.start(circumstances)
    await person.register()
    return person
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#people.map((person) => person.discard()))
    await this.#server?.close()
    await this.relay.close()
    this.#serverHome[Symbol.dispose]()
  }
}

export class Person {
  readonly name: string
  readonly home = new Home()
  #port: number
  #screen: Pty | undefined

  constructor(name: string, port: number) {
    this.name = name
    this.#port = port
  }

  get screen(): Pty {
    if (this.#screen === undefined) throw new Error(`${this.name} has no client open`)
    return this.#screen
  }

  /** Opens the client; the one before must have ended. */
  start({ size, under = (command) => command, env = {} }: Circumstances = {}): void {
    const address = `127.0.0.1:${this.#port}`
    const client = [process.execPath, PROGRAM, 'connect', address, '--user', this.name]
    const [program = '', ...args] = under(client)
    this.#screen = new Pty(program, args, {
      env: { ...this.home.env, ...env },
      ...(size === undefined ? {} : { size }),
    })
  }

  async register(): Promise<void> {
    await this.screen.waitFor('Create account')
    this.screen.type(`${PASSWORD}${KEYS.tab}${KEYS.tab}${KEYS.enter}`)
    await this.screen.waitFor('#lobby')
  }

  /** Goes to a person or group by typing the beginning of the name. */
  async goTo(name: string): Promise<void> {
    this.screen.type(`${KEYS.ctrlK}${name}`)
    await this.screen.waitFor((screen) => screen.text.includes('Go to') && lists(screen, name))
    this.screen.type(KEYS.enter)
    await this.screen.waitFor((screen) => !screen.text.includes('Go to'))
  }

  async say(text: string): Promise<void> {
    this.screen.type(text)
    await this.screen.waitFor(text)
    this.screen.type(KEYS.enter)
  }

  async sees(wanted: string | RegExp): Promise<void> {
    await this.screen.waitFor(wanted)
  }

  /** Until it stands in a file on their computer whose name ends so. */
  async keeps(text: string | RegExp, ending: string): Promise<void> {
    await vi.waitFor(() => {
      const files = readdirSync(this.home.folder, { recursive: true, withFileTypes: true })
      const isThere = files
        .filter((it) => it.isFile() && it.name.endsWith(ending))
        .some(({ parentPath, name }) => has(readFileSync(join(parentPath, name), 'utf8'), text))
      if (!isThere) throw new Error(`no file of ${this.name} has '${text}'`)
    }, PATIENCE)
  }

  /** Leaves the client by its keys. */
  async quit(): Promise<void> {
    this.screen.type(`${KEYS.ctrlX}q`)
    await this.screen.exit()
  }

  async discard(): Promise<void> {
    await this.#screen?.close()
    this.home[Symbol.dispose]()
  }
}

/** In a row of the list, not only in the prompt. */
function lists(screen: Pty, name: string): boolean {
  return screen.rows.filter((row) => row.includes(name)).length > 1
}

function has(content: string, text: string | RegExp): boolean {
  return typeof text === 'string' ? content.includes(text) : text.test(content)
}
