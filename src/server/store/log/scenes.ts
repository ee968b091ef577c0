import { ChatError } from '../../../protocol/errors.ts'
import { userText } from '../ids.ts'
import type { Blocks } from '../people/blocks.ts'
import type { Person, Users } from '../people/users.ts'
import type { Scene } from '../store.ts'
import type { Conversation, Conversations } from './conversations.ts'
import type { Texts } from './texts.ts'

/** What is to be known where a member opens a conversation or writes in it. */
export class Scenes {
  #users: Users
  #conversations: Conversations
  #blocks: Blocks
  #texts: Texts

  constructor(users: Users, conversations: Conversations, blocks: Blocks, texts: Texts) {
    this.#users = users
    this.#conversations = conversations
    this.#blocks = blocks
    this.#texts = texts
  }

  scene(user: string, text: string): Scene {
    const { person, conversation } = this.#enter(user, text)
    const apart = [...this.#blocks.apartFrom(person)].map(userText)
    return { between: conversation.between, apart }
  }

  lastTextOf(user: string, text: string): number {
    const { person, conversation } = this.#enter(user, text)
    return this.#texts.lastBy(person.id, conversation)
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
