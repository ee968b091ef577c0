import * as records from '../../protocol/records.ts'
import type { MemberRow } from '../handler.ts'
import { itemsThatFit } from '../lists.ts'

const MEMBERS_MAX = itemsThatFit(records.member)

export const createGroup: MemberRow<'createGroup'> = {
  needs: 'member',
  cost: 10,
  long: true,
  run: async ({ store, publish, caller, user, now }, { nonce, name, members, access }) => {
    const draft = { by: user.id, nonce, name, members, access, time: now() }
    const made = await store.createGroup(draft)
    if (made.made) {
      const notice = { group: { ...made.group, joined: true }, by: user, members: made.members }
      publish({ kind: 'groupCreated', except: caller.id, ...notice })
    }
    return { type: 'groupCreated', group: made.group, by: user }
  },
}

export const listMembers: MemberRow<'listMembers'> = {
  needs: 'member',
  cost: 1,
  long: true,
  run: async ({ store, presence, subscriber, user }, { group, after }) => {
    const asked = store.members({ user: user.id, group, after, limit: MEMBERS_MAX })
    const [listed] = await Promise.all([asked, presence.known(subscriber)])
    await presence.learnStatuses(listed.items.map((member) => member.user.id))
    const members = listed.items.map((member) => ({
      ...member,
      online: presence.isOnlineFor(subscriber, member.user.id),
      status: presence.statusFor(subscriber, member.user.id),
    }))
    return { type: 'members', group: listed.group, members, next: listed.next }
  },
}

export const joinGroup: MemberRow<'joinGroup'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user, now }, { group, invite }) => {
    const joined = await store.join(user.id, group, now(), invite)
    return { type: 'groupJoined', ...joined }
  },
}

export const quitGroup: MemberRow<'quitGroup'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user, now }, { group }) => {
    const quit = await store.quit(user.id, group, now())
    return { type: 'groupQuit', ...quit }
  },
}
