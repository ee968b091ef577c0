import { ChatError } from '../../../protocol/errors.ts'
import type { EntryKind } from '../../../protocol/messages.ts'
import type { SentText } from '../calls.ts'
import type { Blocks } from '../people/blocks.ts'
import type { Person, Users } from '../people/users.ts'
import type { EntryPlace } from '../store.ts'
import type { RoomCheck } from '../upkeep/room.ts'
import type { Conversation, Conversations, Membership } from './conversations.ts'
import type { More } from './entry-row.ts'
import type { Journal } from './journal.ts'
import type { Mentions } from './mentions.ts'
import { checkNonce, digestOfSent } from './nonce.ts'
import type { Texts } from './texts.ts'

/** What an entry that is no message says beside its kind. */
export type Noted = Partial<More> & Readonly<{ subject?: Person; text?: string }>

const NOTHING_NOTED: Noted = {}
const NO_MORE: More = { target: 0, mentions: '', role: 'none' }

export type AppenderParts = Readonly<{
  users: Users
  conversations: Conversations
  journal: Journal
  texts: Texts
  mentions: Mentions
  blocks: Blocks
  room: RoomCheck
}>

/** The append path: the only code that gives out seqs. */
export class Appender {
  /** To be asked before something is added that could be left out. */
  readonly room: RoomCheck
  #users: Users
  #conversations: Conversations
  #journal: Journal
  #texts: Texts
  #mentions: Mentions
  #blocks: Blocks

  constructor({ users, conversations, journal, texts, mentions, blocks, room }: AppenderParts) {
    this.room = room
    this.#users = users
    this.#conversations = conversations
    this.#journal = journal
    this.#texts = texts
    this.#mentions = mentions
    this.#blocks = blocks
  }

  /** Rule 3: the nonce is looked up before anything is checked. */
  append(text: SentText): EntryPlace {
    const { nonce } = text
    checkNonce(nonce)
    const sender = this.#users.need(text.sender)
    const conversation =
      text.kind === 'group' ? this.#conversations.group(text.target) : this.#direct(sender, text)
    const first = this.#journal.first(conversation, sender, nonce)
    if (first !== undefined) {
      const digest = digestOfSent(text.text, text.reply ?? 0)
      if (first.digest !== digest) throw new ChatError('nonceReused')
      // The entry may be gone; its nonce is not.
      const time = first.time ?? conversation.time
      return { conversation: conversation.text, seq: first.seq, time }
    }
    const membership = this.#conversations.membership(conversation, sender.id)
    if (membership === undefined) throw this.#notMember(sender, text)
    this.room.check()
    const { low, high } = conversation
    if (conversation.between !== undefined) {
      const partner = this.#users.needHere(low + high - sender.id)
      this.#blocks.checkPartner(conversation, partner)
    }
    const more = this.#more(conversation, membership, sender, text)
    this.#add(conversation, sender, 'text', text.time, text.text, nonce, undefined, more)
    if (more !== undefined)
      this.#mentions.replace(conversation, conversation.last, '', more.mentions)
    // Of version 1 only what its socket took was delivered: what stands before this may not be.
    if (!sender.classic) this.#conversations.moveToLast(conversation, sender.id)
    return { conversation: conversation.text, seq: conversation.last, time: conversation.time }
  }

  /** An entry that is no message: `kind` happened to a subject, or to who did it. Answers its seq. */
  note(
    conversation: Conversation,
    by: Person,
    kind: EntryKind,
    time: number,
    { subject, text = '', ...more }: Noted = NOTHING_NOTED,
  ): number {
    const whole = more.role === undefined && more.target === undefined ? undefined : more
    this.#add(conversation, by, kind, time, text, '', subject, whole && { ...NO_MORE, ...whole })
    return conversation.last
  }

  /** Cursors only move forward. */
  move(conversation: Conversation, membership: Membership, delivered: number, read: number): void {
    const seen = Math.max(membership.read, Math.min(read, conversation.last))
    const reached = Math.max(membership.delivered, seen, Math.min(delivered, conversation.last))
    if (seen === membership.read && reached === membership.delivered) return
    if (seen > membership.read) membership.readN = this.#journal.countAt(conversation, seen)
    membership.read = seen
    membership.delivered = reached
    this.#conversations.saveCursors(conversation, membership)
  }

  #notMember({ id }: Person, { kind, target }: SentText): ChatError {
    if (kind === 'group') this.#conversations.groupKnownTo(id, target)
    return new ChatError('notMember')
  }

  /** What the text answers, and whom it names. @throws ChatError unknownEntry */
  #more(
    conversation: Conversation,
    membership: Membership,
    sender: Person,
    { text, reply }: SentText,
  ): More | undefined {
    if (reply !== undefined) this.#texts.need(conversation, membership, reply)
    const mentions = this.#mentions.in(conversation, sender, text)
    if (reply === undefined && mentions === '') return undefined
    return { ...NO_MORE, target: reply ?? 0, mentions }
  }

  /** Texts up to the member's cursor `read`, and those that are no longer kept: nobody reads them. */
  readN(conversation: Conversation, { read, readN }: Membership): number {
    if (read + 1 >= conversation.first) return readN
    return Math.max(readN, this.#journal.countAt(conversation, read))
  }

  #direct(sender: Person, text: SentText): Conversation {
    // Also who is gone: a message that reached them once is acknowledged again.
    const partner = this.#users.anybody(text.target) ?? this.#users.need(text.target)
    const begun = this.#conversations.direct(sender.id, partner.id)
    if (begun !== undefined) return begun
    this.#users.needHere(partner.id)
    this.#blocks.check(sender, partner)
    if (text.reply !== undefined) throw new ChatError('unknownEntry')
    this.room.check()
    return this.#conversations.addDirect(sender.id, partner.id, text.time)
  }

  #add(
    conversation: Conversation,
    from: Person,
    kind: EntryKind,
    time: number,
    text: string,
    nonce: string,
    subject: Person | undefined,
    more: More | undefined,
  ): void {
    conversation.last += 1
    conversation.time = Math.max(time, conversation.time)
    if (kind === 'text') conversation.n += 1
    const { last: seq, n } = conversation
    this.#journal.add({
      conversation,
      seq,
      time: conversation.time,
      from,
      kind,
      n,
      subject,
      nonce,
      text,
      more,
    })
  }
}
