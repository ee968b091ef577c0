import { ChatError } from '../../../protocol/errors.ts'
import { REACTIONS_MAX } from '../../../protocol/limits.ts'
import { entryKind } from '../../../protocol/records.ts'
import { manages } from '../groups/roles.ts'
import type { Blocks } from '../people/blocks.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { EntryPlace, NewDeletion, NewEdit, NewReaction, TextPlace } from '../store.ts'
import type { Appender } from './appender.ts'
import type { Conversation, Conversations, Membership } from './conversations.ts'
import type { Journal } from './journal.ts'
import type { Mentions } from './mentions.ts'
import type { Reactions } from './reactions.ts'
import type { Text, Texts } from './texts.ts'

/** Who wants to change a text, and where it is. */
type Actor = Readonly<{ person: Person; conversation: Conversation; membership: Membership }>

/** A text that is to be blanked: not one that was. */
export type Blanked = Pick<Text, 'seq' | 'mentions' | 'changed'>

export type ChangesParts = Readonly<{
  users: Users
  conversations: Conversations
  journal: Journal
  appender: Appender
  texts: Texts
  mentions: Mentions
  reactions: Reactions
  blocks: Blocks
}>

/**
 * Edits, deletions and reactions (rule 8): each appends an entry that says so, and changes the row
 * of the text that it is about. For that the row must be in its place: rows in the journal are as
 * they were appended.
 */
export class Changes {
  #parts: ChangesParts
  #db

  constructor(db: Database, parts: ChangesParts) {
    this.#db = statements(db)
    this.#parts = parts
  }

  edit(edit: NewEdit): EntryPlace {
    const { appender, mentions, texts } = this.#parts
    const { person, conversation, membership } = this.#actor(edit)
    const before = texts.need(conversation, membership, edit.seq)
    if (before.sender !== person.id) {
      throw new ChatError('notAllowed', 'only who wrote a message can edit it')
    }
    if (before.text === edit.text) return this.#unchanged(conversation, before)
    this.#checkTaken(conversation, person)
    appender.room.check()
    const named = mentions.in(conversation, person, edit.text)
    this.#settle(conversation, edit.seq)
    const said = { target: edit.seq, text: edit.text, mentions: named }
    const changed = appender.note(conversation, person, 'edited', edit.time, said)
    this.#db.edit.run(edit.text, named || null, changed, conversation.id, edit.seq)
    mentions.replace(conversation, edit.seq, before.mentions, named)
    return last(conversation)
  }

  deleteEntry(deletion: NewDeletion): EntryPlace {
    const { texts } = this.#parts
    const { person, conversation, membership } = this.#actor(deletion)
    const { seq, time } = deletion
    const before = texts.find(conversation, membership, seq)
    if (before.sender !== person.id && !manages(membership)) {
      throw new ChatError('notAllowed', 'only who wrote a message, admins and owners can delete it')
    }
    if (before.text === '') return this.#unchanged(conversation, before)
    this.blank(conversation, person, before, time)
    return last(conversation)
  }

  /** Nothing is left of a text and its changes, whoever `by` is. */
  blank(conversation: Conversation, by: Person, before: Blanked, time: number): void {
    const { appender, journal, mentions, reactions } = this.#parts
    const { seq } = before
    this.#settle(conversation, Math.max(seq, before.changed))
    appender.note(conversation, by, 'deleted', time, { target: seq })
    this.#db.blank.run(conversation.last, conversation.id, seq)
    journal.blank(conversation, seq)
    for (const change of this.#db.blankChanges.all(conversation.id, seq)) {
      journal.blank(conversation, change.seq)
    }
    mentions.replace(conversation, seq, before.mentions, '')
    reactions.clear(conversation.id, seq)
  }

  react(reaction: NewReaction): EntryPlace {
    const { appender, reactions, texts } = this.#parts
    const { person, conversation, membership } = this.#actor(reaction)
    const { seq, text, remove, time } = reaction
    const before = texts.need(conversation, membership, seq)
    const has = reactions.has(conversation.id, seq, text, person.id)
    if (has !== remove) return this.#unchanged(conversation, before)
    appender.room.check()
    this.#checkTaken(conversation, person)
    if (!remove) this.#checkRoom(conversation, seq, text)
    this.#settle(conversation, seq)
    const kind = remove ? 'unreacted' : 'reacted'
    const changed = appender.note(conversation, person, kind, time, { target: seq, text })
    if (remove) reactions.take(conversation.id, seq, text, person.id)
    else reactions.put(conversation.id, seq, text, person.id)
    this.#db.touch.run(changed, conversation.id, seq)
    return last(conversation)
  }

  /** @throws ChatError unknownConversation */
  #actor(place: TextPlace): Actor {
    const { users, conversations } = this.#parts
    const person = users.find(place.user)
    const conversation = conversations.find(place.conversation)
    const membership = person && conversation && conversations.membership(conversation, person.id)
    if (!membership) throw new ChatError('unknownConversation')
    return { person, conversation, membership }
  }

  /** Who takes nothing from someone takes no changes either, but for deletions. @throws ChatError blocked */
  #checkTaken(conversation: Conversation, by: Person): void {
    if (conversation.between === undefined) return
    const partner = this.#parts.users.get(conversation.low + conversation.high - by.id)
    this.#parts.blocks.checkPartner(conversation, partner)
  }

  /** Where the last change of the text is: what was asked for is so already. */
  #unchanged(conversation: Conversation, { seq, time, changed }: Text): EntryPlace {
    const at = changed > 0 ? this.#parts.journal.timeAt(conversation, changed) : time
    return { conversation: conversation.text, seq: changed || seq, time: at ?? time }
  }

  #settle(conversation: Conversation, seq: number): void {
    const oldest = conversation.staged[0]
    if (oldest !== undefined && oldest.seq <= seq) this.#parts.journal.settle(conversation)
  }

  #checkRoom(conversation: Conversation, seq: number, text: string): void {
    const known = this.#db.otherReactions.all(conversation.id, seq, text, REACTIONS_MAX)
    if (known.length < REACTIONS_MAX) return
    throw new ChatError('tooMany', `a message takes at most ${REACTIONS_MAX} different reactions`)
  }
}

function last({ text, last, time }: Conversation): EntryPlace {
  return { conversation: text, seq: last, time }
}

function statements(db: Database) {
  const { edited, reacted, unreacted } = entryKind.values
  return {
    edit: prepare(
      db,
      `UPDATE entries SET text = ?, mentions = ?, changed = ?, edited = 1
       WHERE conversation = ? AND seq = ?`,
    ),
    touch: prepare(db, 'UPDATE entries SET changed = ? WHERE conversation = ? AND seq = ?'),
    blank: prepare(
      db,
      `UPDATE entries SET text = '', mentions = NULL, edited = NULL, changed = ?
       WHERE conversation = ? AND seq = ?`,
    ),
    // Without being told, SQLite looks at the whole conversation.
    blankChanges: prepare<{ seq: number }>(
      db,
      `UPDATE entries INDEXED BY entries_by_target SET text = '', mentions = NULL
       WHERE conversation = ? AND target = ? AND kind IN (${edited}, ${reacted}, ${unreacted})
       RETURNING seq`,
    ),
    otherReactions: prepare<{ text: string }>(
      db,
      `SELECT DISTINCT text FROM reactions
       WHERE conversation = ? AND seq = ? AND text <> ? LIMIT ?`,
    ),
  }
}
