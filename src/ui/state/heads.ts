import type { Head } from '../../protocol/messages.ts'
import { emptyConversation } from './conversations.ts'
import type { ClientState, Conversation } from './model.ts'
import { keepOpen, openAwaited } from './opening.ts'

/** What the server tells of conversations; `complete`: there are no others. */
export function takeHeads(
  state: ClientState,
  heads: readonly Head[],
  complete: boolean,
): ClientState {
  const named = new Set(heads.map((head) => head.conversation))
  const conversations = new Map(state.conversations)
  const targets = new Map(state.targets)
  if (complete) {
    for (const [target, { head }] of state.conversations) {
      if (head === undefined || named.has(head.conversation)) continue
      conversations.delete(target)
      targets.delete(head.conversation)
    }
  }
  for (const head of heads) {
    const target = targetOf(head)
    conversations.set(target, withHead(conversations.get(target), target, head))
    targets.set(head.conversation, target)
  }
  return openAwaited(keepOpen({ ...state, conversations, targets }))
}

/** A conversation that one is in no more. */
export function leave(state: ClientState, id: string): ClientState {
  const target = state.targets.get(id)
  if (target === undefined) return state
  const conversations = new Map(state.conversations)
  const targets = new Map(state.targets)
  conversations.delete(target)
  targets.delete(id)
  // Who comes back finds others there.
  const members = new Map(state.members)
  const memberChanges = new Map(state.memberChanges)
  members.delete(target)
  memberChanges.delete(target)
  return keepOpen({ ...state, conversations, targets, members, memberChanges })
}

function targetOf(head: Head): string {
  return head.kind === 'direct' && head.peer !== undefined ? head.peer.id : head.conversation
}

function withHead(before: Conversation | undefined, target: string, head: Head): Conversation {
  const kind = head.kind === 'direct' ? 'direct' : 'group'
  const name = head.peer?.name ?? head.name
  if (before === undefined) return { ...emptyConversation(target, kind, name), head }
  return { ...before, kind, name, head }
}
