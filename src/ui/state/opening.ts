import type { Head, User } from '../../protocol/messages.ts'
import { change, emptyConversation } from './conversations.ts'
import { type ClientState, type Conversation, NOTHING_OPEN } from './model.ts'
import { unreadAfter } from './preferences.ts'
import { withValue } from './table.ts'

/** Conversations opened before that are remembered. */
const RECENT_MAX = 50

/** That conversation is shown, and the keys go to its composer. */
export function open(state: ClientState, target: string): ClientState {
  const shown = { overlay: undefined, focus: 'compose', filter: undefined } as const
  if (state.open === target) return { ...state, ...shown }
  const next = change(state, target, (conversation) => ({
    ...conversation,
    anchor: undefined,
    leftAt: undefined,
    selected: undefined,
    pageFailed: false,
    newFrom: newFrom(conversation.head),
  }))
  const { drafts } = moveEarlyDraft(state, target)
  const recent = [target, ...state.recent.filter((other) => other !== target)].slice(0, RECENT_MAX)
  return { ...next, ...shown, drafts, recent, open: target, last: state.open }
}

/** Keys that are on their way go where they were meant to go: a window stays, and the focus. */
export function openUnasked(state: ClientState, target: string): ClientState {
  const { overlay, focus, filter } = state
  return { ...open(state, target), overlay, focus, filter }
}

/** What was to be opened as soon as it is there, if it is. */
export function openAwaited(state: ClientState): ClientState {
  const { awaited } = state
  if (awaited === undefined || !state.conversations.has(awaited)) return state
  // No message is chosen there that a key could be meant for: what is typed is written.
  const focus = state.focus === 'log' ? 'compose' : state.focus
  return { ...openUnasked(state, awaited), awaited: undefined, focus }
}

/** What is open must exist: else the last one, or none. */
export function keepOpen(state: ClientState): ClientState {
  if (state.open === undefined || state.conversations.has(state.open)) return state
  const { last } = state
  const other = last !== undefined && state.conversations.has(last) ? last : undefined
  return { ...state, open: other, last: undefined }
}

/** A direct conversation that nobody wrote in yet. */
export function begin(state: ClientState, user: User): ClientState {
  if (state.conversations.has(user.id)) return state
  const conversation = emptyConversation(user.id, 'direct', user.name)
  return { ...state, conversations: withValue(state.conversations, user.id, conversation) }
}

/** What was typed before anything was open belongs to what is opened first. */
function moveEarlyDraft(state: ClientState, target: string): Pick<ClientState, 'drafts'> {
  const early = state.drafts.get(NOTHING_OPEN)
  if (state.open !== undefined || early === undefined) return state
  const drafts = new Map(state.drafts)
  drafts.delete(NOTHING_OPEN)
  if ((drafts.get(target)?.clusters.length ?? 0) === 0) drafts.set(target, early)
  return { drafts }
}

/** What is unread is new from here on. */
export function newFrom(head: Head | undefined): Conversation['newFrom'] {
  return head === undefined ? undefined : unreadAfter(head)
}
