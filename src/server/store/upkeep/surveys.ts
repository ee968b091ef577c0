import { conversationKind, role } from '../../../protocol/records.ts'
import { userText } from '../ids.ts'
import type { Conversations } from '../log/conversations.ts'
import { sessionIdOf } from '../people/session-id.ts'
import type { Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { Listed, Survey, SurveyQuery, SurveyRow } from '../store.ts'

/** Lists of what is on the server, for operators. */
export class Surveys {
  #users: Users
  #conversations: Conversations
  #db

  constructor(db: Database, users: Users, conversations: Conversations) {
    this.#users = users
    this.#conversations = conversations
    this.#db = statements(db)
  }

  /** @throws ChatError unknownUser */
  page({ of, user, after, limit }: SurveyQuery): Listed<SurveyRow> {
    const only = user === '' ? 0 : this.#users.need(user).id
    return this.#surveys[of](only, after, limit)
  }

  #surveys: Readonly<
    Record<Survey, (user: number, after: string, limit: number) => Listed<SurveyRow>>
  > = {
    users: (_user, after, limit) =>
      listed(this.#db.users.all(idIn(after), 0, limit + 1), limit, userRow),
    operators: (_user, after, limit) =>
      listed(this.#db.users.all(idIn(after), 1, limit + 1), limit, userRow),
    groups: (_user, after, limit) =>
      listed(this.#db.groups.all(idIn(after), limit + 1), limit, (row) =>
        this.#groupRow(row.id, row.owners),
      ),
    sessions: (user, after, limit) =>
      listed(this.#db.sessions.all(user, user, after, limit + 1), limit, (row) => ({
        user: row.name,
        session: sessionIdOf(row.hash),
        device: row.device,
        created: row.created,
        used: row.used,
        expires: row.expires,
      })),
    invites: (_user, after, limit) =>
      listed(this.#db.invites.all(after, limit + 1), limit, (row) => ({
        code: row.key,
        group: row.group ?? '',
        by: row.maker ?? '',
        uses: row.uses,
        used: row.used,
        expires: row.expires,
      })),
  }

  #groupRow(id: number, owners: number): SurveyRow {
    const group = this.#conversations.get(id)
    const { text, name, members, access, history, first, last, n, time } = group
    return {
      group: name,
      id: text,
      members,
      owners,
      access,
      history: access === 'public' || history,
      texts: n,
      first,
      last,
      time,
    }
  }
}

type UserRow = {
  key: number
  name: string
  created: number
  operator: number
  banned: number
  deleted: number
  classic: number
  reason: string
  sessions: number
}

function userRow(row: UserRow): SurveyRow {
  return {
    user: row.name,
    id: userText(row.key),
    created: row.created,
    operator: row.operator === 1,
    banned: row.banned === 1,
    deleted: row.deleted === 1,
    sessions: row.sessions,
    ...(row.classic === 1 ? { classic: true } : {}),
    ...(row.reason === '' ? {} : { reason: row.reason }),
  }
}

/** One row more than the limit was read: it says whether there is more. */
function listed<Row extends { key: number | string }>(
  rows: readonly Row[],
  limit: number,
  shown: (row: Row) => SurveyRow,
): Listed<SurveyRow> {
  const given = rows.slice(0, limit)
  const next = rows.length > limit ? String(given.at(-1)?.key ?? '') : ''
  return { items: given.map(shown), next }
}

/** The number of the last row of the page before; 0 before the first page. */
function idIn(after: string): number {
  return Number.parseInt(after, 10) || 0
}

function statements(db: Database) {
  return {
    users: prepare<UserRow>(
      db,
      `SELECT id AS key, name, created, operator, banned, deleted, classic, ban_reason AS reason,
         (SELECT count(*) FROM sessions s WHERE s.user = u.id) AS sessions
       FROM users u WHERE id > ? AND operator >= ? ORDER BY id LIMIT ?`,
    ),
    groups: prepare<{ key: number; id: number; owners: number }>(
      db,
      `SELECT id AS key, id,
         (SELECT count(*) FROM memberships m WHERE m.conversation = c.id AND m.role = ${role.values.owner}) AS owners
       FROM conversations c WHERE kind = ${conversationKind.values.group} AND name IS NOT NULL AND id > ? ORDER BY id LIMIT ?`,
    ),
    sessions: prepare<{
      key: string
      name: string
      hash: Uint8Array
      device: string
      created: number
      used: number
      expires: number
    }>(
      db,
      `SELECT hex(token_hash) AS key, u.name, token_hash AS hash, device, s.created, used, expires
       FROM sessions s JOIN users u ON u.id = s.user
       WHERE (? = 0 OR s.user = ?) AND token_hash > unhex(?) ORDER BY token_hash LIMIT ?`,
    ),
    invites: prepare<{
      key: string
      group: string | null
      maker: string | null
      uses: number
      used: number
      expires: number
    }>(
      db,
      `SELECT code AS key, c.name AS "group", u.name AS maker, uses, used, expires
       FROM invites i LEFT JOIN conversations c ON c.id = i.conversation
         LEFT JOIN users u ON u.id = i.maker
       WHERE code > ? ORDER BY code LIMIT ?`,
    ),
  }
}
