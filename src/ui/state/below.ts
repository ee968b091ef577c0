import { entryAt } from './changes.ts'
import { indexOfSeq } from './log.ts'
import { isNamed } from './mentions.ts'
import type { Anchor, Conversation } from './model.ts'
import { mentions, unread } from './preferences.ts'

/** What came was never in view. */
const NOTHING_SEEN = { seq: 0, n: 0 }

/**
 * The conversation with its view anchored, or at its end again. `kept`: nobody left the end, the view
 * stays with what is selected while more comes.
 */
export function withAnchor(
  conversation: Conversation,
  anchor: Anchor | undefined,
  kept = false,
): Conversation {
  const { head, leftAt } = conversation
  const end = head === undefined || kept ? NOTHING_SEEN : { seq: head.last, n: head.n }
  return { ...conversation, anchor, leftAt: anchor === undefined ? undefined : (leftAt ?? end) }
}

/** What is unread below the view and came since the end of the log was in it; `lastSeen`: see Viewport. */
export function newBelow(
  conversation: Conversation,
  lastSeen: number,
  me: string | undefined,
): Readonly<{ count: number; mentions: number }> {
  const { head, entries, leftAt } = conversation
  if (head === undefined) return { count: 0, mentions: 0 }
  const n = Math.max(leftAt?.n ?? 0, entryAt(entries, lastSeen)?.n ?? 0)
  const count = Math.min(unread(conversation), Math.max(0, head.n - n))
  const after = indexOfSeq(entries, Math.max(leftAt?.seq ?? 0, lastSeen) + 1)
  const named = entries.slice(after).filter((entry) => entry.from !== me && isNamed(entry, me))
  return { count, mentions: Math.min(count, named.length, mentions(conversation)) }
}
