import type { MemberRow } from '../handler.ts'

export const typing: MemberRow<'typing'> = {
  needs: 'member',
  cost: 0.5,
  run: async ({ store, typing: typists, user }, { conversation }) => {
    typists.say(user, conversation, await store.scene(user.id, conversation))
    return { type: 'done' }
  },
}
