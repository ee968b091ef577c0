import { ChatError } from '../../../protocol/errors.ts'
import type { NotifyLevel, Preferences as Values } from '../../../protocol/messages.ts'
import { notifyLevel } from '../../../protocol/records.ts'
import type { Conversation, Conversations, Membership } from '../log/conversations.ts'
import type { Journal } from '../log/journal.ts'
import { type Database, prepare } from '../statements.ts'
import type { PreferencesChange } from '../store.ts'
import type { Users } from './users.ts'

type Row = { pinned: number; muted: number; notify: number; unread: number; unreadN: number }

/** Of who has said nothing. */
export const NO_PREFERENCES: Values = {
  pinned: false,
  muted: false,
  notify: 'default',
  unread: 0,
  unreadN: 0,
}

/** What users want of their conversations for themselves; nobody else is told. */
export class Preferences {
  #users: Users
  #conversations: Conversations
  #journal: Pick<Journal, 'countAt'>
  #db

  constructor(
    db: Database,
    users: Users,
    conversations: Conversations,
    journal: Pick<Journal, 'countAt'>,
  ) {
    this.#users = users
    this.#conversations = conversations
    this.#journal = journal
    this.#db = statements(db)
  }

  /** Undefined: none that say anything. What is not kept any more is not to be read again, either. */
  find(conversation: Conversation, user: number): Values | undefined {
    const row = this.#db.select.get(user, conversation.id)
    if (row === undefined) return undefined
    const { first } = conversation
    const found = valuesOf(row)
    return found.unread > 0 && found.unread < first
      ? { ...found, ...this.#unreadFrom(conversation, first) }
      : found
  }

  change(change: PreferencesChange): Values {
    const person = this.#users.need(change.user)
    const conversation = this.#conversations.find(change.conversation)
    const membership = conversation && this.#conversations.membership(conversation, person.id)
    if (!membership) throw new ChatError('unknownConversation')
    const before = this.find(conversation, person.id) ?? NO_PREFERENCES
    const { pinned = before.pinned, muted = before.muted, notify = before.notify } = change
    const unread =
      change.unread === undefined ? before : this.#marked(conversation, membership, change.unread)
    const { unread: from, unreadN } = unread
    const now = { pinned, muted, notify, unread: from, unreadN }
    this.#keep(conversation, person.id, now)
    return now
  }

  /** Who leaves has nothing to read again when they come back; the rest stays. */
  left(group: Conversation, user: number): void {
    const values = this.find(group, user)
    if (values !== undefined && values.unread > 0) {
      this.#keep(group, user, { ...values, unread: 0, unreadN: 0 })
    }
  }

  /** The group has ended. */
  deleteOf(group: Conversation): void {
    this.#db.deleteOf.run(group.id)
  }

  /** @throws ChatError unknownEntry */
  #marked(conversation: Conversation, { from }: Membership, seq: number): Unread {
    if (seq === 0) return NO_PREFERENCES
    if (seq < Math.max(from, conversation.first) || seq > conversation.last) {
      throw new ChatError('unknownEntry', `there is no entry ${seq} to read again`)
    }
    return this.#unreadFrom(conversation, seq)
  }

  #unreadFrom(conversation: Conversation, seq: number): Unread {
    return { unread: seq, unreadN: this.#journal.countAt(conversation, seq - 1) }
  }

  #keep(conversation: Conversation, user: number, values: Values): void {
    const { pinned, muted, notify, unread, unreadN } = values
    if (!pinned && !muted && notify === 'default' && unread === 0) {
      this.#db.delete.run(user, conversation.id)
      return
    }
    const level = notifyLevel.values[notify]
    const flags = [pinned ? 1 : 0, muted ? 1 : 0] as const
    this.#db.replace.run(user, conversation.id, ...flags, level, unread, unreadN)
  }
}

type Unread = Pick<Values, 'unread' | 'unreadN'>

const levels = Object.keys(notifyLevel.values) as NotifyLevel[]

function valuesOf({ pinned, muted, notify, unread, unreadN }: Row): Values {
  const level = levels[notify] ?? 'default'
  return { pinned: pinned === 1, muted: muted === 1, notify: level, unread, unreadN }
}

function statements(db: Database) {
  return {
    select: prepare<Row>(
      db,
      `SELECT pinned, muted, notify, unread, unread_n AS unreadN FROM preferences
       WHERE user = ? AND conversation = ?`,
    ),
    replace: prepare(
      db,
      `INSERT INTO preferences (user, conversation, pinned, muted, notify, unread, unread_n)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (user, conversation) DO UPDATE SET
         pinned = excluded.pinned, muted = excluded.muted, notify = excluded.notify,
         unread = excluded.unread, unread_n = excluded.unread_n`,
    ),
    delete: prepare(db, 'DELETE FROM preferences WHERE user = ? AND conversation = ?'),
    deleteOf: prepare(db, 'DELETE FROM preferences WHERE conversation = ?'),
  }
}
