import type { ReceiptsEvent } from '../../net/events.ts'
import type { Entry, Receipt } from '../../protocol/messages.ts'

/** How far the others of a conversation have got, as far as it was told. */
export type Receipts = Readonly<{
  /** By user id. */
  cursors: ReadonlyMap<string, Receipt>
  /** All others are in `cursors`. */
  complete: boolean
  /** Of a group that is too large for `cursors`: how many have got the entry `seq`. */
  counts: Counts | undefined
}>

export type Counts = Pick<ReceiptsEvent, 'seq' | 'delivered' | 'read' | 'of'>

/** Up to which seq everything is with all others, and was read by all of them. */
export type Reached = Readonly<{ delivered: number; read: number }>

export const NO_RECEIPTS: Receipts = { cursors: new Map(), complete: false, counts: undefined }

/** Cursors only go forward, in whatever order they are told. */
export function withReceipts(before: Receipts, event: ReceiptsEvent): Receipts {
  const cursors = new Map(before.cursors)
  for (const receipt of event.members) {
    const known = cursors.get(receipt.user)
    cursors.set(receipt.user, {
      user: receipt.user,
      delivered: Math.max(known?.delivered ?? 0, receipt.delivered),
      read: Math.max(known?.read ?? 0, receipt.read),
    })
  }
  const { members, seq, delivered, read, of } = event
  const all = of > 0 && members.length === of
  const newer = of > 0 && seq >= (before.counts?.seq ?? 0)
  return {
    cursors,
    complete: before.complete || all,
    counts: newer ? { seq, delivered, read, of } : before.counts,
  }
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

export function reachedBy({ cursors, complete, counts }: Receipts): Reached {
  if (!complete || cursors.size === 0) return reachedByCount(counts)
  const all = [...cursors.values()]
  const read = Math.min(...all.map((receipt) => receipt.read))
  // Who has read it has got it, though the other cursor may be told later.
  const delivered = Math.min(...all.map((receipt) => Math.max(receipt.delivered, receipt.read)))
  return { delivered, read }
}

function reachedByCount(counts: Counts | undefined): Reached {
  if (counts === undefined) return { delivered: 0, read: 0 }
  const { seq, delivered, read, of } = counts
  return { delivered: delivered >= of ? seq : 0, read: read >= of ? seq : 0 }
}
