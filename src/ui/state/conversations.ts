import type { ClientState, Conversation } from './model.ts'
import { NO_RECEIPTS } from './receipts.ts'
import { withValue } from './table.ts'

/** One of which nothing is known yet. */
export function emptyConversation(
  target: string,
  kind: Conversation['kind'],
  name: string,
): Conversation {
  return {
    target,
    kind,
    name,
    head: undefined,
    entries: [],
    bases: new Map(),
    receipts: NO_RECEIPTS,
    selected: undefined,
    composing: undefined,
    anchor: undefined,
    newFrom: undefined,
    syncedTo: 0,
    skippedTo: 0,
    wentByN: 0,
    away: undefined,
    loading: [],
    pageFailed: false,
    leftAt: undefined,
    unfolded: new Set(),
  }
}

/** The state with that conversation made anew; as it was where there is none. */
export function change(
  state: ClientState,
  target: string,
  make: (conversation: Conversation) => Conversation,
): ClientState {
  const conversation = state.conversations.get(target)
  if (conversation === undefined) return state
  return { ...state, conversations: withValue(state.conversations, target, make(conversation)) }
}

/** The same, by the server's id. */
export function changeById(
  state: ClientState,
  id: string,
  make: (conversation: Conversation) => Conversation,
): ClientState {
  const target = state.targets.get(id)
  return target === undefined ? state : change(state, target, make)
}
