import { ChatError } from '../../../protocol/errors.ts'
import { INVITES_MAX } from '../../../protocol/limits.ts'
import type { Invite } from '../../../protocol/messages.ts'
import { access, role } from '../../../protocol/records.ts'
import type { Conversation, Conversations } from '../log/conversations.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { InvitesQuery, Listed, NewInvite } from '../store.ts'
import { manages, needManager, needMember } from './roles.ts'

/**
 * Codes that let people in. One is good until it expires or has let in as many as it may (it is
 * listed until it expires: who registered with it may still enter its group once); of a group by invitation also only as long as its maker manages that group.
 */
export class Invites {
  #users: Users
  #conversations: Conversations
  #db

  constructor(db: Database, users: Users, conversations: Conversations) {
    this.#users = users
    this.#conversations = conversations
    this.#db = statements(db)
  }

  /** Those of its maker that have expired go at the same time. */
  create({ by, code, group, uses, time, expires }: NewInvite): Invite {
    const maker = by === undefined ? undefined : this.#users.need(by)
    const conversation = group === '' ? undefined : this.#group(group, maker)
    if (maker !== undefined) this.#checkMaker(maker, conversation, time)
    const id = conversation?.id ?? null
    this.#db.insert.run(code, id, maker?.id ?? null, uses, time, expires)
    return { code, group: conversation?.text ?? '', by: maker?.user, uses, used: 0, expires }
  }

  list({ user, group, after, limit, time }: InvitesQuery): Listed<Invite> {
    const person = this.#users.need(user)
    const [, created = '', code = ''] = /^(\d+) (.+)$/.exec(after) ?? []
    const before = created === '' ? Number.MAX_SAFE_INTEGER : Number(created)
    const place = [before, code, limit + 1] as const
    const rows =
      group === ''
        ? this.#db.ofMaker.all(time, person.id, ...place)
        : this.#rowsOf(group, person, time, place)
    const shown = rows.slice(0, limit)
    const last = shown.at(-1)
    const next = rows.length > limit && last !== undefined ? `${last.created} ${last.code}` : ''
    return { items: shown.map((row) => this.#invite(row)), next }
  }

  /** For its maker, and those who manage its group; to others there is no such code. */
  revoke(user: string | undefined, code: string): void {
    const person = user === undefined ? undefined : this.#users.need(user)
    const row = this.#db.byCode.get(code)
    const may = row !== undefined && (person === undefined || this.#mayRevoke(row, person))
    if (!may) throw new ChatError('badInvite')
    this.#delete(code)
  }

  /** Whether the code lets one more register. Writes nothing. @throws ChatError badInvite */
  check(code: string, time: number): void {
    this.#needRoom(this.#good(code, time))
  }

  /**
   * That person has registered with the code, which may open a group to them later: both are one
   * use of it. @throws ChatError badInvite
   */
  register(code: string, person: Person, time: number): void {
    const row = this.#good(code, time)
    this.#needRoom(row)
    if (row.conversation !== null) this.#db.insertOwed.run(code, person.id)
    this.#db.count.run(code)
  }

  /** Whether that person could enter the group with the code. Writes nothing. */
  opens(code: string, group: Conversation, person: Person, time: number): boolean {
    const row = code === '' ? undefined : this.#db.good.get(time, code)
    if (row?.conversation !== group.id) return false
    return row.used < row.uses || this.#db.owed.get(code, person.id) !== undefined
  }

  /**
   * The code lets that person into its group. Each time counts: else who was put out would come
   * back with a code that is used up. @throws ChatError badInvite
   */
  enter(code: string, group: Conversation, person: Person, time: number): void {
    const row = this.#good(code, time)
    if (row.conversation !== group.id) throw new ChatError('badInvite')
    if (this.#db.deleteOwed.run(code, person.id).changes > 0) return
    this.#needRoom(row)
    this.#db.count.run(code)
  }

  /** Who was put out of the group is owed no way in. */
  forget(group: Conversation, person: Person): void {
    this.#db.deleteOwedIn.run(person.id, group.id)
  }

  /** The group has ended: nothing lets anybody in there. */
  deleteOf(conversation: Conversation): void {
    this.#db.deleteUsesOfGroup.run(conversation.id)
    this.#db.deleteOfGroup.run(conversation.id)
  }

  /** An operator knows all groups. */
  #group(target: string, asker: Person | undefined): Conversation {
    if (asker === undefined) return this.#conversations.group(target)
    return this.#conversations.groupKnownTo(asker.id, target)
  }

  #checkMaker(maker: Person, conversation: Conversation | undefined, time: number): void {
    if (conversation?.access === 'invite') needManager(this.#conversations, conversation, maker)
    else if (conversation !== undefined) needMember(this.#conversations, conversation, maker)
    const standing = this.#db.countOfMaker.get(maker.id, time)?.count ?? 0
    if (standing >= INVITES_MAX) {
      throw new ChatError('tooMany', `a person has at most ${INVITES_MAX} invites; revoke some`)
    }
    this.#db.deleteExpiredUses.run(maker.id, time)
    this.#db.deleteExpired.run(maker.id, time)
  }

  /** Of a public group, where every member may make some, members see their own. */
  #rowsOf(
    target: string,
    person: Person,
    time: number,
    place: readonly [created: number, code: string, limit: number],
  ): readonly Row[] {
    const group = this.#group(target, person)
    const membership = needMember(this.#conversations, group, person)
    if (group.access === 'public' && !manages(membership)) {
      return this.#db.ofMakerInGroup.all(time, person.id, group.id, ...place)
    }
    needManager(this.#conversations, group, person)
    return this.#db.ofGroup.all(time, group.id, ...place)
  }

  #mayRevoke({ maker, conversation }: Row, person: Person): boolean {
    if (maker === person.id) return true
    if (conversation === null) return false
    const group = this.#conversations.get(conversation)
    return manages(this.#conversations.membership(group, person.id))
  }

  #good(code: string, time: number): Row {
    const row = this.#db.good.get(time, code)
    if (row === undefined) throw new ChatError('badInvite')
    return row
  }

  #needRoom({ used, uses }: Row): void {
    if (used >= uses) throw new ChatError('badInvite')
  }

  #delete(code: string): void {
    this.#db.deleteUses.run(code)
    this.#db.delete.run(code)
  }

  #invite({ code, conversation, maker, uses, used, expires }: Row): Invite {
    const group = conversation === null ? '' : this.#conversations.get(conversation).text
    const by = maker === null ? undefined : this.#users.get(maker).user
    return { code, group, by, uses, used, expires }
  }
}

type Row = {
  code: string
  conversation: number | null
  maker: number | null
  uses: number
  used: number
  created: number
  expires: number
}

const SELECT =
  'SELECT i.code, i.conversation, i.maker, i.uses, i.used, i.created, i.expires FROM invites i'

/** An operator's invite has no maker. */
const GOOD = `${SELECT} LEFT JOIN conversations c ON c.id = i.conversation
  WHERE i.expires > ?
    AND (i.maker IS NULL OR i.conversation IS NULL OR c.access = ${access.values.public} OR EXISTS
      (SELECT 1 FROM memberships m
       WHERE m.conversation = i.conversation AND m.user = i.maker AND m.role >= ${role.values.admin}))`

const NEWEST_FIRST = `AND (i.created, i.code) < (?, ?)
  ORDER BY i.created DESC, i.code DESC LIMIT ?`

function statements(db: Database) {
  const ofMaker = 'maker = ? AND expires <= ?'
  return {
    insert: prepare(
      db,
      `INSERT INTO invites (code, conversation, maker, uses, used, created, expires)
       VALUES (?, ?, ?, ?, 0, ?, ?)`,
    ),
    byCode: prepare<Row>(db, `${SELECT} WHERE i.code = ?`),
    good: prepare<Row>(db, `${GOOD} AND i.code = ?`),
    ofMaker: prepare<Row>(db, `${GOOD} AND i.maker = ? ${NEWEST_FIRST}`),
    ofMakerInGroup: prepare<Row>(
      db,
      `${GOOD} AND i.maker = ? AND i.conversation = ? ${NEWEST_FIRST}`,
    ),
    ofGroup: prepare<Row>(db, `${GOOD} AND i.conversation = ? ${NEWEST_FIRST}`),
    countOfMaker: prepare<{ count: number }>(
      db,
      'SELECT count(*) AS count FROM invites WHERE maker = ? AND expires > ?',
    ),
    owed: prepare<{ user: number }>(db, 'SELECT user FROM invite_uses WHERE code = ? AND user = ?'),
    insertOwed: prepare(db, 'INSERT INTO invite_uses (code, user) VALUES (?, ?)'),
    deleteOwed: prepare(db, 'DELETE FROM invite_uses WHERE code = ? AND user = ?'),
    deleteOwedIn: prepare(
      db,
      `DELETE FROM invite_uses
       WHERE user = ? AND code IN (SELECT code FROM invites WHERE conversation = ?)`,
    ),
    count: prepare(db, 'UPDATE invites SET used = used + 1 WHERE code = ?'),
    delete: prepare(db, 'DELETE FROM invites WHERE code = ?'),
    deleteUses: prepare(db, 'DELETE FROM invite_uses WHERE code = ?'),
    deleteExpired: prepare(db, `DELETE FROM invites WHERE ${ofMaker}`),
    deleteExpiredUses: prepare(
      db,
      `DELETE FROM invite_uses WHERE code IN (SELECT code FROM invites WHERE ${ofMaker})`,
    ),
    deleteOfGroup: prepare(db, 'DELETE FROM invites WHERE conversation = ?'),
    deleteUsesOfGroup: prepare(
      db,
      `DELETE FROM invite_uses WHERE code IN (SELECT code FROM invites WHERE conversation = ?)`,
    ),
  }
}
