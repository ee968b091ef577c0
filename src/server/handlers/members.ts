import * as records from '../../protocol/records.ts'
import type { MemberRow } from '../handler.ts'
import { itemsThatFit } from '../lists.ts'

const BANS_MAX = itemsThatFit(records.user)

export const addMembers: MemberRow<'addMembers'> = {
  needs: 'member',
  cost: 10,
  long: true,
  run: async ({ store, user, now }, { group, users }) => {
    const added = await store.addMembers({ by: user.id, group, users, time: now() })
    return { type: 'groupChanged', group: added }
  },
}

export const removeMember: MemberRow<'removeMember'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user: by, now }, { group, user, ban }) => {
    const left = await store.removeMember({ by: by.id, group, user, ban, time: now() })
    return { type: 'groupChanged', group: left }
  },
}

export const unban: MemberRow<'unban'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user: by }, { group, user }) => {
    return { type: 'groupChanged', group: await store.unban(by.id, group, user) }
  },
}

export const listBans: MemberRow<'listBans'> = {
  needs: 'member',
  cost: 1,
  long: true,
  run: async ({ store, user }, { group, after }) => {
    const { items, next } = await store.bans({ user: user.id, group, after, limit: BANS_MAX })
    return { type: 'bans', users: items, next }
  },
}

export const setRole: MemberRow<'setRole'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user: by, now }, { group, user, role }) => {
    const changed = await store.setRole({ by: by.id, group, user, role, time: now() })
    return { type: 'groupChanged', group: changed }
  },
}
