import { networkInterfaces } from 'node:os'
import { Home } from './home.ts'
import { Program } from './program.ts'
import { KEYS, PROGRAM, Pty } from './pty.ts'

/** The first run of somebody who has never used tchat: what it takes until their first message is said. */

/** What one first run took. */
export type FirstRun = Readonly<{
  /** Key presses besides those that write a name, a password, an address or a text. */
  presses: number
  /** Characters of these. */
  written: number
  /** From the start of the program to the ✓, for somebody who types at once, in seconds. */
  seconds: number
  /** The last screen. */
  screen: string
}>

const PASSWORD = 'correct horse battery'
const TEXT = 'hello everybody'

/** `tchat`, a server of one's own, an account, a message. */
export async function firstRunAsHost(): Promise<FirstRun> {
  using home = new Home()
  const newcomer = new Newcomer([], { ...home.env, TCHAT_PORT: '0' })
  try {
    await newcomer.screen.waitFor('Host here')
    newcomer.press(KEYS.enter)
    await newcomer.registers()
    return await newcomer.says(TEXT)
  } finally {
    await newcomer.leaves()
  }
}

/** `tchat connect HOST` to a server that this computer does not know: its key, an account, a message. */
export async function firstRunAsGuest(host: string): Promise<FirstRun> {
  using serverHome = new Home()
  using home = new Home()
  const server = new Program(['--serve', '--port', '0'], serverHome.env)
  const [, port] = await server.waitFor(/connect 127\.0\.0\.1:(\d+)/)
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  const newcomer = new Newcomer(['connect', address], home.env)
  try {
    await newcomer.screen.waitFor('is new to this computer')
    newcomer.press(KEYS.enter)
    await newcomer.registers()
    return await newcomer.says(TEXT)
  } finally {
    await newcomer.leaves()
    await server.close()
  }
}

/** An address of this machine at which its servers count as somebody else's; some have none. */
export function outerAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? [])
  const reachable = all.filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
  return reachable.find(({ family }) => family === 'IPv4')?.address ?? reachable[0]?.address
}

/** Of somebody who types slowly. */
const KEYS_PER_SECOND = 4

/** What one first run took, in a line. */
export function inWords({ presses, written, seconds }: FirstRun): string {
  const byHand = ((presses + written) / KEYS_PER_SECOND + seconds).toFixed(0)
  const beside = `${written} characters of password and text`
  return `${presses} key presses besides ${beside}; ${seconds.toFixed(1)} s of waiting, ${byHand} s in all at ${KEYS_PER_SECOND} keys a second`
}

/** Somebody whose key presses are counted. */
class Newcomer {
  readonly screen: Pty
  readonly #began = performance.now()
  #presses = 0
  #written = 0

  constructor(args: readonly string[], env: Readonly<Record<string, string>>) {
    this.screen = new Pty(process.execPath, [PROGRAM, ...args], { env })
  }

  press(...keys: readonly string[]): void {
    this.#presses += keys.length
    for (const key of keys) this.screen.type(key)
  }

  write(text: string): void {
    this.#written += text.length
    this.screen.type(text)
  }

  /** The name stands in the form already: it is the one that the person has on the computer. */
  async registers(): Promise<void> {
    await this.screen.waitFor(/someone[\s\S]*Create account/)
    this.write(PASSWORD)
    this.press(KEYS.tab, KEYS.tab, KEYS.enter)
    await this.screen.waitFor('You are in #lobby')
  }

  async says(text: string): Promise<FirstRun> {
    this.write(text)
    this.press(KEYS.enter)
    await this.screen.waitFor(new RegExp(`✓ ${text}`))
    return {
      presses: this.#presses,
      written: this.#written,
      seconds: (performance.now() - this.#began) / 1000,
      screen: this.screen.text,
    }
  }

  /** What is hosted ends with its window. */
  async leaves(): Promise<void> {
    this.screen.kill('SIGHUP')
    await this.screen.exited
    await this.screen.close()
  }
}
