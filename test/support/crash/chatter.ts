import { ChatClient } from '../../../src/net/chat-client.ts'
import { dial } from '../../../src/net/dial.ts'
import type { ClientEvent, Target } from '../../../src/net/events.ts'
import { memoryPins } from '../../../src/net/files/pins.ts'
import { memoryOutbox } from '../../../src/net/outbox.ts'
import type { Entry } from '../../../src/protocol/messages.ts'
import { PASSWORD } from '../server.ts'
import { SteadyClock } from '../steady-clock.ts'
import type { CrashingServer } from './server.ts'

/** Where it finds a server. */
export type Doors = Pick<CrashingServer, 'up' | 'connect'>

/** What waits in its outbox at a time. */
const WAITING = 3
/** It waits seconds before it tries again; here less. */
const SPEED = 10

/** The client that people have, over TLS: it repeats by itself, and tells everything once. */
export class Chatter {
  readonly name: string
  readonly told = new Map<string, Entry[]>()
  readonly said: string[] = []
  readonly client: ChatClient
  #server: Doors
  #clock = new SteadyClock(SPEED)
  #targets: readonly Target[]
  #finishing = false

  constructor(name: string, server: Doors, targets: readonly Target[]) {
    this.name = name
    this.#server = server
    this.#targets = targets
    const pins = memoryPins()
    this.client = new ChatClient({
      dial: async (signal) => {
        const address = { host: '127.0.0.1', port: await server.up() }
        return dial(address, { security: 'tls', pins, signal })
      },
      outbox: memoryOutbox(),
      onEvent: (event) => this.#note(event),
      device: 'crash test',
      now: this.#clock.now,
      timers: this.#clock,
    })
  }

  async register(): Promise<void> {
    const guest = await this.#server.connect()
    const { token } = await guest.ask({ type: 'register', name: this.name, password: PASSWORD })
    guest.end()
    this.client.resume(token)
  }

  async close(): Promise<void> {
    await this.client.close()
    this.#clock.stop()
  }

  /** From now on it says something whenever something was acknowledged. */
  begin(): void {
    for (let count = 0; count < WAITING; count += 1) this.#say()
  }

  /** Nothing new is said. */
  finish(): void {
    this.#finishing = true
  }

  /** Everything that it said is acknowledged. */
  get heard(): boolean {
    this.client.reconnect()
    return this.client.link.state === 'online' && this.client.outbox.length === 0
  }

  /** It has told everything up to there. */
  isAt(heads: readonly { conversation: string; last: number }[]): boolean {
    return heads.every(
      ({ conversation, last }) => this.told.get(conversation)?.at(-1)?.seq === last,
    )
  }

  #note(event: ClientEvent): void {
    if (event.type === 'outbox' && event.items.length < WAITING && !this.#finishing) this.#say()
    if (event.type !== 'entry') return
    const told = this.told.get(event.conversation) ?? []
    this.told.set(event.conversation, told)
    told.push(event.entry)
  }

  #say(): void {
    const target = this.#targets[this.said.length % this.#targets.length]
    if (target === undefined) return
    const text = `${this.name} ${this.said.length}`
    this.said.push(text)
    void this.client.say(target, text)
  }
}
