import type { DatabaseSync } from 'node:sqlite'
import { ChatError } from '../../protocol/errors.ts'
import type { Entry, EntryKind } from '../../protocol/messages.ts'
import { entryKind } from '../../protocol/records.ts'
import type { Conversation, Conversations, Membership } from './conversations.ts'
import { digestOf } from './digest.ts'
import { prepare } from './statements.ts'
import type { Appended, NewText, Place } from './store.ts'
import type { Person, Users } from './users.ts'

const NO_NONCE = Buffer.alloc(0)

type NonceRow = { seq: number; time: number; digest: number }

/** The append path: the only code that gives out seqs. */
export class Log {
  #users: Users
  #conversations: Conversations
  #db
  /** Appended in this transaction, in order; rows are written by {@link flush}. */
  #appended: { conversation: Conversation; from: Person; subject: number; entry: Entry }[] = []
  #written = 0
  #moved: [Conversation, Membership][] = []

  constructor(db: DatabaseSync, users: Users, conversations: Conversations) {
    this.#db = statements(db)
    this.#users = users
    this.#conversations = conversations
  }

  append(text: NewText): Place {
    const sender = this.#users.need(text.sender)
    const conversation =
      text.kind === 'group' ? this.#conversations.group(text.target) : this.#direct(sender, text)
    const membership = this.#conversations.membership(conversation, sender.id)
    if (membership === undefined) return this.#repeated(conversation, sender, text, 'notMember')
    const { id, last, time } = conversation
    const place = {
      conversation: conversation.text,
      seq: last + 1,
      time: Math.max(text.time, time),
    }
    const digest = digestOf(text.text)
    const added = this.#db.insertNonce.run(
      id,
      sender.id,
      text.nonce,
      place.seq,
      place.time,
      digest,
    ).changes
    if (added === 0) return this.#repeated(conversation, sender, text, 'nonceReused')
    this.#add(conversation, sender, 'text', place.time, text.text, text.nonce, undefined)
    this.#moveTo(conversation, membership)
    return place
  }

  /** An entry that is no message: `kind` happened to `subject`, or to who did it. Answers its seq. */
  note(
    conversation: Conversation,
    by: Person,
    kind: EntryKind,
    time: number,
    subject?: Person,
  ): number {
    this.#add(conversation, by, kind, Math.max(time, conversation.time), '', NO_NONCE, subject)
    return conversation.last
  }

  /** Cursors only move forward. */
  move(conversation: Conversation, membership: Membership, delivered: number, read: number): void {
    const seen = Math.min(read, conversation.last)
    if (seen > membership.read) {
      membership.readN = this.#countAt(conversation, seen)
      membership.read = seen
      this.#touch(conversation, membership)
    }
    const reached = Math.max(membership.read, Math.min(delivered, conversation.last))
    if (reached > membership.delivered) {
      membership.delivered = reached
      this.#touch(conversation, membership)
    }
  }

  /** Writes what is appended and moved into the tables: before they are read, and at the end. */
  flush(): void {
    for (; this.#written < this.#appended.length; this.#written += 1) this.#write(this.#written)
    for (const [conversation, membership] of this.#moved) {
      membership.moved = false
      this.#conversations.saveCursors(conversation, membership)
    }
    this.#moved = []
  }

  /** What the transaction appended; the next one begins with nothing. */
  take(): readonly Appended[] {
    const appended = this.#appended.map(({ conversation, entry }) => ({
      conversation: conversation.text,
      between: conversation.between,
      entry,
    }))
    this.forget()
    return appended
  }

  forget(): void {
    this.#appended = []
    this.#written = 0
    this.#moved = []
  }

  #direct(sender: Person, text: NewText): Conversation {
    const partner = this.#users.need(text.target)
    return (
      this.#conversations.direct(sender.id, partner.id) ??
      this.#conversations.addDirect(sender.id, partner.id, text.time)
    )
  }

  /** Rule 3: the place that the nonce got before; without one, the reason to refuse. */
  #repeated(
    conversation: Conversation,
    sender: Person,
    text: NewText,
    refusal: 'notMember' | 'nonceReused',
  ): Place {
    const first = this.#db.selectNonce.get(conversation.id, sender.id, text.nonce)
    if (first === undefined) throw new ChatError(refusal)
    if (first.digest !== digestOf(text.text)) throw new ChatError('nonceReused')
    return { conversation: conversation.text, seq: first.seq, time: first.time }
  }

  #add(
    conversation: Conversation,
    from: Person,
    kind: EntryKind,
    time: number,
    text: string,
    nonce: Uint8Array,
    subject: Person | undefined,
  ): void {
    conversation.last += 1
    conversation.time = time
    if (kind === 'text') conversation.n += 1
    const entry = {
      seq: conversation.last,
      time,
      from: from.user.id,
      name: from.user.name,
      kind,
      text,
      nonce: nonce as Buffer,
      n: conversation.n,
      subject: subject?.user,
    }
    this.#appended.push({ conversation, from, subject: subject?.id ?? 0, entry })
  }

  #moveTo(conversation: Conversation, membership: Membership): void {
    membership.delivered = conversation.last
    membership.read = conversation.last
    membership.readN = conversation.n
    this.#touch(conversation, membership)
  }

  #touch(conversation: Conversation, membership: Membership): void {
    if (membership.moved) return
    membership.moved = true
    this.#moved.push([conversation, membership])
  }

  #countAt(conversation: Conversation, seq: number): number {
    if (seq === conversation.last) return conversation.n
    this.flush()
    return this.#db.countAt.get(conversation.id, seq)?.n ?? 0
  }

  #write(at: number): void {
    const row = this.#appended[at]
    if (row === undefined) return
    const { conversation, from, subject, entry } = row
    this.#db.insertEntry.run(
      conversation.id,
      entry.seq,
      entry.time,
      from.id,
      entryKind.values[entry.kind],
      entry.n,
      subject === 0 ? null : subject,
      entry.nonce.length === 0 ? null : entry.nonce,
      entry.kind === 'text' ? entry.text : null,
    )
  }
}

function statements(db: DatabaseSync) {
  return {
    insertNonce: prepare(
      db,
      `INSERT INTO nonces (conversation, sender, nonce, seq, time, digest)
       VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    ),
    selectNonce: prepare<NonceRow>(
      db,
      `SELECT seq, time, digest FROM nonces WHERE conversation = ? AND sender = ? AND nonce = ?`,
    ),
    insertEntry: prepare(
      db,
      `INSERT INTO entries (conversation, seq, time, sender, kind, n, subject, nonce, text)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    countAt: prepare<{ n: number }>(db, 'SELECT n FROM entries WHERE conversation = ? AND seq = ?'),
  }
}
