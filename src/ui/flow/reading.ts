import type { Entry } from '../../protocol/messages.ts'
import type { Viewport } from '../log/log-rows.ts'
import { indexOfSeq, isMessage } from '../state/log.ts'
import type { ClientState, Conversation } from '../state/model.ts'

/** Seqs from the first to the last. */
type Range = Readonly<{ first: number; last: number }>

/**
 * What a person had before their eyes: a text is read when it was in view while the terminal had the
 * focus, and everything before it was, or they said that they skip it.
 */
export class Reading {
  /** By conversation id: what was in view above the read cursor, apart from each other. */
  readonly #seen = new Map<string, readonly Range[]>()
  /** The end of this log is followed, and everything up to `last` went by there. */
  #followed: Readonly<{ id: string; last: number }> | undefined

  /** There is no connection: what comes then did not go by before anyone's eyes. */
  forget(): void {
    this.#seen.clear()
    this.#followed = undefined
  }

  /** How far the open conversation is read now; `view`: what of it is on the screen. */
  readTo(state: ClientState, open: Conversation, view: Viewport | undefined): number {
    const { head } = open
    if (head === undefined) return 0
    const id = head.conversation
    const isLooking = state.focused && state.overlay === undefined
    if (!isLooking || view === undefined) this.#followed = undefined
    else this.#see(id, open, view)
    const ranges = this.#seen.get(id) ?? []
    const read = covered(Math.max(head.read, open.skippedTo), ranges, open.entries, state.me?.id)
    const left = ranges.filter(({ last }) => last > read)
    this.#seen.set(id, left)
    return Math.min(read, head.last)
  }

  #see(id: string, { anchor, syncedTo }: Conversation, view: Viewport): void {
    const { top, lastSeen: last, wanted, atEnd } = view
    // Below a hole only.
    const first = Math.max(top?.seq ?? 0, ...wanted)
    const isFollowing = atEnd && anchor === undefined
    const wentBy = isFollowing && this.#followed?.id === id ? this.#followed.last + 1 : first
    this.#followed = isFollowing ? { id, last } : undefined
    // What was there before one came did not go by.
    const range = { first: Math.min(first, Math.max(wentBy, syncedTo + 1)), last }
    if (range.last >= range.first) this.#seen.set(id, merged(this.#seen.get(id) ?? [], range))
  }
}

function merged(ranges: readonly Range[], more: Range): readonly Range[] {
  const apart = ranges.filter(({ first, last }) => last + 1 < more.first || first > more.last + 1)
  const touching = ranges.filter((range) => !apart.includes(range))
  const first = Math.min(more.first, ...touching.map((range) => range.first))
  const last = Math.max(more.last, ...touching.map((range) => range.last))
  return [...apart, { first, last }]
}

/** How far everything that others said was seen. */
function covered(
  read: number,
  ranges: readonly Range[],
  entries: readonly Entry[],
  me: string | undefined,
): number {
  let to = passed(read, entries, me)
  for (;;) {
    const range = ranges.find(({ first, last }) => first <= to + 1 && last > to)
    if (range === undefined) return to
    to = passed(range.last, entries, me)
  }
}

/** Behind what need not be seen: joins, changes, what is one's own or deleted. */
function passed(read: number, entries: readonly Entry[], me: string | undefined): number {
  let to = read
  for (let at = indexOfSeq(entries, read + 1); at < entries.length; at += 1) {
    const entry = entries[at]
    const isSaid = entry !== undefined && isMessage(entry) && entry.from !== me
    if (entry?.seq !== to + 1 || isSaid) break
    to = entry.seq
  }
  return to
}
