import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { ENGLISH } from './samples.ts'

/** Rows of one transaction: as many as the store takes at most. */
const BATCH = 512

/**
 * The simplest durable log: a table by conversation and seq, a unique index of sender and nonce,
 * many rows in a transaction, and nothing else: no accounts, no members, no thread.
 */
export class Sketch {
  #db: DatabaseSync
  #insert
  #seqs: number[]

  constructor(path: string, conversations: number) {
    this.#db = new DatabaseSync(path)
    this.#db.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -65536;
      CREATE TABLE entries (
        conversation INTEGER NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL,
        sender INTEGER NOT NULL, nonce BLOB NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY (conversation, seq)
      ) WITHOUT ROWID, STRICT;
      CREATE UNIQUE INDEX nonces ON entries (sender, nonce);
    `)
    this.#insert = this.#db.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)')
    this.#seqs = Array<number>(conversations).fill(0)
  }

  /** In turns to each conversation; answers the seconds that it took. */
  round(messages: number): number {
    const start = process.hrtime.bigint()
    for (let done = 0; done < messages; done += BATCH) {
      this.#db.exec('BEGIN')
      for (let at = done; at < Math.min(done + BATCH, messages); at += 1) this.#append(at)
      this.#db.exec('COMMIT')
    }
    return Number(process.hrtime.bigint() - start) / 1e9
  }

  close(): void {
    this.#db.close()
  }

  #append(at: number): void {
    const conversation = at % this.#seqs.length
    const seq = (this.#seqs[conversation] ?? 0) + 1
    this.#seqs[conversation] = seq
    this.#insert.run(conversation, seq, Date.now(), conversation, randomBytes(16), ENGLISH)
  }
}
