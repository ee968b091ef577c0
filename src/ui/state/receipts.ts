import type { ReceiptsEvent } from '../../net/events.ts'
import { RECEIPT_MEMBERS_MAX } from '../../protocol/limits.ts'
import type { Entry, Head, Receipt } from '../../protocol/messages.ts'

/** How far the others of a conversation have got, as far as it was told. */
export type Receipts = Readonly<{
  /** By user id. */
  cursors: ReadonlyMap<string, Receipt>
  /** Of a group that is too large for `cursors`: how many have got the entry `seq`. */
  counts: Counts | undefined
}>

export type Counts = Pick<ReceiptsEvent, 'seq' | 'delivered' | 'read' | 'of'>

/** Up to which seq everything is with all others, and was read by all of them. */
export type Reached = Readonly<{ delivered: number; read: number }>

export const NO_RECEIPTS: Receipts = { cursors: new Map(), counts: undefined }

/** Cursors only go forward, in whatever order they are told. */
export function withReceipts(conversation: Told, event: ReceiptsEvent): Receipts {
  const before = conversation.receipts
  // Of a group that has grown too large they are told no more.
  const large = event.members.length === 0 && event.of > RECEIPT_MEMBERS_MAX
  const whole = event.members.length >= othersIn(conversation)
  const cursors = new Map(large || whole ? [] : before.cursors)
  for (const receipt of event.members) {
    const known = before.cursors.get(receipt.user)
    cursors.set(receipt.user, {
      user: receipt.user,
      delivered: Math.max(known?.delivered ?? 0, receipt.delivered),
      read: Math.max(known?.read ?? 0, receipt.read),
    })
  }
  const { seq, delivered, read, of } = event
  const newer = of > 0 && seq >= (before.counts?.seq ?? 0)
  return { cursors, counts: newer ? { seq, delivered, read, of } : before.counts }
}

/** Who comes has read what was before (rule 5); who goes is waited for no more. */
export function withReader(before: Receipts, entry: Entry): Receipts {
  if (before === NO_RECEIPTS) return before
  const user = entry.subject?.id ?? entry.from
  const cursors = new Map(before.cursors)
  if (entry.kind === 'joined' || entry.kind === 'added') {
    cursors.set(user, { user, delivered: entry.seq, read: entry.seq })
  } else if (!cursors.delete(user)) return before
  return { ...before, cursors }
}

/** Whether every other member is in `cursors`. */
export function isComplete(conversation: Told): boolean {
  const others = othersIn(conversation)
  return others > 0 && conversation.receipts.cursors.size >= others
}

function othersIn({ kind, head }: Told): number {
  return kind === 'direct' ? 1 : (head?.members ?? 0) - 1
}

/** What of a conversation says how many there are, and how far they have got. */
type Told = Readonly<{ kind: 'direct' | 'group'; head: Head | undefined; receipts: Receipts }>

/** How far all others of the conversation have got together. */
export function reachedBy(conversation: Told): Reached {
  const { cursors, counts } = conversation.receipts
  if (!isComplete(conversation)) return reachedByCount(counts, conversation.head)
  const all = [...cursors.values()]
  const read = Math.min(...all.map((receipt) => receipt.read))
  // Who has read it has got it, though the other cursor may be told later.
  const delivered = Math.min(...all.map((receipt) => Math.max(receipt.delivered, receipt.read)))
  return { delivered, read }
}

function reachedByCount(counts: Counts | undefined, head: Head | undefined): Reached {
  const small = (head?.members ?? 0) <= RECEIPT_MEMBERS_MAX
  if (counts === undefined || small) return { delivered: 0, read: 0 }
  const { seq, delivered, read, of } = counts
  return { delivered: delivered >= of ? seq : 0, read: read >= of ? seq : 0 }
}
