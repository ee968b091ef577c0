import { setTimeout as delay } from 'node:timers/promises'
import { Client, type ClientConfig } from 'pg'
import { messageOf } from '../../../protocol/errors.ts'

/** Of one attempt. */
const CONNECT_MS_MAX = 5_000
/** After a loss so long it is waited whether it is there again at once; then who asks is told no. */
const GRACE_MS = 1_000
/** Between two attempts. */
const RETRY_MS = 250

/** A connection, and which of the server's processes it has. */
export type Connected = Readonly<{ client: Client; pid: number }>

/**
 * A connection to PostgreSQL. Once it was asked for and lost it is made again by itself, so that who
 * asks meanwhile need not wait for a server that is away.
 */
export class StandingClient {
  #config: ClientConfig
  #connected: Connected | undefined
  /** Undefined: it was not asked for yet. */
  #first: Promise<unknown> | undefined
  #fault: unknown

  constructor(config: ClientConfig) {
    this.#config = config
  }

  /** Undefined: there is none now. */
  get now(): Connected | undefined {
    return this.#connected
  }

  /** Why there is none, or was none when it was gone last. */
  get why(): string {
    return messageOf(this.#fault)
  }

  /** @throws why there is none: the library's error, or the system's */
  async need(): Promise<Connected> {
    if (this.#connected !== undefined) return this.#connected
    if (this.#first === undefined) this.#come(CONNECT_MS_MAX)
    await this.#first
    if (this.#connected === undefined) throw this.#fault
    return this.#connected
  }

  /** It is of no use any more. */
  drop(why: Error): void {
    const dropped = this.#connected
    if (dropped === undefined) return
    this.#lose(why)
    end(dropped.client)
  }

  #lose(why: Error): void {
    this.#connected = undefined
    this.#fault = why
    this.#come(GRACE_MS)
  }

  #come(graceMs: number): void {
    const attempt = this.#attempt()
    this.#first = Promise.race([attempt, delay(graceMs)])
    void this.#goOn(attempt)
  }

  async #goOn(first: Promise<void>): Promise<void> {
    for (let attempt = first; ; attempt = this.#attempt()) {
      await attempt
      if (this.#connected !== undefined) return
      await delay(RETRY_MS)
    }
  }

  async #attempt(): Promise<void> {
    this.#fault ??= new Error('no answer came')
    const client = new Client({ ...this.#config, connectionTimeoutMillis: CONNECT_MS_MAX })
    const lose = () => {
      if (this.#connected?.client === client) this.#lose(new Error('the connection is gone'))
    }
    client.on('error', lose)
    client.on('end', lose)
    try {
      await client.connect()
      this.#connected = { client, pid: await processOf(client) }
    } catch (error) {
      this.#fault = error
      end(client)
    }
  }
}

/**
 * Everything is looked up row by row, by an index: the statements are made for SQLite, which knows no
 * other way. PostgreSQL takes the values that come together for a hundred, and would rather read tables of
 * some ten thousand rows as a whole, each time. It compiles what it takes for dear.
 */
const OFF = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin', 'jit']
const SET_UP = `SELECT pg_backend_pid() AS pid,
  ${OFF.map((name) => `set_config('${name}', 'off', false)`).join(', ')}`

async function processOf(client: Client): Promise<number> {
  const asked = { text: SET_UP, query_timeout: CONNECT_MS_MAX }
  const { rows } = await client.query<{ pid: number }>(asked)
  return rows[0]?.pid ?? 0
}

function end(client: Client): void {
  void client.end().catch(() => undefined)
  // It would wait for what was asked.
  client.connection.stream.destroy()
}
