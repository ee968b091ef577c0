import type { Entry, EntryKind } from '../../protocol/messages.ts'
import { entryKind } from '../../protocol/records.ts'

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
}

export const ENTRY_COLUMNS = 'conversation, seq, time, sender, kind, n, subject, nonce, text'

/** What only a page tells of an entry, and what most entries do not have. */
export const NOTHING_MORE = {
  target: 0,
  mentions: [],
  role: 'none',
  changed: 0,
  edited: false,
  reactions: [],
} as const satisfies Partial<Entry>

const kinds = Object.keys(entryKind.values) as EntryKind[]

export function kindOf(row: EntryRow): EntryKind {
  return kinds[row.kind] ?? 'unknown'
}
