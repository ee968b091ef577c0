import { type Duplex, duplexPair } from 'node:stream'
import { Connection } from '../../src/net/connection.ts'
import { decode, encode } from '../../src/protocol/codec.ts'
import type {
  ClientMessage,
  DraftMessage,
  Entry,
  Head,
  ServerMessageType,
} from '../../src/protocol/messages.ts'
import { settle } from './fake-clock.ts'
import { PLAIN_ENTRY, PLAIN_HEAD } from './plain.ts'

export const ALICE = { id: '~alice', name: 'alice' }
export const BOB = { id: '~bob', name: 'bob' }
export const TOKEN = Buffer.alloc(32, 7)

type Answer = DraftMessage<ServerMessageType> | undefined

/**
 * A server that does what a test says, over in-memory pairs with the real codec. By default it lets
 * everyone in as Alice, has no conversation, and acknowledges whatever is said.
 */
export class FakeServer {
  /** What every connection was asked, in the order of arrival. */
  readonly asked: ClientMessage[] = []
  /** The connections, oldest first. */
  readonly connections: Connection[] = []
  heads: Head[] = []
  logs = new Map<string, Entry[]>()
  /** How many dials fail before one succeeds. */
  refusals = 0
  /** Answers instead of the default, by type of request; 'silence' answers nothing. */
  rules: Partial<Record<ClientMessage['type'], (asked: ClientMessage) => Answer | 'silence'>> = {}
  #seq = 0

  dial = (): Promise<{ stream: Duplex }> => {
    if (this.refusals > 0) {
      this.refusals -= 1
      return Promise.reject(new Error('nothing listens there'))
    }
    const [near, far] = duplexPair()
    far.on('error', () => undefined)
    near.on('error', () => undefined)
    const connection: Connection = new Connection(
      far,
      {
        onFrame: (command, payload) => this.#receive(connection, command, payload),
        onProtocolError: (error) => far.destroy(error),
        onFault: () => far.destroy(),
        onClose: () => undefined,
      },
      Date.now,
    )
    this.connections.push(connection)
    return Promise.resolve({ stream: near })
  }

  get connection(): Connection {
    const last = this.connections.at(-1)
    if (last === undefined) throw new Error('nobody has connected')
    return last
  }

  /** What was asked of this type. */
  askedFor<T extends ClientMessage['type']>(type: T): Extract<ClientMessage, { type: T }>[] {
    return this.asked.filter((message) => message.type === type) as Extract<
      ClientMessage,
      { type: T }
    >[]
  }

  /** Says something unasked, on the newest connection. */
  async say(...messages: DraftMessage[]): Promise<void> {
    for (const message of messages) this.connection.send(encode(message))
    await settle()
  }

  /** Breaks the newest connection. */
  async drop(): Promise<void> {
    this.connection.destroy()
    await settle()
  }

  #receive(connection: Connection, command: number, payload: Buffer): void {
    const message = decode(command, payload) as ClientMessage
    this.asked.push(message)
    const rule = this.rules[message.type]
    const answer = rule === undefined ? this.#answer(message) : rule(message)
    if (answer === 'silence' || answer === undefined) return
    connection.send(encode({ ...answer, request: message.request } as DraftMessage))
  }

  #answer(asked: ClientMessage): Answer {
    switch (asked.type) {
      case 'logIn':
      case 'register': {
        const token = asked.type === 'logIn' && asked.token.length > 0 ? undefined : TOKEN
        return { type: 'loggedIn', user: ALICE, token, heartbeatMs: 15_000 } as Answer
      }
      case 'logOut':
        return { type: 'loggedOut' }
      case 'heartbeat':
        return { type: 'heartbeatAnswer' }
      case 'sync': {
        const named = asked.conversations
        const wanted = (head: Head) => named.length === 0 || named.includes(head.conversation)
        return { type: 'heads', heads: this.heads.filter(wanted) }
      }
      case 'getPage': {
        const log = this.logs.get(asked.conversation) ?? []
        const entries = log.filter((one) => one.seq > asked.after).slice(0, 100)
        return { type: 'page', conversation: asked.conversation, entries, last: log.length }
      }
      case 'listContacts':
        return { type: 'contacts' }
      case 'sendDirect':
      case 'sendGroup':
        this.#seq += 1
        return { type: 'sent', conversation: '~c', seq: this.#seq }
      case 'mark':
        return { type: 'marked', conversation: asked.conversation, delivered: asked.delivered }
      case 'watch':
        return { type: 'presences', conversation: asked.conversation }
      default:
        return { type: 'error', code: 'badRequest', text: `no rule for ${asked.type}` }
    }
  }
}

export function entryAt(seq: number, more: Partial<Entry> = {}): Entry {
  return {
    seq,
    time: 1_700_000_000_000 + seq,
    from: BOB.id,
    name: BOB.name,
    kind: 'text',
    text: `message ${seq}`,
    nonce: Buffer.alloc(16, seq % 256),
    n: seq,
    ...PLAIN_ENTRY,
    ...more,
  }
}

export function headAt(conversation: string, last: number, more: Partial<Head> = {}): Head {
  return {
    conversation,
    kind: 'group',
    name: conversation.slice(1),
    peer: undefined,
    first: 1,
    from: 1,
    last,
    n: last,
    time: 1_700_000_000_000 + last,
    delivered: 0,
    read: 0,
    readN: 0,
    role: 'member',
    members: 2,
    ...PLAIN_HEAD,
    ...more,
  }
}
