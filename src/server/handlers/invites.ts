import { INVITE_DAYS_DEFAULT } from '../../protocol/limits.ts'
import * as records from '../../protocol/records.ts'
import { DAY_MS } from '../day.ts'
import type { MemberRow } from '../handler.ts'
import { newInviteCode } from '../invite-code.ts'
import { itemsThatFit } from '../lists.ts'

const INVITES_LISTED_MAX = itemsThatFit(records.invite)

export const createInvite: MemberRow<'createInvite'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user, now }, { group, uses, days }) => {
    const time = now()
    const expires = time + (days || INVITE_DAYS_DEFAULT) * DAY_MS
    const code = newInviteCode()
    const draft = { by: user.id, code, group, uses: uses || 1, time, expires }
    return { type: 'invites', invites: [await store.createInvite(draft)] }
  },
}

export const listInvites: MemberRow<'listInvites'> = {
  needs: 'member',
  cost: 1,
  long: true,
  run: async ({ store, user, now }, { group, after }) => {
    const query = { user: user.id, group, after, limit: INVITES_LISTED_MAX, time: now() }
    const { items, next } = await store.listInvites(query)
    return { type: 'invites', invites: items, next }
  },
}

export const revokeInvite: MemberRow<'revokeInvite'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user }, { code }) => {
    await store.revokeInvite(user.id, code)
    return { type: 'done' }
  },
}
