import type { MemberRow } from '../handler.ts'

export const getSettings: MemberRow<'getSettings'> = {
  needs: 'member',
  cost: 0.1,
  run: async ({ store, user }) => {
    const settings = await store.settings(user.id)
    return { type: 'settings', ...settings }
  },
}

export const changeSettings: MemberRow<'changeSettings'> = {
  needs: 'member',
  cost: 1,
  run: async ({ store, publish, caller, user }, { hideReceipts }) => {
    const settings = { hideReceipts }
    await store.changeSettings(user.id, settings)
    publish({ kind: 'settings', except: caller.id, user: user.id, settings })
    return { type: 'settings', ...settings }
  },
}
