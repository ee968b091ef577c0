import { MENTIONS_COUNTED_MAX, MENTIONS_MAX } from '../../../protocol/limits.ts'
import { namesAfterAt } from '../../../protocol/mentions.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { Conversation, Conversations } from './conversations.ts'

/** Names looked up for one text: bounds what a text full of @ costs. */
const LOOK_UPS_MAX = 200

/** Who is named in texts with @, and in which texts one is named. */
export class Mentions {
  #users: Users
  #conversations: Conversations
  #db

  constructor(db: Database, users: Users, conversations: Conversations) {
    this.#users = users
    this.#conversations = conversations
    this.#db = statements(db)
  }

  /**
   * Members of the group other than the sender whom the text names: their numbers with spaces
   * between, each once; empty for none, and in direct conversations.
   */
  in(conversation: Conversation, sender: Person, text: string): string {
    if (conversation.kind !== 'group' || !text.includes('@')) return ''
    const found = new Set<number>()
    let left = LOOK_UPS_MAX
    for (const names of namesAfterAt(text)) {
      if (found.size >= MENTIONS_MAX || left < names.length) break
      left -= names.length
      const member = this.#firstMember(conversation, names)
      if (member !== undefined && member !== sender.id) found.add(member)
    }
    return [...found].join(' ')
  }

  /** The text at `seq` names these now, and named those before. */
  replace(conversation: Conversation, seq: number, before: string, now: string): void {
    if (before === now) return
    for (const user of numbersIn(before)) this.#db.delete.run(user, conversation.id, seq)
    for (const user of numbersIn(now)) this.#db.insert.run(user, conversation.id, seq)
  }

  /** Texts after `seq` that name the user, so far as they are counted. */
  countAfter(conversation: Conversation, user: number, seq: number): number {
    return this.#db.countAfter.get(user, conversation.id, seq)?.count ?? 0
  }

  #firstMember(conversation: Conversation, names: readonly string[]): number | undefined {
    for (const name of names) {
      const person = this.#users.named(name)
      if (person && this.#conversations.membership(conversation, person.id)) return person.id
    }
    return undefined
  }
}

function numbersIn(mentions: string): readonly number[] {
  return mentions === '' ? [] : mentions.split(' ').map(Number)
}

function statements(db: Database) {
  return {
    insert: prepare(db, 'INSERT INTO mentions (user, conversation, seq) VALUES (?, ?, ?)'),
    delete: prepare(db, 'DELETE FROM mentions WHERE user = ? AND conversation = ? AND seq = ?'),
    countAfter: prepare<{ count: number }>(
      db,
      `SELECT count(*) AS count FROM
         (SELECT 1 FROM mentions WHERE user = ? AND conversation = ? AND seq > ?
          LIMIT ${MENTIONS_COUNTED_MAX}) AS counted`,
    ),
  }
}
