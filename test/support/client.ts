import { ChatClient, type ChatClientOptions } from '../../src/net/chat-client.ts'
import type { ClientEvent, Link, OutboxItem } from '../../src/net/events.ts'
import { memoryOutbox } from '../../src/net/outbox.ts'
import { FakeClock, settle } from './fake-clock.ts'
import { FakeServer, TOKEN } from './fake-server.ts'

/** A client of a fake server, in fake time, with everything that it told. */
export class Desk {
  readonly clock = new FakeClock()
  readonly server = new FakeServer()
  readonly events: ClientEvent[] = []
  readonly client: ChatClient
  #nonces = 0

  constructor(options: Partial<ChatClientOptions> = {}) {
    this.client = new ChatClient({
      dial: this.server.dial,
      outbox: memoryOutbox(),
      onEvent: (event) => this.events.push(event),
      device: 'test',
      now: this.clock.now,
      timers: this.clock,
      random: () => 0.5,
      randomNonce: () => {
        this.#nonces += 1
        return Buffer.alloc(16, this.#nonces)
      },
      ...options,
    })
  }

  /** Online by token, everything fetched. */
  async resume(): Promise<void> {
    this.client.resume(TOKEN)
    await settle()
  }

  told<T extends ClientEvent['type']>(type: T): Extract<ClientEvent, { type: T }>[] {
    return this.events.filter((event) => event.type === type) as Extract<ClientEvent, { type: T }>[]
  }

  /** Seqs of the entries that were told of a conversation, in the order of telling. */
  seqs(conversation: string): number[] {
    return this.told('entry').flatMap((event) =>
      event.conversation === conversation ? [event.entry.seq] : [],
    )
  }

  get links(): Link['state'][] {
    return this.told('link').map(({ link }) => link.state)
  }

  get outbox(): readonly OutboxItem[] {
    return this.client.outbox
  }
}
