import { ChatError } from '../../../protocol/errors.ts'
import { RECEIPT_MEMBERS_MAX } from '../../../protocol/limits.ts'
import type { Receipt } from '../../../protocol/messages.ts'
import { userText } from '../ids.ts'
import type { Blocks } from '../people/blocks.ts'
import type { Settings } from '../people/settings.ts'
import type { Person, Users } from '../people/users.ts'
import { type Database, prepare } from '../statements.ts'
import type { Reach, ReceiptQuery, Shown } from '../store.ts'
import type { Conversation, Conversations, Membership } from './conversations.ts'
import { type Counts, type Cursor, countsOf, NONE, Tally } from './tally.ts'
import type { Texts } from './texts.ts'

type Row = Cursor & { hidden: number; gone: number }
/** Columns of many rows, each as a JSON array: row by row they would take ten times as long. */
type Columns = { users: string; joined: string; delivered: string; read: string }

/** In a group of so many or more, counts may be as old as that: counting takes a while. */
const MANY_MEMBERS = 1_000
const KEPT_MS = 5_000

export type ReceiptsParts = Readonly<{
  users: Users
  conversations: Conversations
  blocks: Blocks
  settings: Settings
  texts: Texts
  monotonic: () => number
}>

/** What a member sees of how far the others have got (rule 9). */
export class Receipts {
  #users: Users
  #conversations: Conversations
  #blocks: Blocks
  #settings: Settings
  #texts: Texts
  #monotonic: () => number
  /** Of groups with very many members. */
  #tallies = new WeakMap<Conversation, Readonly<{ tally: Tally; until: number }>>()
  #select
  #selectMany

  constructor(db: Database, parts: ReceiptsParts) {
    const { users, conversations, blocks, settings, texts, monotonic } = parts
    this.#monotonic = monotonic
    this.#users = users
    this.#conversations = conversations
    this.#blocks = blocks
    this.#settings = settings
    this.#texts = texts
    this.#select = prepare<Row>(
      db,
      `SELECT m.user, m.joined, m.delivered, m.read, u.hide_receipts AS hidden,
         u.deleted AS gone
       FROM memberships m JOIN users u ON u.id = m.user
       WHERE m.conversation = ? ORDER BY m.joined, m.user`,
    )
    this.#selectMany = prepare<Columns>(
      db,
      `SELECT json_group_array(m.user) AS users, json_group_array(m.joined) AS joined,
         json_group_array(CASE WHEN u.deleted = 1 THEN 0 ELSE m.delivered END) AS delivered,
         json_group_array(CASE WHEN u.deleted + u.hide_receipts > 0 THEN 0 ELSE m.read END) AS read
       FROM memberships m JOIN users u ON u.id = m.user WHERE m.conversation = ?`,
    )
  }

  receipts({ user, conversation: text, seq }: ReceiptQuery): Reach {
    const person = this.#users.find(user)
    const conversation = this.#conversations.find(text)
    const membership = person && conversation && this.#membership(conversation, person)
    if (!membership) throw new ChatError('unknownConversation')
    const first = Math.max(conversation.first, membership.from)
    if (seq > conversation.last || (seq > 0 && seq < first)) throw new ChatError('unknownEntry')
    const last = this.#texts.lastBy(person.id, conversation)
    const isOwn = seq > 0 && this.#texts.isBy(person.id, conversation, seq)
    const own = isOwn ? Math.max(seq, last) : last
    const { members, ...counts } = this.#reachIn(conversation)(person, isOwn ? seq : last, own)
    // Of what others said nobody is told how far it has got.
    const none = seq > 0 ? !isOwn : last === 0
    return none ? { user: person.user.id, seq, members, ...NONE } : { members, ...counts }
  }

  receiptsOf(
    text: string,
    askers: readonly Readonly<{ user: string; seq: number }>[],
  ): readonly Reach[] {
    const conversation = this.#conversations.find(text)
    if (conversation === undefined) return []
    const reach = this.#reachIn(conversation)
    return askers.flatMap(({ user, seq }) => {
      const person = this.#users.find(user)
      if (person === undefined || !this.#membership(conversation, person)) return []
      return [reach(person, seq, seq)]
    })
  }

  /** What others may see of a move; undefined: nothing. */
  shown(
    conversation: Conversation,
    person: Person,
    now: Membership,
    was: Readonly<{ delivered: number; read: number }>,
  ): Shown | undefined {
    const { delivered } = now
    if (delivered === was.delivered && now.read === was.read) return undefined
    const { between, low, high } = conversation
    const apart = between !== undefined && this.#blocks.within(conversation).size > 0
    if (apart || (between !== undefined && low === high)) return undefined
    const read = this.#settings.hidesReceipts(person.id) ? 0 : now.read
    if (delivered === was.delivered && read === 0) return undefined
    const after = read > was.read ? was.read : was.delivered
    return { between, after, delivered, read }
  }

  #membership(conversation: Conversation, person: Person): Membership | undefined {
    return this.#conversations.membership(conversation, person.id)
  }

  /**
   * In the order of joining. What is in memory may be ahead of its row. Of who is gone nothing is
   * shown: whether they hid it, or from whom, is not known any more.
   */
  #cursorsOf(conversation: Conversation): readonly Cursor[] {
    return this.#select.all(conversation.id).map(({ hidden, gone, ...row }) => {
      if (gone === 1) return { ...row, delivered: 0, read: 0 }
      const { delivered, read } = conversation.memberships.get(row.user) ?? row
      return { ...row, delivered, read: hidden === 1 ? 0 : read }
    })
  }

  /** `own`: the person's newest text; cursors beyond are nothing to them. */
  #reachIn(conversation: Conversation): (person: Person, seq: number, own: number) => Reach {
    if (conversation.members <= RECEIPT_MEMBERS_MAX) {
      const cursors = this.#cursorsOf(conversation)
      return (person, seq, own) => this.#named(cursors, person, seq, own)
    }
    const tally = this.#tallyOf(conversation)
    return (person, seq) => {
      const counts = tally.countsFor(person.id, seq)
      return { user: person.user.id, seq, members: [], ...counts }
    }
  }

  #tallyOf(conversation: Conversation): Tally {
    const now = this.#monotonic()
    const known = this.#tallies.get(conversation)
    if (known !== undefined && now < known.until) return known.tally
    const tally = new Tally(this.#manyCursorsOf(conversation))
    const keptMs = conversation.members < MANY_MEMBERS ? 0 : KEPT_MS
    this.#tallies.set(conversation, { tally, until: now + keptMs })
    return tally
  }

  /** As {@link Receipts.#cursorsOf}, in no order. */
  #manyCursorsOf(conversation: Conversation): readonly Cursor[] {
    const columns = this.#selectMany.get(conversation.id)
    if (columns === undefined) return []
    const [users = [], joined = [], delivered = [], read = []] = [
      columns.users,
      columns.joined,
      columns.delivered,
      columns.read,
    ].map((column) => JSON.parse(column) as readonly number[])
    const ahead = new Map([...conversation.moved].map((one) => [one.user, one]))
    return users.map((user, at) => {
      const moved = ahead.get(user)
      if (moved === undefined) {
        const row = { delivered: delivered[at] ?? 0, read: read[at] ?? 0 }
        return { user, joined: joined[at] ?? 0, ...row }
      }
      const shown = this.#settings.hidesReceipts(user) ? 0 : moved.read
      return { user, joined: moved.joined, delivered: moved.delivered, read: shown }
    })
  }

  /** Who blocks, or is blocked, sees nothing and shows nothing, where each is named. */
  #named(cursors: readonly Cursor[], person: Person, seq: number, own: number): Reach {
    const apart = this.#blocks.apartFrom(person)
    const others = cursors
      .filter(({ user }) => user !== person.id)
      .map((cursor) => (apart.has(cursor.user) ? { ...cursor, delivered: 0, read: 0 } : cursor))
    // Who came later has it behind them from the beginning.
    const counts = sumOf(
      others.filter(({ joined }) => joined <= seq).map((one) => countsOf(one, seq)),
    )
    const members = others.map((cursor) => receiptOf(cursor, own))
    return { user: person.user.id, seq, members, ...counts }
  }
}

function sumOf(all: readonly Counts[]): Counts {
  const sum = { delivered: 0, read: 0, of: 0 }
  for (const { delivered, read, of } of all) {
    sum.delivered += delivered
    sum.read += read
    sum.of += of
  }
  return sum
}

function receiptOf({ user, delivered, read }: Cursor, most: number): Receipt {
  return {
    user: userText(user),
    delivered: Math.min(delivered, most),
    read: Math.min(read, most),
  }
}
