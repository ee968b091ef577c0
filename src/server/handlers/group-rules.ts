import type { MemberRow } from '../handler.ts'

export const renameGroup: MemberRow<'renameGroup'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user, now }, { group, name }) => {
    const renamed = await store.renameGroup({ by: user.id, group, name, time: now() })
    return { type: 'groupChanged', group: renamed }
  },
}

export const setTopic: MemberRow<'setTopic'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user, now }, { group, topic }) => {
    const changed = await store.setTopic({ by: user.id, group, topic, time: now() })
    return { type: 'groupChanged', group: changed }
  },
}

export const setAccess: MemberRow<'setAccess'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, user, now }, { group, access, history }) => {
    const changed = await store.setAccess({ by: user.id, group, access, history, time: now() })
    return { type: 'groupChanged', group: changed }
  },
}

export const deleteGroup: MemberRow<'deleteGroup'> = {
  needs: 'member',
  cost: 10,
  long: true,
  run: async ({ store, user, now }, { group }) => {
    await store.deleteGroup(user.id, group, now())
    return { type: 'done' }
  },
}
