import { ChatError } from '../../../protocol/errors.ts'
import { BLOCKS_MAX } from '../../../protocol/limits.ts'
import { userText } from '../ids.ts'
import type { Conversation, Conversations } from '../log/conversations.ts'
import { type Database, prepare } from '../statements.ts'
import type { Person } from './users.ts'

/** A statement that is worth reading ahead, see postgres/read-ahead.ts. */
export const BLOCKS_BETWEEN = `SELECT user FROM blocks
       WHERE (user = ?1 AND blocked = ?2) OR (user = ?2 AND blocked = ?1)`

/** Who takes nothing from whom (rule 11). */
export class Blocks {
  #conversations: Conversations
  #db

  constructor(db: Database, conversations: Conversations) {
    this.#conversations = conversations
    this.#db = statements(db)
  }

  /** Whether the one takes nothing from the other. */
  has(one: Person, other: Person): boolean {
    return this.#db.select.get(one.id, other.id) !== undefined
  }

  /** Idempotent. @throws ChatError badRequest for oneself, tooMany */
  add(one: Person, other: Person): void {
    if (one === other) throw new ChatError('badRequest', 'nobody can block themselves')
    if (this.has(one, other)) return
    if ((this.#db.count.get(one.id)?.count ?? 0) >= BLOCKS_MAX) {
      throw new ChatError('tooMany', `at most ${BLOCKS_MAX} people can be blocked`)
    }
    this.#db.insert.run(one.id, other.id)
    this.#changed(one, other)
  }

  /** Idempotent. */
  delete(one: Person, other: Person): void {
    this.#db.delete.run(one.id, other.id)
    this.#changed(one, other)
  }

  /** Ids of those who take nothing from that person. */
  blockersOf(person: Person): readonly string[] {
    return this.#db.blockers.all(person.id).map((row) => userText(row.user))
  }

  /** Someone is to be written to, or put into a group. @throws ChatError blocked, naming them */
  check(by: Person, person: Person): void {
    if (this.has(person, by)) throw refused(person)
  }

  /**
   * The same for a direct conversation that has begun; what the tables say is kept with it.
   * @throws ChatError blocked
   */
  checkPartner(direct: Conversation, partner: Person): void {
    if (this.within(direct).has(partner.id)) throw refused(partner)
  }

  /** Which of the two sides of a direct conversation take nothing from the other. */
  within(direct: Conversation): ReadonlySet<number> {
    direct.blockers ??= new Set(
      this.#db.between.all(direct.low, direct.high).map((row) => row.user),
    )
    return direct.blockers
  }

  /** Those who take nothing from that person, and those from whom that person takes nothing. */
  apartFrom(person: Person): ReadonlySet<number> {
    return new Set(this.#db.apart.all(person.id, person.id).map((row) => row.user))
  }

  #changed(one: Person, other: Person): void {
    const direct = this.#conversations.direct(one.id, other.id)
    if (direct !== undefined) direct.blockers = undefined
  }
}

function refused({ user }: Person): ChatError {
  return new ChatError('blocked', `${user.name} takes nothing from you`)
}

function statements(db: Database) {
  type Row = { user: number }
  return {
    select: prepare<Row>(db, 'SELECT user FROM blocks WHERE user = ? AND blocked = ?'),
    count: prepare<{ count: number }>(db, 'SELECT count(*) AS count FROM blocks WHERE user = ?'),
    insert: prepare(db, 'INSERT INTO blocks (user, blocked) VALUES (?, ?)'),
    delete: prepare(db, 'DELETE FROM blocks WHERE user = ? AND blocked = ?'),
    blockers: prepare<Row>(db, 'SELECT user FROM blocks WHERE blocked = ?'),
    apart: prepare<Row>(
      db,
      'SELECT user FROM blocks WHERE blocked = ? UNION SELECT blocked FROM blocks WHERE user = ?',
    ),
    between: prepare<Row>(db, BLOCKS_BETWEEN),
  }
}
