import type { Entry, Head, Member } from '../../protocol/messages.ts'
import type { ClientState, Conversation } from './model.ts'
import { withValue } from './table.ts'

/**
 * What an entry that came next makes of the group itself: its name, topic, access, and roles. It is
 * known from the log, so that a change costs no request.
 */
export function withGroupChange(state: ClientState, target: string, entry: Entry): ClientState {
  const conversation = state.conversations.get(target)
  if (conversation?.head === undefined) return state
  if (entry.kind === 'role') return withRole(state, conversation, conversation.head, entry)
  if (isOwnEnd(entry, state.me?.id)) {
    const { kind, name: by } = entry
    return { ...state, putOut: { group: conversation.name, kind, by } }
  }
  const changes = headChanges[entry.kind]?.(entry)
  if (changes === undefined) return state
  const head = { ...conversation.head, ...changes }
  return changed(state, { ...conversation, name: head.name, head })
}

const headChanges: Partial<Record<Entry['kind'], (entry: Entry) => Partial<Head>>> = {
  renamed: ({ text }) => ({ name: text }),
  topic: ({ text }) => ({ topic: text }),
  access: ({ text }) => ({ access: text === 'invite' ? 'invite' : 'public' }),
}

/** Somebody else ended one's membership, or the group. */
function isOwnEnd({ kind, from, subject }: Entry, me: string | undefined): boolean {
  if (kind === 'ended') return from !== me
  return (kind === 'removed' || kind === 'banned') && subject?.id === me
}

function withRole(
  state: ClientState,
  conversation: Conversation,
  head: Head,
  { subject, role }: Entry,
): ClientState {
  const mine = subject?.id === state.me?.id
  const next = mine ? changed(state, { ...conversation, head: { ...head, role } }) : state
  const known = state.members.get(conversation.target)
  if (known === undefined) return next
  const given = (member: Member) => (member.user?.id === subject?.id ? { ...member, role } : member)
  return { ...next, members: new Map(state.members).set(conversation.target, known.map(given)) }
}

function changed(state: ClientState, conversation: Conversation): ClientState {
  const conversations = withValue(state.conversations, conversation.target, conversation)
  return { ...state, conversations }
}
