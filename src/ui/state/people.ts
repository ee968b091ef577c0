import type { Presence } from '../../protocol/messages.ts'
import { change } from './conversations.ts'
import type { StateEvent, UiEvent } from './events.ts'
import { isMembership } from './membership.ts'
import type { ClientState } from './model.ts'
import { withStatuses } from './statuses.ts'

/** What is told of one's contacts, and of whom one blocks. */
export function takeContacts(
  state: ClientState,
  event: Extract<StateEvent, { type: 'contacts' }>,
): ClientState {
  const contacts = new Map(event.complete ? [] : state.contacts)
  const online = new Map(state.online)
  const statuses: Presence[] = []
  for (const contact of event.contacts) {
    const { user } = contact
    if (user === undefined) continue
    // Who is blocked is listed as such, so that one can see it and undo it.
    if (contact.removed && !contact.blocked) contacts.delete(user.id)
    else contacts.set(user.id, contact)
    // Of who is on no list this says nothing.
    if (contact.removed) continue
    online.set(user.id, contact.online)
    statuses.push({ user: user.id, online: contact.online, status: contact.status })
  }
  return { ...state, contacts, online, statuses: withStatuses(state.statuses, statuses) }
}

/** The members of a group, as they were asked for. */
export function takeMembers(
  state: ClientState,
  { group, members, asOf }: Extract<UiEvent, { type: 'members' }>,
): ClientState {
  const online = new Map(state.online)
  const told = members.flatMap(({ user, online, status }) => {
    return user === undefined ? [] : [{ user: user.id, online, status }]
  })
  for (const { user, online: connected } of told) online.set(user, connected)
  const statuses = withStatuses(state.statuses, told)
  const next = change(state, group, (conversation) => {
    const { head } = conversation
    if (head === undefined) return conversation
    return { ...conversation, head: { ...head, members: members.length } }
  })
  const memberChanges = new Map(state.memberChanges)
  const later = state.conversations.get(group)?.entries.findLast(isMembership)?.seq ?? 0
  // What changed while the answer was on its way may not be in it.
  if (later > asOf) memberChanges.set(group, later)
  else memberChanges.delete(group)
  const known = new Map(state.members).set(group, members)
  return { ...next, online, statuses, members: known, memberChanges }
}

/** Who is online of the conversation that is open. */
export function takeWatched(
  state: ClientState,
  { target, online }: Extract<UiEvent, { type: 'watched' }>,
): ClientState {
  const group = state.conversations.get(target)?.kind === 'group'
  const watched = group ? (state.members.get(target) ?? []).map(({ user }) => user?.id) : [target]
  const now = new Map(state.online)
  for (const id of watched) if (id !== undefined) now.set(id, false)
  for (const id of online) now.set(id, true)
  return { ...state, online: now }
}
