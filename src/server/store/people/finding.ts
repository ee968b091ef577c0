import { ChatError } from '../../../protocol/errors.ts'
import { nameKey, nameOf } from '../../../protocol/names.ts'
import { access, conversationKind } from '../../../protocol/records.ts'
import type { Groups } from '../groups/groups.ts'
import type { Conversations } from '../log/conversations.ts'
import { type Database, prepare } from '../statements.ts'
import type { Found } from '../store.ts'
import type { Person, Users } from './users.ts'

export type FindingParts = Readonly<{
  users: Users
  conversations: Conversations
  groups: Groups
}>

/** Users and groups by how their names begin: two lists, continued together. */
export class Finding {
  #users: Users
  #conversations: Conversations
  #groups: Groups
  #db

  constructor(db: Database, { users, conversations, groups }: FindingParts) {
    this.#users = users
    this.#conversations = conversations
    this.#groups = groups
    this.#db = statements(db)
  }

  find(user: string, text: string, limit: number, after: string): Found {
    const person = this.#users.need(user)
    const beginning = nameKey(nameOf(text))
    const from = continuedIn(after)
    const users = beginning === '' ? NOTHING : this.#usersOf(beginning, from.user, limit)
    const groups = this.#groupsOf(person, beginning, from.group, limit)
    return {
      users: users.rows.map((row) => this.#users.get(row.id).user),
      groups: groups.rows.map(({ id }) =>
        this.#groups.groupFor(this.#conversations.get(id), person),
      ),
      next: continuation(users.next?.id, groups.next),
    }
  }

  /** By name. */
  #usersOf(beginning: string, after: number | undefined, limit: number): Page<{ id: number }> {
    if (after === undefined) return NOTHING
    // The name of who is gone stays where it is.
    const known = after === 0 ? undefined : this.#db.nameOf.get(after)?.key
    const from = known === undefined ? beginning : known + FIRST_CHARACTER
    const rows = this.#db.findUsers.all(from, beginning + LAST_CHARACTER, limit + 1)
    return pageOf(rows, limit)
  }

  /** The largest first, by name among those of one size. */
  #groupsOf(
    person: Person,
    beginning: string,
    after: Place | undefined,
    limit: number,
  ): Page<Row, Place> {
    if (after === undefined) return NOTHING
    const { rows, edge } = this.#publicAfter(beginning, after, limit)
    const own = this.#db.ownGroups.all(person.id).filter((row) => {
      return isBehind(row, after) && (edge === undefined || !isBehind(row, edge))
    })
    const found = [...rows, ...own].filter((row) => row.key.startsWith(beginning))
    found.sort(inOrder)
    const page = pageOf(found, limit)
    return { rows: page.rows, next: page.next ?? edge }
  }

  /** `edge`: how far was looked, where that is not the end. */
  #publicAfter(beginning: string, after: Place, limit: number) {
    const named = beginning === '' ? undefined : this.#publicNamed(beginning)
    if (named !== undefined) return { rows: named.filter((row) => isBehind(row, after)) }
    const most = beginning === '' ? limit + 1 : LOOKED_AT_MAX
    const rows = this.#db.largestGroups.all(after.members, most, after.key)
    return { rows, edge: rows.length === most ? rows.at(-1) : undefined }
  }

  /** Undefined: there are so many that it is quicker to look for them among all. */
  #publicNamed(beginning: string): readonly Row[] | undefined {
    const end = beginning + LAST_CHARACTER
    const rows = this.#db.namedGroups.all(beginning, end, LOOKED_AT_MAX + 1)
    return rows.length > LOOKED_AT_MAX ? undefined : rows
  }
}

/** Where a list of groups goes on: behind that one. */
type Place = Readonly<{ members: number; key: string }>
type Row = Place & Readonly<{ id: number }>
type Page<T, Next = T> = Readonly<{ rows: readonly T[]; next: Next | undefined }>

const NOTHING = { rows: [], next: undefined } as const

/** Behind what stands before it, and before every other name; behind every name that begins so. */
const FIRST_CHARACTER = '\u{1}'
const LAST_CHARACTER = '\u{10ffff}'
/** Groups that are looked at for one page: bounds how long others wait. */
const LOOKED_AT_MAX = 1_000

/** One row more than fits says that there are more. */
function pageOf<T>(rows: readonly T[], limit: number): Page<T> {
  return { rows: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1] : undefined }
}

function isBehind(row: Place, place: Place): boolean {
  return inOrder(row, place) > 0
}

/** As the database orders names: by their bytes. */
function inOrder(one: Place, other: Place): number {
  if (one.members !== other.members) return other.members - one.members
  return Buffer.compare(Buffer.from(one.key), Buffer.from(other.key))
}

/** The list that is complete. */
const COMPLETE = '-'

/** Names have no such sign in them. */
const BETWEEN = '/'

function continuation(user: number | undefined, group: Place | undefined): string {
  if (user === undefined && group === undefined) return ''
  const place = group === undefined ? [COMPLETE] : [group.members, group.key]
  return [user ?? COMPLETE, ...place].join(BETWEEN)
}

/** Undefined: that list is complete. @throws ChatError badRequest */
function continuedIn(after: string): { user: number | undefined; group: Place | undefined } {
  if (after === '') return { user: 0, group: { members: Number.MAX_SAFE_INTEGER, key: '' } }
  const [, user, members, key = ''] = CONTINUATION.exec(after) ?? []
  if (user === undefined) throw new ChatError('badRequest', `'${after}' continues no such list`)
  return {
    user: user === COMPLETE ? undefined : Number(user),
    group: members === undefined ? undefined : { members: Number(members), key },
  }
}

const CONTINUATION = /^(-|\d{1,15})\/(?:-|(\d{1,15})\/([^/]*))$/

const { group } = conversationKind.values
const { public: anyone, invite } = access.values

/** One that has ended has no name. */
const PUBLIC = `SELECT id, name_key AS key, members
  FROM conversations WHERE kind = ${group} AND access = ${anyone} AND name_key IS NOT NULL`

function statements(db: Database) {
  return {
    nameOf: prepare<{ key: string }>(db, 'SELECT name_key AS key FROM users WHERE id = ?'),
    findUsers: prepare<{ id: number }>(
      db,
      `SELECT id FROM users
       WHERE name_key >= ? AND name_key < ? AND deleted = 0
       ORDER BY name_key LIMIT ?`,
    ),
    namedGroups: prepare<Row>(
      db,
      `${PUBLIC} AND name_key >= ? AND name_key < ? ORDER BY name_key LIMIT ?`,
    ),
    largestGroups: prepare<Row>(
      db,
      `SELECT id, key, members FROM (
         SELECT * FROM (${PUBLIC} AND members = ?1 AND name_key > ?3
           ORDER BY name_key LIMIT ?2) AS like_it
         UNION ALL
         SELECT * FROM (${PUBLIC} AND members < ?1
           ORDER BY members DESC, name_key LIMIT ?2) AS smaller
       ) AS found ORDER BY members DESC, key LIMIT ?2`,
    ),
    ownGroups: prepare<Row>(
      db,
      `SELECT c.id, c.name_key AS key, c.members
       FROM memberships m CROSS JOIN conversations c ON c.id = m.conversation
       WHERE m.user = ? AND c.kind = ${group} AND c.access = ${invite} AND c.name_key IS NOT NULL`,
    ),
  }
}
