import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { ENGLISH } from '../samples.ts'

/** Rows of one transaction: as many as the store takes at most. */
const BATCH = 512

/**
 * The simplest durable log in PostgreSQL: a table by conversation and seq, a unique index of sender
 * and nonce, many rows in a transaction, and nothing else: no accounts, no members, no other nodes.
 */
export class PostgresSketch {
  #client: Client
  #seqs: number[]

  private constructor(client: Client, conversations: number) {
    this.#client = client
    this.#seqs = Array<number>(conversations).fill(0)
  }

  static async open(url: string, conversations: number): Promise<PostgresSketch> {
    const client = new Client({ connectionString: url })
    await client.connect()
    await client.query(`CREATE TABLE entries (
      conversation bigint NOT NULL, seq bigint NOT NULL, time bigint NOT NULL,
      sender bigint NOT NULL, nonce bytea NOT NULL, text text NOT NULL,
      PRIMARY KEY (conversation, seq)
    )`)
    await client.query('CREATE UNIQUE INDEX nonces ON entries (sender, nonce)')
    return new PostgresSketch(client, conversations)
  }

  /** In turns to each conversation; answers the seconds that it took. */
  async round(messages: number): Promise<number> {
    const start = process.hrtime.bigint()
    for (let done = 0; done < messages; done += BATCH) {
      await this.#append(done, Math.min(done + BATCH, messages))
    }
    return Number(process.hrtime.bigint() - start) / 1e9
  }

  /** How long so many commits of one row take, one after the other, in microseconds each. */
  async commits(count: number): Promise<readonly number[]> {
    const times: number[] = []
    for (let at = 0; at < count; at += 1) {
      const start = performance.now()
      await this.#append(at, at + 1)
      times.push((performance.now() - start) * 1_000)
    }
    return times
  }

  close(): Promise<void> {
    return this.#client.end()
  }

  async #append(from: number, to: number): Promise<void> {
    const rows = Array.from({ length: to - from }, (_, at) => this.#row(from + at))
    const columns = [0, 1, 2, 3, 4, 5].map((column) => rows.map((row) => row[column]))
    await this.#client.query({
      name: 'append',
      text: `INSERT INTO entries SELECT * FROM unnest(
        $1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[], $6::text[])`,
      values: columns,
    })
  }

  #row(at: number) {
    const conversation = at % this.#seqs.length
    const seq = (this.#seqs[conversation] ?? 0) + 1
    this.#seqs[conversation] = seq
    return [conversation, seq, Date.now(), conversation, randomBytes(16), ENGLISH]
  }
}

/** A further, empty database on the same server. Answers its URL. */
export async function anotherDatabase(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  return url.replace(/[^/]*$/, name)
}
