import type { AnswerOf, DraftMessage, Entry, Head } from '../../protocol/messages.ts'

/** Gets a stretch of a log. @throws ChatError */
export type Pages = (draft: Omit<DraftMessage<'getPage'>, 'type'>) => Promise<AnswerOf<'getPage'>>

/** `after` and `before`: seqs between which, exclusively; 0: no bound. */
export type Range = Readonly<{ conversation: string; after: number; before: number }>

/** In the order of seq. Holds one page. */
export async function* pagesForward(pages: Pages, range: Range): AsyncGenerator<Entry> {
  const { conversation, before } = range
  let { after } = range
  for (;;) {
    // 0 would mean the newest page.
    const from = after === 0 ? { around: 1 } : { after }
    const page = await pages({ conversation, ...from })
    const entries = page.entries.filter(({ seq }) => seq > after)
    for (const entry of entries) {
      if (before !== 0 && entry.seq >= before) return
      yield entry
    }
    const last = entries.at(-1)?.seq
    if (last === undefined || last >= page.last) return
    after = last
  }
}

/** The newest first. Holds one page. */
export async function* pagesBack(pages: Pages, range: Range): AsyncGenerator<Entry> {
  const { conversation, after } = range
  let { before } = range
  for (;;) {
    const page = await pages({ conversation, before })
    for (const entry of page.entries.toReversed()) {
      if (entry.seq <= after) return
      yield entry
    }
    const oldest = page.entries[0]?.seq
    if (oldest === undefined || oldest <= page.first || oldest <= 1) return
    before = oldest
  }
}

/** Seq of the last entry that is older than `time` (milliseconds since 1970): by halving. */
export async function seqBefore(pages: Pages, head: Head, time: number): Promise<number> {
  const { conversation, last } = head
  let low = Math.max(head.first, head.from, 1)
  let high = last + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const { entries } = await pages({ conversation, around: middle, limit: 1 })
    const entry = entries[0]
    if (entry === undefined || entry.time < time) low = middle + 1
    else high = middle
  }
  return low - 1
}
