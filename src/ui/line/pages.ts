import type { Entry } from '../../protocol/messages.ts'
import { chatOf } from '../commands/requests.ts'
import { isShown } from '../log/rows.ts'
import type { Conversation } from '../state/model.ts'
import type { LineContext } from './context.ts'

/** Entries of one page: far below a frame's limit. */
const PAGE_ENTRIES = 100
/** A log can be all joins: nobody waits for more than that. */
const PAGES_MAX = 20

/**
 * The newest entries of a conversation that are said, `count` at most, before a seq (0: the end) and
 * above another one; the oldest first.
 */
export async function shownEntries(
  context: LineContext,
  { head }: Conversation,
  { count, before = 0, above = 0 }: Readonly<{ count: number; before?: number; above?: number }>,
): Promise<Readonly<{ entries: readonly Entry[]; isAll: boolean }>> {
  if (head === undefined || head.last === 0) return { entries: [], isAll: true }
  const { conversation } = head
  const found: Entry[] = []
  let end = before
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const asked = { conversation, before: end, limit: PAGE_ENTRIES }
    const page = await chatOf(context).request({ type: 'getPage', ...asked })
    const shown = page.entries.filter((entry) => isShown(entry) && entry.seq > above)
    found.unshift(...shown)
    const oldest = page.entries[0]?.seq ?? 0
    const isAll = oldest <= Math.max(page.first, above + 1)
    if (isAll || found.length >= count) {
      return { entries: found.slice(-count), isAll: isAll && found.length <= count }
    }
    end = oldest
  }
  return { entries: found.slice(-count), isAll: false }
}

/** A message of the conversation in its present form. @throws when there is none */
export async function messageAt(
  context: LineContext,
  { head }: Conversation,
  seq: number,
): Promise<Entry> {
  const none = new Error(context.line.message(`${seq}`))
  if (head === undefined || seq < 1 || seq > head.last) throw none
  const asked = { conversation: head.conversation, around: seq, limit: 1 }
  const page = await chatOf(context).request({ type: 'getPage', ...asked })
  const entry = page.entries.find((it) => it.seq === seq)
  if (entry?.kind !== 'text') throw none
  return entry
}
