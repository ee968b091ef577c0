import type { DatabaseSync } from 'node:sqlite'
import { ChatError } from '../../../protocol/errors.ts'
import { INVITES_MAX } from '../../../protocol/limits.ts'
import type { Invite } from '../../../protocol/messages.ts'
import { access, role } from '../../../protocol/records.ts'
import type { Conversation, Conversations } from '../log/conversations.ts'
import type { Person, Users } from '../people/users.ts'
import { prepare } from '../statements.ts'
import type { InvitesQuery, Listed, NewInvite } from '../store.ts'
import { manages, needManager, needMember } from './roles.ts'

/**
 * Codes that let people in. One is good until it expires or has let in as many as it may; of a
 * group by invitation also only as long as its maker manages that group.
 */
export class Invites {
  #users: Users
  #conversations: Conversations
  #db

  constructor(db: DatabaseSync, users: Users, conversations: Conversations) {
    this.#users = users
    this.#conversations = conversations
    this.#db = statements(db)
  }

  /** Those of its maker that have expired go at the same time. */
  create({ by, code, group, uses, time, expires }: NewInvite): Invite {
    const maker = by === undefined ? undefined : this.#users.need(by)
    const conversation = group === '' ? undefined : this.#conversations.group(group)
    if (maker !== undefined) this.#checkMaker(maker, conversation, time)
    const id = conversation?.id ?? null
    this.#db.insert.run(code, id, maker?.id ?? null, uses, time, expires)
    return { code, group: conversation?.text ?? '', by: maker?.user, uses, used: 0, expires }
  }

  list({ user, group, after, limit, time }: InvitesQuery): Listed<Invite> {
    const person = this.#users.need(user)
    const [, created = '', code = ''] = /^(\d+) (.+)$/.exec(after) ?? []
    const before = created === '' ? Number.MAX_SAFE_INTEGER : Number(created)
    const rows =
      group === ''
        ? this.#db.ofMaker.all(time, person.id, before, code, limit + 1)
        : this.#db.ofGroup.all(time, this.#managed(group, person), before, code, limit + 1)
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

  /**
   * Whether the code lets one more in: to the server, or to that group. Writes nothing.
   * @throws ChatError badInvite
   */
  check(code: string, time: number, conversation?: Conversation): void {
    const row = this.#good(code, time, conversation)
    if (row.used >= row.uses) throw new ChatError('badInvite')
  }

  /** The code has let that person in: each counts once. @throws ChatError badInvite */
  use(code: string, person: Person, time: number, conversation?: Conversation): void {
    const row = this.#good(code, time, conversation)
    if (this.#db.usedBy.get(code, person.id) !== undefined) return
    if (row.used >= row.uses) throw new ChatError('badInvite')
    this.#db.insertUse.run(code, person.id)
    this.#db.count.run(code)
  }

  /** The group has ended: nothing lets anybody in there. */
  deleteOf(conversation: Conversation): void {
    this.#db.deleteUsesOfGroup.run(conversation.id)
    this.#db.deleteOfGroup.run(conversation.id)
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

  #managed(target: string, person: Person): number {
    const conversation = this.#conversations.group(target)
    needManager(this.#conversations, conversation, person)
    return conversation.id
  }

  #mayRevoke({ maker, conversation }: Row, person: Person): boolean {
    if (maker === person.id) return true
    if (conversation === null) return false
    const group = this.#conversations.get(conversation)
    return manages(this.#conversations.membership(group, person.id))
  }

  #good(code: string, time: number, conversation: Conversation | undefined): Row {
    const row = this.#db.good.get(time, code)
    const elsewhere = conversation !== undefined && row?.conversation !== conversation.id
    if (row === undefined || elsewhere) throw new ChatError('badInvite')
    return row
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

const NEWEST_FIRST = `AND i.used < i.uses AND (i.created, i.code) < (?, ?)
  ORDER BY i.created DESC, i.code DESC LIMIT ?`

function statements(db: DatabaseSync) {
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
    ofGroup: prepare<Row>(db, `${GOOD} AND i.conversation = ? ${NEWEST_FIRST}`),
    countOfMaker: prepare<{ count: number }>(
      db,
      'SELECT count(*) AS count FROM invites WHERE maker = ? AND expires > ?',
    ),
    usedBy: prepare<{ user: number }>(
      db,
      'SELECT user FROM invite_uses WHERE code = ? AND user = ?',
    ),
    insertUse: prepare(db, 'INSERT INTO invite_uses (code, user) VALUES (?, ?)'),
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
