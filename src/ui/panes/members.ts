import type { Member } from '../../protocol/messages.ts'
import type { Look } from '../look.ts'
import { crowdOf, isCounted } from '../state/crowd.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { may } from '../state/rights.ts'
import { openConversation } from '../state/selectors.ts'
import { statusOf } from '../state/statuses.ts'
import { textWidth } from '../text/width.ts'
import { presenceSign, spread } from './lists.ts'

/** The right column of a wide screen: '● alice   ★ owner'. Exactly `height` rows of `width` cells. */
export function membersRows(
  state: ClientState,
  conversation: Conversation,
  width: number,
  height: number,
  look: Look,
): readonly string[] {
  const { theme, words } = look
  const members = sortedMembers(state, conversation.target)
  const room = Math.max(0, height - 2)
  const hidden = members.length - room
  const count = conversation.head?.members ?? members.length
  const crowd = isCounted(conversation) ? crowdOf(state, conversation) : undefined
  const heading = `${words.lists.members} ${crowd ? `${crowd.online}/` : ''}${count}`
  const rows = [
    theme.strong(spread(heading, hidden > 0 ? `↓${hidden}` : '', width)),
    ...members.slice(0, room).map((member) => memberRow(state, member, width, look)),
  ]
  while (rows.length < height - 1) rows.push(' '.repeat(width))
  return [...rows, theme.faint(spread(words.lists.membersKeys, '', width))].slice(0, height)
}

/** A member in the list beside the log. */
export function memberRow(
  state: ClientState,
  { user, role, classic }: Member,
  width: number,
  { words }: Look,
): string {
  const id = user?.id ?? ''
  const status = statusOf(state, id)
  const sign = presenceSign({ online: state.online.get(id) === true, status })
  const kind = classic ? words.members.classic : ''
  const about = [words.members.roles[role], kind, words.status.short[status]]
  const right = about.filter((part) => part !== '').join(' ')
  return spread(`${sign} ${user?.name ?? ''}`, right, width)
}

/** Who is online first, then by name. */
export function sortedMembers(state: ClientState, group: string): readonly Member[] {
  const members = state.members.get(group)
  if (members === undefined) return []
  const known = sorted.get(members)
  if (known?.online === state.online) return known.members
  const fresh = { online: state.online, members: sort(members, state.online) }
  sorted.set(members, fresh)
  return fresh.members
}

/** A memo of a pure function: to sort thousands with every key would be felt. */
const sorted = new WeakMap<
  readonly Member[],
  Readonly<{ online: ClientState['online']; members: readonly Member[] }>
>()
const collator = new Intl.Collator()

function sort(members: readonly Member[], online: ClientState['online']): readonly Member[] {
  const rank = ({ user }: Member) => Number(online.get(user?.id ?? '') ?? false)
  return members.toSorted(
    (one, other) =>
      rank(other) - rank(one) || collator.compare(one.user?.name ?? '', other.user?.name ?? ''),
  )
}

/** The keys among the members, those that one's role allows. */
export function membersKeys(state: ClientState, width: number, { words }: Look): string {
  const { keys, keysAdd, keysAdmin, keysOwner, keysOwnerShort } = words.members
  const open = openConversation(state)
  if (open === undefined) return keys
  if (may(state, open, 'setRole')) return textWidth(keysOwner) < width ? keysOwner : keysOwnerShort
  if (may(state, open, 'removeMember')) return keysAdmin
  return may(state, open, 'addMembers') ? keysAdd : keys
}
