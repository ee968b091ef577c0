import { ChatClient } from '../../src/net/chat-client.ts'
import { dial } from '../../src/net/dial.ts'
import { memoryPins } from '../../src/net/files/pins.ts'
import { memoryOutbox } from '../../src/net/outbox.ts'
import type { Status } from '../../src/protocol/messages.ts'

const PASSWORD = 'correct horse battery'

/** Where a message of a picture stands. */
export type Place = Readonly<{ conversation: string; seq: number }>

/** '#lobby', or somebody's name. */
type Target = string

/** People without a terminal who talk on a server, each when told to. */
export class Crowd {
  readonly #port: number
  readonly #people = new Map<string, ChatClient>()

  constructor(port: number) {
    this.#port = port
  }

  /** Somebody new, with an account and in #lobby. */
  async arrives(name: string): Promise<void> {
    const pins = memoryPins()
    const at = { host: '127.0.0.1', port: this.#port }
    const client = new ChatClient({
      dial: (signal) => dial(at, { security: 'tls', pins, signal }),
      outbox: memoryOutbox(),
      onEvent: () => {},
      device: 'a picture',
    })
    await client.register(name, PASSWORD)
    this.#people.set(name, client)
  }

  async leaves(name: string): Promise<void> {
    await this.#one(name).close()
    this.#people.delete(name)
  }

  /** Answers once the server has it, which means that the others are told next. */
  async says(name: string, target: Target, text: string, reply?: Place): Promise<Place> {
    const said = { nonce: newNonce(), text, ...(reply === undefined ? {} : { reply: reply.seq }) }
    const one = this.#one(name)
    const { conversation, seq } = target.startsWith('#')
      ? await one.request({ type: 'sendGroup', group: target.slice(1), ...said })
      : await one.request({ type: 'sendDirect', to: target, ...said })
    return { conversation, seq }
  }

  async reacts(name: string, { conversation, seq }: Place, text: string): Promise<void> {
    await this.#one(name).request({ type: 'react', conversation, seq, text })
  }

  async makesGroup(name: string, group: string, members: readonly string[]): Promise<void> {
    const made = { name: group, members: [...members], nonce: newNonce() }
    await this.#one(name).request({ type: 'createGroup', ...made })
  }

  /** They have read everything that was said where this was. */
  async read({ conversation }: Place, names: readonly string[]): Promise<void> {
    await Promise.all(
      names.map(async (name) => {
        const one = this.#one(name)
        const { last } = await one.request({ type: 'getPage', conversation, limit: 1 })
        await one.request({ type: 'mark', conversation, delivered: last, read: last })
      }),
    )
  }

  async writes(name: string, { conversation }: Place): Promise<void> {
    await this.#one(name).request({ type: 'typing', conversation })
  }

  async is(name: string, status: Status): Promise<void> {
    await this.#one(name).request({ type: 'setStatus', status })
  }

  async close(): Promise<void> {
    await Promise.all([...this.#people.values()].map((client) => client.close()))
  }

  #one(name: string): ChatClient {
    const client = this.#people.get(name)
    if (client === undefined) throw new Error(`nobody is ${name}`)
    return client
  }
}

function newNonce(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(16))
}
