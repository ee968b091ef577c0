import type { MemberRow } from '../handler.ts'

export const getReceipts: MemberRow<'getReceipts'> = {
  needs: 'member',
  cost: 0.1,
  run: async ({ store, user }, { conversation, seq: asked }) => {
    const query = { user: user.id, conversation, seq: asked }
    const { seq, members, delivered, read, of } = await store.receipts(query)
    return { type: 'receipts', conversation, seq, members, delivered, read, of }
  },
}
