import type { MessageOf } from '../../protocol/messages.ts'
import type { MemberRow } from '../handler.ts'

export const changePreferences: MemberRow<'changePreferences'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, publish, caller, user }, message) => {
    const { conversation, pinned, muted, notify } = message
    const preferences = await store.changePreferences({
      user: user.id,
      conversation,
      pinned: turned(pinned),
      muted: turned(muted),
      notify: notify === 'unknown' ? undefined : notify,
      unread: unreadOf(message),
    })
    const now = { conversation, preferences }
    publish({ kind: 'preferences', except: caller.id, user: user.id, ...now })
    return { type: 'preferencesChanged', ...now }
  },
}

type Change = MessageOf<'changePreferences'>

/** Undefined: as it is. */
function turned(turn: Change['pinned']): boolean | undefined {
  return turn === 'unknown' ? undefined : turn === 'on'
}

function unreadOf({ unread, seen }: Change): number | undefined {
  if (unread > 0) return unread
  return seen ? 0 : undefined
}
