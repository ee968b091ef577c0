import type { MemberRow } from '../handler.ts'

/** In messages: the cursors of all members are looked at. */
const COST = 5

export const getReceipts: MemberRow<'getReceipts'> = {
  needs: 'member',
  cost: COST,
  long: true,
  run: async ({ store, user }, { conversation, seq: asked }) => {
    const query = { user: user.id, conversation, seq: asked }
    const { seq, members, delivered, read, of } = await store.receipts(query)
    return { type: 'receipts', conversation, seq, members, delivered, read, of }
  },
}
