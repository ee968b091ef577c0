import { SESSIONS_MAX } from '../../protocol/limits.ts'
import * as records from '../../protocol/records.ts'
import type { MemberContext, MemberRow } from '../handler.ts'
import { itemsThatFit } from '../lists.ts'
import type { StoredSession } from '../store/store.ts'

/** All that an account can have fit into one answer: the list is never continued. */
const SESSIONS_LISTED_MAX = Math.min(SESSIONS_MAX, itemsThatFit(records.session))

export const listSessions: MemberRow<'listSessions'> = {
  needs: 'member',
  cost: 1,
  long: true,
  run: async (context) => {
    const stored = await context.store.sessions(context.user.id, context.now())
    const online = await context.devices.of(context.user.id)
    const sessions = stored.slice(0, SESSIONS_LISTED_MAX).map((session) => ({
      ...shown(session),
      current: context.caller.tokenHash.equals(session.tokenHash),
      online: online.has(session.id),
    }))
    return { type: 'sessions', sessions }
  },
}

/** One that has ended already is no error: it is as the caller wants it. */
export const endSession: MemberRow<'endSession'> = {
  needs: 'member',
  cost: 1,
  alone: true,
  run: async (context, { session }) => {
    const { store, user, caller } = context
    const ended =
      session === ''
        ? await store.endOtherSessions(user.id, caller.tokenHash)
        : await store.endSession(user.id, session)
    const own = ended.some((tokenHash) => caller.tokenHash.equals(tokenHash))
    if (own) caller.leaveAfterAnswer('revoked')
    revoke(context, user.id, ended)
    return { type: 'done' }
  },
}

/** Tells all nodes that no connection belongs to these sessions any more. */
export function revoke(
  { publish }: Pick<MemberContext, 'publish'>,
  userId: string,
  ended: readonly Uint8Array[],
): void {
  for (const tokenHash of ended) publish({ kind: 'revoked', user: userId, tokenHash })
}

function shown({ id, device, created, used }: StoredSession) {
  return { id, device, created, used }
}
