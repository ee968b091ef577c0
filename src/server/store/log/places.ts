import { conversationKind } from '../../../protocol/records.ts'
import { conversationNumber, conversationText, userText } from '../ids.ts'
import type { Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { DirectPlace } from '../store.ts'
import type { Conversations } from './conversations.ts'

/** Conversations that are asked for in one statement. */
const AT_ONCE = 64

type Direct = { id: number; low: number; high: number; last: number }

/** How far logs have got, for many at a time: a node asks for all that it follows. */
export class Places {
  #users: Users
  #conversations: Conversations
  #db

  constructor(db: Database, users: Users, conversations: Conversations) {
    this.#users = users
    this.#conversations = conversations
    this.#db = statements(db)
  }

  /** In that order; 0: there is none. */
  lasts(texts: readonly string[]): readonly number[] {
    const ids = texts.map((text) => conversationNumber(text) ?? 0)
    const found = new Map<number, number>()
    const unknown: number[] = []
    for (const id of ids) {
      const known = this.#conversations.peek(id)
      if (known === undefined) unknown.push(id)
      else found.set(id, known.last)
    }
    for (let at = 0; at < unknown.length; at += AT_ONCE) {
      const some = unknown.slice(at, at + AT_ONCE)
      const none = Array.from({ length: AT_ONCE - some.length }, () => 0)
      for (const { id, last } of this.#db.lasts.all(...some, ...none)) found.set(id, last ?? 0)
    }
    return ids.map((id) => found.get(id) ?? 0)
  }

  directsSince(users: readonly string[], time: number): readonly DirectPlace[] {
    const people = users.flatMap((user) => this.#users.find(user)?.id ?? [])
    return [
      ...people.flatMap((user) => this.#db.directs.all(user, time).map(placeOf)),
      ...this.#unsettled(new Set(people), time),
    ]
  }

  *#unsettled(users: ReadonlySet<number>, time: number): Iterable<DirectPlace> {
    for (const one of this.#conversations.unsettled()) {
      const isOfThem = users.has(one.low) || users.has(one.high)
      if (one.kind === 'direct' && isOfThem && one.time >= time) yield placeOf(one)
    }
  }
}

function placeOf({ id, low, high, last }: Direct): DirectPlace {
  return { conversation: conversationText(id), between: [userText(low), userText(high)], last }
}

function statements(db: Database) {
  const places = Array.from({ length: AT_ONCE }, () => '?').join()
  const last = '(SELECT max(seq) FROM entries WHERE conversation = c.id)'
  return {
    lasts: prepare<{ id: number; last: number | null }>(
      db,
      `SELECT c.id, ${last} AS last FROM conversations c WHERE c.id IN (${places})`,
    ),
    directs: prepare<Direct>(
      db,
      `SELECT d.id, d.low, d.high, d.last FROM
         (SELECT c.id, c.low, c.high, ${last} AS last
          FROM memberships m JOIN conversations c ON c.id = m.conversation
          WHERE m.user = ? AND c.kind = ${conversationKind.values.direct}) d
       JOIN entries e ON e.conversation = d.id AND e.seq = d.last
       WHERE e.time >= ?`,
    ),
  }
}
