import type { DatabaseSync } from 'node:sqlite'
import type { Entry } from '../../../protocol/messages.ts'
import type { Exits } from '../groups/exits.ts'
import { userText } from '../ids.ts'
import type { Conversation, Conversations } from '../log/conversations.ts'
import type { Pages } from '../log/pages.ts'
import { sessionIdOf } from '../people/session-id.ts'
import type { Person, Users } from '../people/users.ts'
import { prepare } from '../statements.ts'
import type {
  ExportQuery,
  Figures,
  Listed,
  Standing,
  Survey,
  SurveyQuery,
  SurveyRow,
} from '../store.ts'

/** Entries that one call of `exportPage` looks at: bounds how long others wait for it. */
const LOOKED_AT_MAX = 5_000
const READ_ENTRIES = 500

type StandingRow = { operator: number; banned: number; reason: string }

/** What operators see and do beyond what people can. */
export class Administration {
  #users: Users
  #conversations: Conversations
  #pages: Pages
  #exits: Exits
  #db

  constructor(
    db: DatabaseSync,
    users: Users,
    conversations: Conversations,
    pages: Pages,
    exits: Exits,
  ) {
    this.#users = users
    this.#conversations = conversations
    this.#pages = pages
    this.#exits = exits
    this.#db = statements(db)
  }

  standing(target: string): Standing {
    const { id, user } = this.#users.need(target)
    const row = this.#db.standing.get(id)
    return {
      user,
      operator: row?.operator === 1,
      banned: row?.banned === 1,
      reason: row?.reason ?? '',
    }
  }

  setOperator(target: string, operator: boolean): Standing {
    const before = this.standing(target)
    this.#db.setOperator.run(Number(operator), this.#users.need(target).id)
    return { ...before, operator }
  }

  setBanned(target: string, banned: boolean, reason: string): Standing {
    const before = this.standing(target)
    this.#db.setBanned.run(Number(banned), banned ? reason : '', this.#users.need(target).id)
    return { ...before, banned, reason: banned ? reason : '' }
  }

  endGroup(by: string | undefined, target: string, time: number): { name: string } {
    const group = this.#conversations.group(target)
    const { name } = group
    const person = by === undefined ? this.#foremost(group) : this.#users.need(by)
    this.#exits.end(group, person, time)
    return { name }
  }

  /** Every entry is somebody's: who owns the data folder acts for who leads the group. */
  #foremost({ id }: Conversation): Person {
    const row = this.#db.foremost.get(id) ?? this.#db.lastSender.get(id)
    if (row === undefined) throw new Error(`group ${id} has no member and no entry`)
    return this.#users.get(row.user)
  }

  survey({ of, user, after, limit }: SurveyQuery): Listed<SurveyRow> {
    const only = user === '' ? 0 : this.#users.need(user).id
    return this.#surveys[of](only, after, limit)
  }

  figures(): Figures {
    const row = this.#db.figures.get()
    if (row === undefined) throw new Error('counting gave nothing')
    return row
  }

  exportPage({ user, group, after, maxBytes }: ExportQuery): Listed<SurveyRow> {
    const by =
      user === '' ? undefined : (this.#users.anybody(user) ?? this.#users.need(user)).user.id
    const only = group === '' ? undefined : this.#conversations.group(group)
    const items: SurveyRow[] = []
    let room = maxBytes
    let left = LOOKED_AT_MAX
    let [id, seq] = placeIn(after)
    let conversation = this.#exported(only, id)
    while (conversation !== undefined) {
      if (conversation.id !== id) [id, seq] = [conversation.id, 0]
      const entries = this.#pages.read(conversation.text, seq, READ_ENTRIES)
      for (const entry of entries) {
        if (by === undefined || entry.from === by) {
          const row = this.#exportRow(conversation, entry)
          room -= Buffer.byteLength(JSON.stringify(row)) + 1
          if (room < 0 && items.length > 0) return { items, next: `${id} ${seq}` }
          items.push(row)
        }
        seq = entry.seq
      }
      left -= Math.max(1, entries.length)
      if (left <= 0) return { items, next: `${id} ${seq}` }
      if (entries.length < READ_ENTRIES) conversation = this.#exported(only, id + 1)
    }
    return { items, next: '' }
  }

  /** The first conversation with that number or a greater one; `only` if it is that. */
  #exported(only: Conversation | undefined, from: number): Conversation | undefined {
    if (only !== undefined) return only.id >= from ? only : undefined
    const row = this.#db.nextConversation.get(from)
    return row === undefined ? undefined : this.#conversations.get(row.id)
  }

  #exportRow({ text, kind, name, low, high }: Conversation, entry: Entry): SurveyRow {
    const where =
      kind === 'group'
        ? { group: name }
        : { between: [this.#users.get(low).user.name, this.#users.get(high).user.name] }
    const { seq, time, from, name: by, subject, target, mentions, role } = entry
    return {
      conversation: text,
      ...where,
      seq,
      time,
      from,
      name: by,
      kind: entry.kind,
      text: entry.text,
      ...(subject === undefined ? {} : { subject: subject.name }),
      ...(target === 0 ? {} : { target }),
      ...(mentions.length === 0 ? {} : { mentions }),
      ...(role === 'none' ? {} : { role }),
    }
  }

  #surveys: Readonly<
    Record<Survey, (user: number, after: string, limit: number) => Listed<SurveyRow>>
  > = {
    users: (_user, after, limit) =>
      listed(this.#db.users.all(numberIn(after), 0, limit + 1), limit, userRow),
    operators: (_user, after, limit) =>
      listed(this.#db.users.all(numberIn(after), 1, limit + 1), limit, userRow),
    groups: (_user, after, limit) =>
      listed(this.#db.groups.all(numberIn(after), limit + 1), limit, (row) =>
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
    const { text, name, members, first, last, n, time } = this.#conversations.get(id)
    const { access, history } = this.#db.access.get(id) ?? { access: 1, history: 0 }
    return {
      group: name,
      id: text,
      members,
      owners,
      access: access === 1 ? 'public' : 'invite',
      history: access === 1 || history === 1,
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

function numberIn(after: string): number {
  return Number.parseInt(after, 10) || 0
}

/** `conversation seq`, as `exportPage` wrote them. */
function placeIn(after: string): [conversation: number, seq: number] {
  const [conversation = '', seq = ''] = after.split(' ')
  return [numberIn(conversation), numberIn(seq)]
}

function statements(db: DatabaseSync) {
  return {
    standing: prepare<StandingRow>(
      db,
      'SELECT operator, banned, ban_reason AS reason FROM users WHERE id = ?',
    ),
    setOperator: prepare(db, 'UPDATE users SET operator = ? WHERE id = ?'),
    setBanned: prepare(db, 'UPDATE users SET banned = ?, ban_reason = ? WHERE id = ?'),
    users: prepare<UserRow>(
      db,
      `SELECT id AS key, name, created, operator, banned, deleted, ban_reason AS reason,
         (SELECT count(*) FROM sessions s WHERE s.user = u.id) AS sessions
       FROM users u WHERE id > ? AND operator >= ? ORDER BY id LIMIT ?`,
    ),
    groups: prepare<{ key: number; id: number; owners: number }>(
      db,
      `SELECT id AS key, id,
         (SELECT count(*) FROM memberships m WHERE m.conversation = c.id AND m.role = 3) AS owners
       FROM conversations c WHERE kind = 2 AND name IS NOT NULL AND id > ? ORDER BY id LIMIT ?`,
    ),
    access: prepare<{ access: number; history: number }>(
      db,
      'SELECT access, history FROM conversations WHERE id = ?',
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
    foremost: prepare<{ user: number }>(
      db,
      'SELECT user FROM memberships WHERE conversation = ? ORDER BY role DESC, joined LIMIT 1',
    ),
    lastSender: prepare<{ user: number }>(
      db,
      `SELECT sender AS user FROM
         (SELECT sender, seq FROM entries WHERE conversation = ?1
          UNION ALL SELECT sender, seq FROM journal WHERE conversation = ?1)
       ORDER BY seq DESC LIMIT 1`,
    ),
    figures: prepare<Figures>(
      db,
      `SELECT
         (SELECT count(*) FROM users WHERE deleted = 0) AS users,
         (SELECT count(*) FROM users WHERE banned = 1) AS banned,
         (SELECT count(*) FROM users WHERE operator = 1) AS operators,
         (SELECT count(*) FROM conversations WHERE kind = 2 AND name IS NOT NULL) AS groups,
         (SELECT count(*) FROM conversations WHERE kind = 1) AS directs,
         (SELECT count(*) FROM sessions) AS sessions,
         (SELECT page_count * page_size FROM pragma_page_count, pragma_page_size) AS bytes,
         (SELECT freelist_count * page_size FROM pragma_freelist_count, pragma_page_size)
           AS freeBytes`,
    ),
    nextConversation: prepare<{ id: number }>(
      db,
      'SELECT id FROM conversations WHERE id >= ? ORDER BY id LIMIT 1',
    ),
  }
}
