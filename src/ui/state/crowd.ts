import { PRESENCE_MEMBERS_MAX } from '../../protocol/limits.ts'
import type { ClientState, Conversation } from './model.ts'

export type Crowd = Readonly<{ online: number; members: number }>

/** Of so many the server tells how many are online, not who. */
export function isCounted({ head }: Pick<Conversation, 'head'>): boolean {
  return (head?.members ?? 0) > PRESENCE_MEMBERS_MAX
}

/** How many of a group are online, and of how many; undefined: nobody has told. */
export function crowdOf(
  state: ClientState,
  conversation: Pick<Conversation, 'target' | 'head' | 'crowd'>,
): Crowd | undefined {
  const { target, head, crowd } = conversation
  if (isCounted(conversation)) {
    const isTold = crowd !== undefined && state.link.state === 'online'
    return isTold ? { online: crowd, members: head?.members ?? 0 } : undefined
  }
  const members = state.members.get(target)
  if (members === undefined) return undefined
  const online = members.filter(({ user }) => state.online.get(user?.id ?? '') === true).length
  return { online, members: members.length }
}
