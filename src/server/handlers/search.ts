import { PAYLOAD_BYTES_MAX, SEARCH_WORDS_MAX } from '../../protocol/limits.ts'
import type { MemberRow } from '../handler.ts'
import { SEARCH_HITS_MAX } from '../limits.ts'

/** Leaves room for the other fields of `hits`. */
const HITS_BYTES_MAX = PAYLOAD_BYTES_MAX - 512

/** About so many: what a word is, the store says. */
function wordsIn(text: string): number {
  return Math.min(SEARCH_WORDS_MAX, text.match(/[\p{L}\p{M}\p{N}]+/gu)?.length ?? 1)
}

export const search: MemberRow<'search'> = {
  needs: 'member',
  cost: ({ text }) => 4 + wordsIn(text),
  long: true,
  run: async ({ store, user }, { after, text, conversation }) => {
    const range = { after, limit: SEARCH_HITS_MAX, maxBytes: HITS_BYTES_MAX }
    const { items, next } = await store.search({ user: user.id, text, conversation, ...range })
    return { type: 'hits', hits: items, next }
  },
}
