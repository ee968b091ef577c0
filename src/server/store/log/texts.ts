import { ChatError } from '../../../protocol/errors.ts'
import { entryKind } from '../../../protocol/records.ts'
import { type Database, prepare } from '../statements.ts'
import type { Conversation, Membership } from './conversations.ts'

/** A text of a log that somebody wants to change or answer. */
export type Text = Readonly<{
  seq: number
  time: number
  /** Number of the user who wrote it. */
  sender: number
  /** As it is now; empty: it was deleted. */
  text: string
  /** Numbers of the users named in it, with spaces between. */
  mentions: string
  /** Seq of the last entry that changed it; 0: none did. */
  changed: number
}>

type Row = {
  time: number
  sender: number
  kind: number
  text: string | null
  mentions: string | null
  changed: number | null
}

/** Entries in which someone's last text is looked for: bounds what opening a conversation costs. */
const LOOKED_AT_MAX = 1_000

/** Texts as they are now, looked up by seq: those that can be answered and changed. */
export class Texts {
  #select
  #last

  constructor(db: Database) {
    this.#last = prepare<{ seq: number }>(
      db,
      `SELECT seq FROM entries WHERE conversation = ? AND seq > ? AND sender = ?
       AND kind = ${entryKind.values.text} ORDER BY seq DESC LIMIT 1`,
    )
    this.#select = prepare<Row>(
      db,
      `SELECT time, sender, kind, text, mentions, changed FROM entries
       WHERE conversation = ? AND seq = ?`,
    )
  }

  /**
   * A text that the member may see, also a deleted one.
   * @throws ChatError unknownEntry
   */
  find(conversation: Conversation, membership: Membership, seq: number): Text {
    const visible = seq >= Math.max(conversation.first, membership.from)
    const text = visible ? (staged(conversation, seq) ?? this.#kept(conversation, seq)) : undefined
    if (text === undefined) throw new ChatError('unknownEntry')
    return text
  }

  /** The same, but not a deleted one. @throws ChatError unknownEntry */
  need(conversation: Conversation, membership: Membership, seq: number): Text {
    const found = this.find(conversation, membership, seq)
    if (found.text === '') throw new ChatError('unknownEntry', 'that message was deleted')
    return found
  }

  /** Whether that user wrote the text at `seq`. */
  isBy(user: number, conversation: Conversation, seq: number): boolean {
    return (staged(conversation, seq) ?? this.#kept(conversation, seq))?.sender === user
  }

  /** Seq of the user's last text among the newest 1,000 entries; 0: none of them is theirs. */
  lastBy(user: number, { id, staged, last }: Conversation): number {
    const own = staged.findLast(({ from, kind }) => from.id === user && kind === 'text')
    return own?.seq ?? this.#last.get(id, last - LOOKED_AT_MAX, user)?.seq ?? 0
  }

  #kept(conversation: Conversation, seq: number): Text | undefined {
    const row = this.#select.get(conversation.id, seq)
    if (row === undefined || row.kind !== entryKind.values.text) return undefined
    const { time, sender, text, mentions, changed } = row
    return {
      seq,
      time,
      sender,
      text: text ?? '',
      mentions: mentions ?? '',
      changed: changed ?? 0,
    }
  }
}

/** Not in its place yet, so nobody changed it. */
function staged({ staged }: Conversation, seq: number): Text | undefined {
  const row = staged[seq - (staged[0]?.seq ?? 0)]
  if (row === undefined || row.kind !== 'text') return undefined
  const { time, from, text, more } = row
  return { seq, time, sender: from.id, text, mentions: more?.mentions ?? '', changed: 0 }
}
