import { strict as assert } from 'node:assert'
import type { DraftMessage } from '../../../src/protocol/messages.ts'
import type { RawClient } from '../raw-client.ts'
import type { SeededRandom } from '../seeded-random.ts'
import { PASSWORD } from '../server.ts'
import type { CrashingServer } from './server.ts'

export type Place = Readonly<{ conversation: string; seq: number }>
type Draft = DraftMessage<'sendDirect'> | DraftMessage<'sendGroup'>
type Item = { readonly draft: Draft; readonly text: string; place: Place | undefined }

/** How many messages each writer has under way at a time. */
const LANES = 6
/** How many acknowledged ones are repeated after a crash. */
const REPEATS = 5

export type WriterOptions = Readonly<{
  name: string
  server: CrashingServer
  random: SeededRandom
  /** Users and groups (`#name`) to write to. */
  targets: readonly string[]
  onAcknowledged: () => void
}>

/**
 * A client that writes as fast as it is answered, and after each crash repeats what was not
 * acknowledged, and some of what was, with the same nonces.
 */
export class Writer {
  readonly name: string
  readonly items: Item[] = []
  id = ''
  #options: WriterOptions
  #token: Uint8Array = new Uint8Array()
  #due: Item[] = []
  #finishing = false

  constructor(options: WriterOptions) {
    this.#options = options
    this.name = options.name
  }

  async register(): Promise<void> {
    const client = await this.#options.server.connect()
    const { user, token } = await client.ask({
      type: 'register',
      name: this.name,
      password: PASSWORD,
    })
    this.id = user?.id ?? ''
    this.#token = token
    client.end()
  }

  /** Resolves after `finish`, when everything is acknowledged. */
  async run(): Promise<void> {
    while (!this.#finishing || this.items.some(({ place }) => place === undefined)) {
      await this.#session().catch(lost)
    }
  }

  /** Nothing new is written. */
  finish(): void {
    this.#finishing = true
  }

  /** A connection of this user, logged in. */
  async arrive(): Promise<RawClient> {
    const client = await this.#options.server.connect()
    await client.ask({ type: 'logIn', token: this.#token })
    return client
  }

  async #session(): Promise<void> {
    const client = await this.arrive()
    const { random } = this.#options
    const settled = this.items.filter(({ place }) => place !== undefined)
    this.#due = this.items.filter(({ place }) => place === undefined)
    for (let count = 0; count < Math.min(REPEATS, settled.length); count += 1) {
      this.#due.push(random.pick(settled))
    }
    const lanes = Array.from({ length: LANES }, () => this.#lane(client))
    const results = await Promise.allSettled(lanes)
    client.end()
    checkPushes(this.name, client)
    for (const result of results) if (result.status === 'rejected') lost(result.reason)
  }

  async #lane(client: RawClient): Promise<void> {
    for (;;) {
      const item = this.#due.shift() ?? (this.#finishing ? undefined : this.#write())
      if (item === undefined) return
      const { conversation, seq } = await client.ask(item.draft)
      const before = item.place
      item.place = { conversation, seq }
      if (before === undefined) this.#options.onAcknowledged()
      else assert.deepEqual(item.place, before, `${this.name} repeated '${item.text}'`)
    }
  }

  #write(): Item {
    const { random, targets } = this.#options
    const target = random.pick(targets)
    const text = `${this.name} ${this.items.length}`
    const nonce = random.bytes(16)
    const draft: Draft = target.startsWith('#')
      ? { type: 'sendGroup', group: target, nonce, text }
      : { type: 'sendDirect', to: target, nonce, text }
    const item = { draft, text, place: undefined }
    this.items.push(item)
    return item
  }
}

/** The server is gone: that is what these tests are about. Everything else is not. */
function lost(error: unknown): void {
  const { message, code } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || message.startsWith('closed: ')) return
  throw error
}

/** Rule 2: from where it subscribed, in order and without a gap. */
function checkPushes(name: string, { pushes }: RawClient): void {
  const last = new Map<string, number>()
  for (const push of pushes) {
    if (push.type !== 'groupEntry' && push.type !== 'directEntry') continue
    const { conversation, entry } = push
    const seq = entry?.seq ?? 0
    assert.equal(
      seq,
      (last.get(conversation) ?? seq - 1) + 1,
      `pushed to ${name} in ${conversation}`,
    )
    last.set(conversation, seq)
  }
}
