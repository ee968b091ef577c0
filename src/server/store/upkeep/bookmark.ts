import { type Database, prepare, type Statement } from '../statements.ts'

/**
 * How far a round through all entries has got, for work that is done in several calls: the number
 * of a conversation, and the seq of its last entry that was looked at.
 */
export type Bookmark = readonly [conversation: number, seq: number]

/** As it travels between the calls. */
export function bookmarkText(conversation: number, seq: number): string {
  return `${conversation} ${seq}`
}

/** What `bookmarkText` wrote; anything else, as '' before the first call, is the beginning. */
export function bookmarkIn(text: string): Bookmark {
  const [conversation = '', seq = ''] = text.split(' ')
  return [Number.parseInt(conversation, 10) || 0, Number.parseInt(seq, 10) || 0]
}

/** Finds the first conversation with the given number or a greater one. */
export function conversationsFrom(db: Database): Statement<{ id: number }> {
  return prepare(db, 'SELECT id FROM conversations WHERE id >= ? ORDER BY id LIMIT 1')
}
