import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { nameKey } from '../../src/protocol/names.ts'
import { entryKind } from '../../src/protocol/records.ts'
import { digestOf } from '../../src/server/store/log/digest.ts'

/** As published: databases made by it exist. */
const schema = readFileSync(new URL('../golden/schema-v1.sql', import.meta.url), 'utf8')
const APPLICATION_ID = 0x74636874
const ROLES = { member: 1, owner: 3 }

type Kind = 'text' | 'created' | 'joined' | 'quit' | 'added'
type State = { seq: number; n: number }

/** A database of the first version, filled as that version filled it. */
export class OldDatabase implements Disposable {
  #db: DatabaseSync
  #users: string[] = []
  #states = new Map<number, State>()
  #time = 1_700_000_000_000

  constructor(folder: string) {
    this.#db = new DatabaseSync(join(folder, 'tchat.db'))
    this.#db.exec(`PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; ${schema};
      PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1; BEGIN`)
  }

  user(name: string, passwordHash: string): number {
    this.#run('INSERT INTO users VALUES (NULL, ?, ?, ?, ?)', name, nameKey(name), passwordHash, 5)
    return this.#users.push(name)
  }

  /** With a token of that byte. */
  session(user: number, byte: number, expires: number): void {
    const hash = createHash('sha256').update(Buffer.alloc(32, byte)).digest()
    this.#run('INSERT INTO sessions VALUES (?, ?, ?, 5, 6, ?)', hash, user, 'old laptop', expires)
  }

  contact(user: number, contact: number): void {
    this.#run('INSERT INTO contacts VALUES (?, ?)', user, contact)
  }

  group(name: string): number {
    return this.#conversation(2, null, null, name)
  }

  direct(one: number, other: number): number {
    return this.#conversation(1, Math.min(one, other), Math.max(one, other), null)
  }

  /** The nonce that a group was made with, and what was asked with it. */
  groupNonce(user: number, byte: number, group: number, asked: readonly string[]): void {
    const nonce = Buffer.alloc(16, byte)
    this.#run(
      'INSERT INTO group_nonces VALUES (?, ?, ?, ?)',
      user,
      nonce,
      group,
      digestOf(...asked),
    )
  }

  /** @param place in its place, or still in the journal */
  entry(
    conversation: number,
    sender: number,
    kind: Kind,
    { text = null, subject = null, place = 'entries' }: Partial<EntryOptions> = {},
  ): number {
    const state = this.#states.get(conversation) ?? { seq: 0, n: 0 }
    this.#states.set(conversation, state)
    state.seq += 1
    if (kind === 'text') state.n += 1
    this.#time += 1_000
    const { seq, n } = state
    const nonce = text === null ? null : nonceOf(conversation, seq)
    const id = place === 'journal' ? 'NULL, ' : ''
    this.#run(
      `INSERT INTO ${place} VALUES (${id}?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[conversation, seq, this.#time, sender, entryKind.values[kind], n, subject, nonce, text],
    )
    if (text !== null && nonce !== null && place === 'entries') {
      const digest = digestOf(text)
      this.#run(
        'INSERT INTO nonces VALUES (?, ?, ?, ?, ?)',
        conversation,
        sender,
        nonce,
        seq,
        digest,
      )
    }
    return seq
  }

  /** @param read seq and count of what was read last */
  member(
    conversation: number,
    user: number,
    joined: number,
    read: State,
    role: keyof typeof ROLES = 'member',
  ): void {
    this.#run(
      'INSERT INTO memberships VALUES (?, ?, ?, 1, ?, ?, ?, ?)',
      ...[conversation, user, ROLES[role], joined, read.seq, read.seq, read.n],
    )
    this.#run('UPDATE conversations SET members = members + 1 WHERE id = ?', conversation)
  }

  /** Where a log ends. */
  last(conversation: number): State {
    return { ...(this.#states.get(conversation) ?? { seq: 0, n: 0 }) }
  }

  [Symbol.dispose](): void {
    this.#db.exec('COMMIT')
    this.#db.close()
  }

  #conversation(
    kind: number,
    low: number | null,
    high: number | null,
    name: string | null,
  ): number {
    const key = name === null ? null : nameKey(name)
    const sql = 'INSERT INTO conversations VALUES (NULL, ?, ?, ?, ?, ?, 0, 1, 5)'
    return Number(this.#db.prepare(sql).run(kind, low, high, name, key).lastInsertRowid)
  }

  #run(sql: string, ...values: readonly (string | number | null | Uint8Array)[]): void {
    this.#db.prepare(sql).run(...values)
  }
}

type EntryOptions = Readonly<{
  text: string | null
  subject: number | null
  place: 'entries' | 'journal'
}>

/** The nonce with which the text at that place was sent. */
export function nonceOf(conversation: number, seq: number): Buffer {
  const nonce = Buffer.alloc(16, conversation)
  nonce.writeUInt32BE(seq, 0)
  return nonce
}
