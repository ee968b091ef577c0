import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { ENGLISH } from './samples.ts'

/** Appends so many entries. */
export type Append = (entries: number) => Promise<void> | void

/** The columns and the durability of the store's own tables, without anything that is looked up. */
export function openBare(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE entries (
      conversation INTEGER NOT NULL, seq INTEGER NOT NULL, time INTEGER NOT NULL,
      sender INTEGER NOT NULL, kind INTEGER NOT NULL, n INTEGER NOT NULL, subject INTEGER,
      nonce BLOB, text TEXT, PRIMARY KEY (conversation, seq)
    ) WITHOUT ROWID, STRICT;
    CREATE TABLE nonces (
      conversation INTEGER NOT NULL, sender INTEGER NOT NULL, nonce BLOB NOT NULL,
      seq INTEGER NOT NULL, digest INTEGER NOT NULL,
      PRIMARY KEY (conversation, sender, nonce)
    ) WITHOUT ROWID, STRICT;
  `)
  return database
}

/** One transaction for as many as are asked for at once. */
export function bareWay(database: DatabaseSync): Append {
  const entry = database.prepare('INSERT INTO entries VALUES (1, ?, ?, 1, 1, ?, NULL, ?, ?)')
  const once = database.prepare('INSERT INTO nonces VALUES (1, 1, ?, ?, ?)')
  let seq = 0
  return (entries) => {
    database.exec('BEGIN')
    for (let count = 0; count < entries; count += 1) {
      seq += 1
      const nonce = randomBytes(16)
      entry.run(seq, Date.now(), seq, nonce, ENGLISH)
      once.run(nonce, seq, seq)
    }
    database.exec('COMMIT')
  }
}
