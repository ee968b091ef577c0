import type { MemberContext, MemberRow } from '../handler.ts'
import type { Settings } from '../store/store.ts'

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
  run: (context, { hideReceipts }) => change(context, { hideReceipts }),
}

export const setStatus: MemberRow<'setStatus'> = {
  needs: 'member',
  cost: 1,
  run: (context, { status }) => change(context, { status }),
}

async function change(
  { store, publish, caller, user }: MemberContext,
  changes: Partial<Settings>,
): Promise<Readonly<{ type: 'settings' }> & Settings> {
  const settings = await store.changeSettings(user.id, changes)
  publish({ kind: 'settings', except: caller.id, user: user.id, settings })
  return { type: 'settings', ...settings }
}
