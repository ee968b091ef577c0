import { ChatError } from '../../../protocol/errors.ts'
import type { Entry } from '../../../protocol/messages.ts'
import { conversationText } from '../ids.ts'
import { type Conversation, type Conversations, firstToRead } from '../log/conversations.ts'
import { entryBytes, type Pages } from '../log/pages.ts'
import type { Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { FoundText } from '../store.ts'

/** Tags and lengths of a hit, of its conversation and its entry. */
const HIT_OVERHEAD_BYTES = 12

/** A text's place: number of its conversation, seq. */
export type TextPlace = readonly [conversation: number, seq: number]

/** What a user may read: a conversation's number, and the first seq. */
export type Readable = readonly [conversation: number, first: number]

/** Where a conversation stands: its first kept seq and its last. */
export type Extent = Readonly<{ conversation: number; first: number; last: number }>

/** Texts of a stretch of a log as they are now, and the texts that others in it changed. */
export type Changes = Extent &
  Readonly<{
    /** Seq of the last entry of the stretch. */
    reached: number
    /** An empty text: there is none (any more). */
    texts: readonly Readonly<{ seq: number; time: number; text: string }>[]
  }>

/** What search asks of the store; for this adapter's own use, not on the port. */
export interface SearchSource {
  /** @throws unknownConversation when one is named that the user is no member of */
  readable(user: string, conversation: string): Promise<readonly Readable[]>
  /** Of the conversations with a greater number than `after`, in that order. */
  extents(after: number, limit: number): Promise<readonly Extent[]>
  /** What follows each of these places, `limit` entries altogether: of the first ones only. */
  changes(since: readonly TextPlace[], limit: number): Promise<readonly Changes[]>
  /**
   * These texts as they are now; undefined where the user may not read one, or it is gone. As
   * many as fit into so many bytes, at least one.
   */
  hits(
    user: string,
    places: readonly TextPlace[],
    maxBytes: number,
  ): Promise<readonly (FoundText | undefined)[]>
}

/** Answers what search asks, within the store's thread. */
export class Searchable {
  #users: Users
  #conversations: Conversations
  #pages: Pages
  #db

  constructor(db: Database, users: Users, conversations: Conversations, pages: Pages) {
    this.#users = users
    this.#conversations = conversations
    this.#pages = pages
    this.#db = statements(db)
  }

  readable(user: string, conversation: string): readonly Readable[] {
    const { id } = this.#users.need(user)
    if (conversation === '') {
      return this.#db.readable.all(id).map((row) => [row.conversation, row.first])
    }
    const found = this.#conversations.find(conversation)
    const membership = found && this.#conversations.membership(found, id)
    if (!found || !membership) throw new ChatError('unknownConversation')
    return [[found.id, Math.max(found.first, membership.from)]]
  }

  extents(after: number, limit: number): readonly Extent[] {
    return this.#db.after.all(after, limit).map(({ id }) => extentOf(this.#conversations.get(id)))
  }

  changes(since: readonly TextPlace[], limit: number): readonly Changes[] {
    const all: Changes[] = []
    let left = limit
    for (const [id, after] of since) {
      if (left <= 0) break
      const conversation = this.#conversations.find(conversationText(id))
      if (conversation === undefined) continue
      const entries = this.#pages.read(conversation.text, after, left)
      const whole = entries.length < left
      left -= Math.max(1, entries.length)
      const reached = whole ? conversation.last : (entries.at(-1)?.seq ?? conversation.last)
      const texts = entries.flatMap((entry) => this.#touched(conversation, entry))
      all.push({ ...extentOf(conversation), reached, texts })
    }
    return all
  }

  hits(
    user: string,
    places: readonly TextPlace[],
    maxBytes: number,
  ): readonly (FoundText | undefined)[] {
    const hits: (FoundText | undefined)[] = []
    let room = maxBytes
    for (const [id, seq] of places) {
      const hit = this.#hit(user, conversationText(id), seq)
      room -= hit === undefined ? 0 : foundBytes(hit)
      if (room < 0 && hits.length > 0) break
      hits.push(hit)
    }
    return hits
  }

  /** A page of one entry: what may not be read there is not read here either. */
  #hit(user: string, conversation: string, seq: number): FoundText | undefined {
    try {
      const query = { user, conversation, before: 0, after: 0, around: seq, limit: 1, maxBytes: 0 }
      const [entry] = this.#pages.page(query).entries
      const found = entry?.seq === seq && entry.kind === 'text' && entry.text !== ''
      return found ? { conversation, entry } : undefined
    } catch (error) {
      if (error instanceof ChatError) return undefined
      throw error
    }
  }

  #touched(conversation: Conversation, entry: Entry): Changes['texts'] {
    if (entry.kind === 'text') return [entry].map(textOf)
    if (entry.kind !== 'edited' && entry.kind !== 'deleted') return []
    const { target } = entry
    if (target < conversation.first) return []
    const [changed] = this.#pages.read(conversation.text, target - 1, 1)
    return changed?.seq === target ? [textOf(changed)] : []
  }
}

/** Bytes that it takes in an answer, at most. */
export function foundBytes({ conversation, entry }: FoundText): number {
  return HIT_OVERHEAD_BYTES + Buffer.byteLength(conversation) + entryBytes(entry)
}

function extentOf(conversation: Conversation): Extent {
  const { id, last } = conversation
  return { conversation: id, first: firstToRead(conversation), last }
}

function textOf({ seq, time, text }: Entry): Changes['texts'][number] {
  return { seq, time, text }
}

function statements(db: Database) {
  return {
    readable: prepare<{ conversation: number; first: number }>(
      db,
      `SELECT m.conversation, max(m.from_seq, c.first_seq) AS first
       FROM memberships m JOIN conversations c ON c.id = m.conversation WHERE m.user = ?`,
    ),
    after: prepare<{ id: number }>(
      db,
      'SELECT id FROM conversations WHERE id > ? ORDER BY id LIMIT ?',
    ),
  }
}
