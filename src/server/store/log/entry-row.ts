import type { Entry, EntryKind, Role } from '../../../protocol/messages.ts'
import { entryKind, role } from '../../../protocol/records.ts'
import { userText } from '../ids.ts'

/** An entry as it lies in the tables `entries` and `journal`. */
export type EntryRow = {
  conversation: number
  seq: number
  time: number
  sender: number
  kind: number
  n: number
  subject: number | null
  nonce: Uint8Array | null
  text: string | null
  target: number | null
  mentions: string | null
  role: number | null
}

export const ENTRY_COLUMNS = 'conversation, seq, time, sender, kind, n, subject, nonce, text'
/** Columns of what few entries have: written only for those. */
export const MORE_COLUMNS = 'target, mentions, role'

/** What few entries have beside what a plain text has. */
export type More = Readonly<{
  /** Seq of the text that it changes or answers; 0: none. */
  target: number
  /** Numbers of the users named in it, with spaces between. */
  mentions: string
  /** What the subject became. */
  role: Role
}>

/** What only a page tells of an entry, and what most entries do not have. */
export const NOTHING_MORE = {
  target: 0,
  mentions: [],
  role: 'none',
  changed: 0,
  edited: false,
  reactions: [],
} as const satisfies Partial<Entry>

/** What the row says beyond a plain text; undefined for most. */
export function moreOf({ target, mentions, role: number }: EntryRow): More | undefined {
  if (target === null && mentions === null && number === null) return undefined
  return { target: target ?? 0, mentions: mentions ?? '', role: roles[number ?? 0] ?? 'none' }
}

/** In the order of the columns. */
export function valuesOfMore(more: More): readonly (number | string | null)[] {
  return [more.target || null, more.mentions || null, role.values[more.role] || null]
}

/** The same as fields of an entry. */
export function fieldsOf(more: More | undefined): Pick<Entry, keyof typeof NOTHING_MORE> {
  if (more === undefined) return NOTHING_MORE
  const mentions = more.mentions === '' ? [] : more.mentions.split(' ')
  const ids = mentions.map((number) => userText(Number(number)))
  return { ...NOTHING_MORE, target: more.target, mentions: ids, role: more.role }
}

const roles = Object.keys(role.values) as Role[]
const kinds = Object.keys(entryKind.values) as EntryKind[]

/** The kind that stands in a row as its number; `unknown` for one of a later version. */
export function kindOf(row: EntryRow): EntryKind {
  return kinds[row.kind] ?? 'unknown'
}
