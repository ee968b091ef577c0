import type { Head, Role } from '../../protocol/messages.ts'
import type { ClientState, Conversation } from './model.ts'

/** What one may do in a group, as the server's rules say; the server decides. */
export type GroupRight =
  | 'topic'
  | 'renameGroup'
  | 'addMembers'
  | 'invite'
  | 'invites'
  | 'bans'
  | 'removeMember'
  | 'ban'
  | 'unban'
  | 'setRole'
  | 'makePublic'
  | 'makePrivate'
  | 'deleteGroup'

type Rule = (head: Head, state: ClientState) => boolean

const manages: Rule = ({ role }) => rank(role) >= rank('admin')
const owns: Rule = ({ role }) => role === 'owner'
/** In a public group members let others in, too. */
const letsIn: Rule = (head, state) => head.access === 'public' || manages(head, state)

const rules: Readonly<Record<GroupRight, Rule>> = {
  topic: (head, state) => manages(head, state) || nobodyManages(head, state),
  renameGroup: manages,
  addMembers: letsIn,
  invite: letsIn,
  invites: letsIn,
  bans: manages,
  removeMember: manages,
  ban: manages,
  unban: manages,
  setRole: owns,
  makePublic: (head, state) => owns(head, state) && head.access !== 'public',
  makePrivate: (head, state) => owns(head, state) && head.access !== 'invite',
  deleteGroup: owns,
}

/** Whether one may; what is no right of a group, everybody may. */
export function may(state: ClientState, { head }: Conversation, deed: string): boolean {
  const rule = rules[deed as GroupRight] as Rule | undefined
  return rule === undefined || (head !== undefined && rule(head, state))
}

/** The role that a deed takes and one has not; undefined: one may, as far as is known here. */
export function needs(
  state: ClientState,
  { head }: Conversation,
  deed: GroupRight,
): 'admin' | 'owner' | undefined {
  if (head === undefined || head.role === 'none') return undefined
  if (OWNERS.has(deed)) return owns(head, state) ? undefined : 'owner'
  return rules[deed](head, state) ? undefined : 'admin'
}

const OWNERS: ReadonlySet<GroupRight> = new Set([
  'setRole',
  'makePublic',
  'makePrivate',
  'deleteGroup',
] as const)

/** In the lobby and in emptied groups members set the topic; while nobody has looked, one may try. */
function nobodyManages({ conversation }: Head, state: ClientState): boolean {
  const members = state.members.get(conversation)
  return members?.every(({ role }) => rank(role) < rank('admin')) ?? true
}

/**
 * Who owns the group when its last owner leaves: the admin who is there longest, else such a member;
 * 'nobody' when there is none. undefined: one is not the last owner, or the members are not known.
 */
export function heir(state: ClientState, group: string): string | 'nobody' | undefined {
  const members = state.members.get(group)
  const me = state.me?.id
  if (members === undefined || me === undefined) return undefined
  const own = members.find(({ user }) => user?.id === me)
  const others = members.filter(({ user }) => user?.id !== me)
  if (own?.role !== 'owner' || others.some(({ role }) => role === 'owner')) return undefined
  const next = others.find(({ role }) => role === 'admin') ?? others[0]
  return next?.user?.name ?? 'nobody'
}

function rank(role: Role): number {
  return ['none', 'member', 'admin', 'owner'].indexOf(role)
}
