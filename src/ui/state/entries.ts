import type { Entry } from '../../protocol/messages.ts'
import { type LoadedLog, withEntries } from './changes.ts'
import type { UiEvent } from './events.ts'
import { withGroupChange } from './group-changes.ts'
import { trimClosed, trimEntries } from './log.ts'
import { isMembership, membersGained, withMembership } from './membership.ts'
import { mentionsGained, mentionsLeft } from './mentions.ts'
import type { ClientState, Conversation } from './model.ts'
import { withReader } from './receipts.ts'
import { withValue } from './table.ts'
import { afterEntry } from './typing.ts'

/** The next entry of the conversation with the server's `id`. */
export function takeEntry(state: ClientState, id: string, entry: Entry): ClientState {
  const target = state.targets.get(id)
  const conversation = target === undefined ? undefined : state.conversations.get(target)
  if (target === undefined || conversation === undefined) return state
  const next = withEntry(conversation, entry, state.me?.id, eyesOn(state, conversation))
  const conversations = withValue(state.conversations, target, next)
  const taken = { ...state, conversations, typing: afterEntry(state.typing, target, entry) }
  // What the list says already, as the head does, is not counted twice.
  if (entry.seq <= (conversation.head?.last ?? 0)) return taken
  const changed = withGroupChange(taken, target, entry)
  return isMembership(entry) ? withMembership(changed, target, entry) : changed
}

/** `away`: it is open, and nobody sees its end; `aside`: a window is before it. */
type Eyes = 'watching' | 'aside' | 'away' | 'closed'

function eyesOn({ open, focused, overlay }: ClientState, { target, anchor }: Conversation): Eyes {
  if (open !== target) return 'closed'
  if (!focused || anchor !== undefined) return 'away'
  return overlay === undefined ? 'watching' : 'aside'
}

/** Entries that were asked for, of a stretch that was missing. */
export function takePage(
  conversation: Conversation,
  { before, entries, first }: Extract<UiEvent, { type: 'pageCame' }>,
  me: string | undefined,
): Conversation {
  const { head } = conversation
  const loaded = withEntries(conversation, entries, me ?? '')
  // A page that brings nothing must not be asked for again and again.
  const useless =
    loaded.entries.length === conversation.entries.length && first <= (head?.from ?? 0)
  const anchor = anchorKept(conversation, loaded.entries)
  // What was asked for is going to be looked at, though the view may not be there yet.
  const middle = entries[entries.length >>> 1]
  const places = [anchor, middle].flatMap((place) => (place === undefined ? [] : [place.seq]))
  return {
    ...conversation,
    ...withOnly(loaded, trimEntries(loaded.entries, places)),
    anchor,
    loading: conversation.loading.filter((other) => other !== before),
    head: head === undefined ? head : { ...head, from: Math.max(head.from, first) },
    pageFailed: conversation.pageFailed || (useless && before >= 0),
  }
}

/**
 * The view's place when older entries have come: at the top of what was loaded it stays with the first
 * entry of before. Else it would be at the top again, the next page wanted, and so on to the first.
 */
function anchorKept(
  { anchor, entries: [before] }: Conversation,
  [first]: readonly Entry[],
): Conversation['anchor'] {
  const isAbove = before !== undefined && first !== undefined && first.seq < before.seq
  return anchor?.seq === 0 && isAbove ? { seq: before.seq, line: -ROWS_ABOVE_MAX } : anchor
}

/** No entry has so many rows above its own. */
const ROWS_ABOVE_MAX = 10

/** The log with those entries of it. What changed a text may be left out: then it stands as it is now. */
function withOnly({ entries, bases }: LoadedLog, kept: readonly Entry[]): LoadedLog {
  return { entries: kept, bases: kept.length < entries.length ? new Map() : bases }
}

/** What the cache had; it may have more than this client was told yet, and that comes by itself. */
export function takeRecalled(
  conversation: Conversation,
  entries: readonly Entry[],
  me: string | undefined,
): Conversation {
  const { head } = conversation
  if (head === undefined) return conversation
  const first = Math.max(head.first, head.from)
  const ours = entries.filter(({ seq }) => seq >= first && seq <= head.last)
  return { ...conversation, ...withEntries(conversation, ours, me ?? '') }
}

/** One's own cursors are there now: another device may have moved them. */
export function markRead(
  conversation: Conversation,
  { delivered, read, readN }: Readonly<{ delivered: number; read: number; readN: number }>,
  me: string | undefined,
): Conversation {
  const { head, entries } = conversation
  if (head === undefined) return conversation
  const forward = read >= head.read
  return {
    ...conversation,
    head: {
      ...head,
      delivered: Math.max(head.delivered, delivered),
      read: forward ? read : head.read,
      readN: forward ? readN : head.readN,
      mentions: forward ? mentionsLeft(entries, head, read, me) : head.mentions,
    },
  }
}

/** What could not be had, or was on its way, is asked for again. */
export function retryPages(state: ClientState): ReadonlyMap<string, Conversation> {
  const retried = ([target, conversation]: [string, Conversation]) =>
    [target, { ...conversation, loading: [], pageFailed: false }] as const
  return new Map([...state.conversations].map(retried))
}

function withEntry(
  conversation: Conversation,
  entry: Entry,
  me: string | undefined,
  eyes: Eyes,
): Conversation {
  const { head } = conversation
  const loaded = withEntries(conversation, [entry], me ?? '')
  const places = conversation.anchor === undefined ? [] : [conversation.anchor.seq]
  const kept = eyes === 'closed' ? trimClosed(loaded.entries) : trimEntries(loaded.entries, places)
  const { entries, bases } = withOnly(loaded, kept)
  const taken = { ...conversation, entries, bases }
  if (head === undefined || entry.seq <= head.last) return taken
  const { seq, time, n } = entry
  const members = Math.max(0, head.members + membersGained(entry))
  const receipts = isMembership(entry) ? withReader(taken.receipts, entry) : taken.receipts
  const mentions = head.mentions + mentionsGained(entry, conversation.entries, entries, head, me)
  const delivered = Math.max(head.delivered, seq)
  const moved = { ...head, last: seq, n, time, members, delivered, mentions: Math.max(0, mentions) }
  if (entry.from === me && entry.kind === 'text') {
    // Rule 6: sending moves one's own cursor.
    const own = { ...moved, read: seq, readN: n, mentions: 0 }
    return { ...taken, receipts, head: own, newFrom: undefined }
  }
  const here = eyes === 'away' && entry.kind === 'text' ? { seq: head.last, n: head.n } : undefined
  // When everything before was read, the line moves down to what was missed now.
  const allRead = head.n <= Math.max(head.readN, conversation.wentByN)
  const newFrom = allRead ? (here ?? conversation.newFrom) : (conversation.newFrom ?? here)
  const wentByN = eyes === 'watching' && allRead ? n : conversation.wentByN
  return { ...taken, receipts, head: moved, newFrom, wentByN }
}
