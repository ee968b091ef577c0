import type { Entry } from '../../../protocol/messages.ts'
import type { Conversation, Conversations } from '../log/conversations.ts'
import type { Pages } from '../log/pages.ts'
import type { Users } from '../people/users.ts'
import type { Database } from '../statements.ts'
import type { ExportQuery, Listed, SurveyRow } from '../store.ts'
import { bookmarkIn, bookmarkText, conversationsFrom } from './bookmark.ts'

/** Entries that one call looks at: bounds how long others wait for it. */
const LOOKED_AT_MAX = 5_000
const READ_ENTRIES = 500

/** The entries of everybody, of one user or of one group, page by page. */
export class Export {
  #users: Users
  #conversations: Conversations
  #pages: Pages
  #from

  constructor(db: Database, users: Users, conversations: Conversations, pages: Pages) {
    this.#users = users
    this.#conversations = conversations
    this.#pages = pages
    this.#from = conversationsFrom(db)
  }

  /** @throws ChatError unknownUser, unknownGroup */
  page({ user, group, after, maxBytes }: ExportQuery): Listed<SurveyRow> {
    const by =
      user === '' ? undefined : (this.#users.anybody(user) ?? this.#users.need(user)).user.id
    const only = group === '' ? undefined : this.#conversations.group(group)
    const items: SurveyRow[] = []
    let room = maxBytes
    let left = LOOKED_AT_MAX
    let [id, seq] = bookmarkIn(after)
    let conversation = this.#next(only, id)
    while (conversation !== undefined) {
      if (conversation.id !== id) [id, seq] = [conversation.id, 0]
      const entries = this.#pages.read(conversation.text, seq, READ_ENTRIES)
      for (const entry of entries) {
        if (by === undefined || entry.from === by) {
          const row = this.#row(conversation, entry)
          room -= Buffer.byteLength(JSON.stringify(row)) + 1
          if (room < 0 && items.length > 0) return { items, next: bookmarkText(id, seq) }
          items.push(row)
        }
        seq = entry.seq
      }
      left -= Math.max(1, entries.length)
      if (left <= 0) return { items, next: bookmarkText(id, seq) }
      if (entries.length < READ_ENTRIES) conversation = this.#next(only, id + 1)
    }
    return { items, next: '' }
  }

  /** The first conversation with that number or a greater one; `only` if it is that. */
  #next(only: Conversation | undefined, from: number): Conversation | undefined {
    if (only !== undefined) return only.id >= from ? only : undefined
    const row = this.#from.get(from)
    return row === undefined ? undefined : this.#conversations.get(row.id)
  }

  #row({ text, kind, name, low, high }: Conversation, entry: Entry): SurveyRow {
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
}
