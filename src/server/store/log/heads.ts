import type { Head } from '../../../protocol/messages.ts'
import { conversationNumber } from '../ids.ts'
import type { Preferences } from '../people/preferences.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { CursorMove, Cursors, HeadsQuery, Listed } from '../store.ts'
import type { Appender } from './appender.ts'
import type { Conversation, Conversations, Membership } from './conversations.ts'
import type { Mentions } from './mentions.ts'
import type { Receipts } from './receipts.ts'

export type HeadsParts = Readonly<{
  appender: Appender
  mentions: Mentions
  receipts: Receipts
  preferences: Preferences
}>

/** Where the conversations of a user stand, and their cursors. */
export class Heads {
  #users: Users
  #conversations: Conversations
  #appender: Appender
  #mentions: Mentions
  #receipts: Receipts
  #preferences: Preferences
  #selectOf

  constructor(
    db: Database,
    users: Users,
    conversations: Conversations,
    { appender, mentions, receipts, preferences }: HeadsParts,
  ) {
    this.#users = users
    this.#conversations = conversations
    this.#appender = appender
    this.#mentions = mentions
    this.#receipts = receipts
    this.#preferences = preferences
    this.#selectOf = prepare<{ conversation: number }>(
      db,
      `SELECT conversation FROM memberships WHERE user = ? AND conversation > ?
       ORDER BY conversation LIMIT ?`,
    )
  }

  heads(query: HeadsQuery): Listed<Head> {
    const person = this.#users.find(query.user)
    if (person === undefined) return { items: [], next: '' }
    if (query.conversations.length > 0) return this.#named(person, query.conversations)
    const after = conversationNumber(query.after) ?? 0
    const rows = this.#selectOf.all(person.id, after, query.limit + 1)
    const found = rows.slice(0, query.limit).map((row) => this.#conversations.get(row.conversation))
    const next = rows.length > query.limit ? (found.at(-1)?.text ?? '') : ''
    return { items: this.#headsOf(person, found), next }
  }

  moveCursors(moves: readonly CursorMove[]): readonly Cursors[] {
    return moves.flatMap((move) => {
      const person = this.#users.find(move.user)
      const conversation = this.#conversations.find(move.conversation)
      const membership =
        person && conversation && this.#conversations.membership(conversation, person.id)
      if (!membership) return []
      const was = { delivered: membership.delivered, read: membership.read }
      this.#appender.move(conversation, membership, move.delivered, move.read)
      const { delivered, read } = membership
      const readN = this.#appender.readN(conversation, membership)
      const shown = this.#receipts.shown(conversation, person, membership, was)
      return [{ user: move.user, conversation: move.conversation, delivered, read, readN, shown }]
    })
  }

  #named(person: Person, texts: readonly string[]): Listed<Head> {
    const found = [...new Set(texts)].map((text) => this.#conversations.find(text))
    return { items: this.#headsOf(person, found), next: '' }
  }

  #headsOf(person: Person, conversations: readonly (Conversation | undefined)[]): readonly Head[] {
    return conversations.flatMap((conversation) => {
      const membership = conversation && this.#conversations.membership(conversation, person.id)
      return membership ? [this.#head(person, conversation, membership)] : []
    })
  }

  #head(person: Person, conversation: Conversation, membership: Membership): Head {
    const { text, kind, low, high, name, first, last, n, time, members, topic, access } =
      conversation
    const { from, delivered, read, role } = membership
    const readN = this.#appender.readN(conversation, membership)
    const direct = kind === 'direct'
    const mayBeNamed = !direct && n > readN
    return {
      conversation: text,
      kind,
      name,
      peer: direct ? this.#users.get(low === person.id ? high : low).user : undefined,
      first,
      from,
      last,
      n,
      time,
      delivered,
      read,
      readN,
      role,
      members: direct ? 0 : members,
      mentions: mayBeNamed ? this.#mentions.countAfter(conversation, person.id, read) : 0,
      topic,
      access,
      preferences: this.#preferences.find(conversation, person.id),
    }
  }
}
