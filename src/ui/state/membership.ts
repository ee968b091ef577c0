import type { Entry, Group, Member } from '../../protocol/messages.ts'
import type { ClientState } from './model.ts'
import { withValue } from './table.ts'

const MEMBERSHIP: ReadonlySet<Entry['kind']> = new Set([
  'joined',
  'quit',
  'added',
  'removed',
  'banned',
])
const GOES: ReadonlySet<Entry['kind']> = new Set(['quit', 'removed', 'banned'])

/** Whether the entry says that a group's members have changed. */
export function isMembership({ kind }: Entry): boolean {
  return MEMBERSHIP.has(kind)
}

/** How many a public group has: the count of one that one is in follows its log. */
export function membersOf({ conversations }: ClientState, { id, members }: Group): number {
  return conversations.get(id)?.head?.members ?? members
}

/** How many members the entry brings: 1, −1 or 0. */
export function membersGained(entry: Entry): number {
  if (!isMembership(entry)) return 0
  return GOES.has(entry.kind) ? -1 : 1
}

/**
 * The list after an entry that came next, so that a join costs no request; where the entry does
 * not say enough, the group is marked to be asked for again, and what is known is shown meanwhile.
 */
export function withMembership(state: ClientState, group: string, entry: Entry): ClientState {
  const known = state.members.get(group)
  // Nobody has looked yet: whoever does will ask.
  if (known === undefined) return state
  const changed = changes[entry.kind]?.(state, known, entry)
  if (changed === undefined) {
    const memberChanges = new Map(state.memberChanges).set(group, entry.seq)
    return { ...state, memberChanges }
  }
  const members = new Map(state.members).set(group, changed)
  if (entry.kind !== 'joined') return { ...state, members }
  return { ...state, members, online: withValue(state.online, entry.from, true) }
}

type Change = (
  state: ClientState,
  known: readonly Member[],
  entry: Entry,
) => readonly Member[] | undefined

const changes: Partial<Record<Entry['kind'], Change>> = {
  // Who joins is connected.
  joined: (_, known, { from, name }) => joinedBy(known, { id: from, name }, true),
  quit: (_, known, { from }) => {
    const role = known.find(({ user }) => user?.id === from)?.role
    // Who follows an owner is the server's to say.
    if (role !== undefined && role !== 'member') return undefined
    return known.filter(({ user }) => user?.id !== from)
  },
  removed: (_, known, { subject }) => known.filter(({ user }) => user?.id !== subject?.id),
  // Who is banned need not have been a member: then the count is the server's to say.
  banned: (_, known, { subject }) =>
    known.some(({ user }) => user?.id === subject?.id)
      ? known.filter(({ user }) => user?.id !== subject?.id)
      : undefined,
  added: ({ online }, known, { subject }) => {
    const connected = online.get(subject?.id ?? '')
    return subject === undefined || connected === undefined
      ? undefined
      : joinedBy(known, subject, connected)
  },
}

function joinedBy(
  known: readonly Member[],
  user: NonNullable<Member['user']>,
  online: boolean,
): readonly Member[] {
  return known.some((member) => member.user?.id === user.id)
    ? known
    : [...known, { user, role: 'member', online, status: 'available', classic: false }]
}
