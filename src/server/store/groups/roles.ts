import { ChatError } from '../../../protocol/errors.ts'
import type { Role } from '../../../protocol/messages.ts'
import { role } from '../../../protocol/records.ts'
import type { Conversation, Conversations, Membership } from '../log/conversations.ts'
import type { Person } from '../people/users.ts'

/** Owners stand above admins, admins above members, members above everybody else. */
export function outranks(one: Role, other: Role): boolean {
  return role.values[one] > role.values[other]
}

/** Admins and owners. */
export function manages(membership: Membership | undefined): boolean {
  return membership !== undefined && outranks(membership.role, 'member')
}

/** @throws ChatError notMember */
export function needMember(
  conversations: Conversations,
  group: Conversation,
  person: Person,
): Membership {
  const membership = conversations.membership(group, person.id)
  if (membership === undefined) throw new ChatError('notMember')
  return membership
}

/** What someone wants to do is for admins and owners. @throws ChatError notMember, notAllowed */
export function needManager(
  conversations: Conversations,
  group: Conversation,
  person: Person,
): Membership {
  const membership = needMember(conversations, group, person)
  if (manages(membership)) return membership
  throw new ChatError('notAllowed', `that is for admins and owners of #${group.name}`)
}

/** What someone wants to do is for owners. @throws ChatError notMember, notAllowed */
export function needOwner(
  conversations: Conversations,
  group: Conversation,
  person: Person,
): Membership {
  const membership = needMember(conversations, group, person)
  if (membership.role === 'owner') return membership
  throw new ChatError('notAllowed', `that is for owners of #${group.name}`)
}
