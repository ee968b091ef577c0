import type { DatabaseSync } from 'node:sqlite'
import { ChatError } from '../../../protocol/errors.ts'
import { entryKind } from '../../../protocol/records.ts'
import { userText } from '../ids.ts'
import type { Blocks } from '../people/blocks.ts'
import type { Person, Users } from '../people/users.ts'
import { prepare } from '../statements.ts'
import type { Scene } from '../store.ts'
import type { Conversation, Conversations } from './conversations.ts'

/** Entries in which someone's last text is looked for: bounds what opening a conversation costs. */
const LOOKED_AT_MAX = 1_000

/** What is to be known where a member opens a conversation or writes in it. */
export class Scenes {
  #users: Users
  #conversations: Conversations
  #blocks: Blocks
  #last

  constructor(db: DatabaseSync, users: Users, conversations: Conversations, blocks: Blocks) {
    this.#users = users
    this.#conversations = conversations
    this.#blocks = blocks
    this.#last = prepare<{ seq: number }>(
      db,
      `SELECT seq FROM entries WHERE conversation = ? AND seq > ? AND sender = ?
       AND kind = ${entryKind.values.text} ORDER BY seq DESC LIMIT 1`,
    )
  }

  scene(user: string, text: string): Scene {
    const { person, conversation } = this.#enter(user, text)
    const apart = [...this.#blocks.apartFrom(person)].map(userText)
    return { between: conversation.between, apart }
  }

  lastTextOf(user: string, text: string): number {
    const { person, conversation } = this.#enter(user, text)
    const { staged, last } = conversation
    const own = staged.findLast(({ from, kind }) => from.id === person.id && kind === 'text')
    if (own !== undefined) return own.seq
    return this.#last.get(conversation.id, last - LOOKED_AT_MAX, person.id)?.seq ?? 0
  }

  /** @throws ChatError unknownConversation */
  #enter(user: string, text: string): Readonly<{ person: Person; conversation: Conversation }> {
    const person = this.#users.find(user)
    const conversation = this.#conversations.find(text)
    if (person && conversation && this.#conversations.membership(conversation, person.id)) {
      return { person, conversation }
    }
    throw new ChatError('unknownConversation')
  }
}
