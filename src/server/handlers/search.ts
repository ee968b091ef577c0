import { PAYLOAD_BYTES_MAX } from '../../protocol/limits.ts'
import type { MemberRow } from '../handler.ts'
import { SEARCH_HITS_MAX } from '../limits.ts'

/** Leaves room for the other fields of `hits`. */
const HITS_BYTES_MAX = PAYLOAD_BYTES_MAX - 512

export const search: MemberRow<'search'> = {
  needs: 'member',
  cost: 5,
  run: async ({ store, user }, { after, text, conversation }) => {
    const range = { after, limit: SEARCH_HITS_MAX, maxBytes: HITS_BYTES_MAX }
    const { items, next } = await store.search({ user: user.id, text, conversation, ...range })
    return { type: 'hits', hits: items, next }
  },
}
