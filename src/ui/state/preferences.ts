import type { Head, Preferences } from '../../protocol/messages.ts'
import { change } from './conversations.ts'
import type { StateEvent } from './events.ts'
import type { ClientState, Conversation } from './model.ts'

/** What one wants of a conversation for oneself, and what of it asks for attention. */

const NONE: Preferences = { pinned: false, muted: false, notify: 'default', unread: 0, unreadN: 0 }

export function preferencesOf(conversation: Pick<Conversation, 'head'> | undefined): Preferences {
  return conversation?.head?.preferences ?? NONE
}

type Counted = Pick<Conversation, 'head' | 'wentByN'>

/**
 * Unread text messages, by the server's own numbers (rule 6), but for those that go by before one's
 * eyes; also those that are to be read again.
 */
export function unread(conversation: Counted | undefined): number {
  const head = conversation?.head
  if (head === undefined) return 0
  // What is marked is shown as such, also where no text follows.
  if (preferencesOf(conversation).unread > 0) return Math.max(1, head.n - seenN(head))
  return Math.max(0, head.n - Math.max(head.readN, conversation?.wentByN ?? 0))
}

/** Unread messages that name me; never more than there are unread ones. */
export function mentions(conversation: Counted | undefined): number {
  return Math.min(conversation?.head?.mentions ?? 0, unread(conversation))
}

/** Unread messages that ask for attention: of a muted conversation those alone that name me. */
export function calling(conversation: Counted | undefined): number {
  return preferencesOf(conversation).muted ? mentions(conversation) : unread(conversation)
}

/** Marked unread while it is open, what comes after the mark is shown as new at once. */
export function takePreferences(
  state: ClientState,
  event: Extract<StateEvent, { type: 'preferences' }>,
): ClientState {
  const target = state.targets.get(event.conversation)
  if (target === undefined) return state
  return change(state, target, (conversation) => {
    const before = preferencesOf(conversation)
    const head = conversation.head && { ...conversation.head, preferences: event.preferences }
    const marked = event.preferences.unread > 0 && event.preferences.unread !== before.unread
    const newFrom = marked && head !== undefined ? unreadAfter(head) : conversation.newFrom
    return { ...conversation, head, newFrom }
  })
}

/** After which seq, and after how many texts, something is unread; undefined: nothing is. */
export function unreadAfter(head: Head): Readonly<{ seq: number; n: number }> | undefined {
  const { unread: from, unreadN } = preferencesOf({ head })
  if (from > 0 && unreadN < head.readN) return { seq: from - 1, n: unreadN }
  return head.n > head.readN ? { seq: head.read, n: head.readN } : undefined
}

/** Text messages up to where something is unread. */
function seenN(head: Head): number {
  const { unread: from, unreadN } = preferencesOf({ head })
  return from > 0 ? Math.min(head.readN, unreadN) : head.readN
}
