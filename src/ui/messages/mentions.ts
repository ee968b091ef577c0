import { PAGE_ENTRIES, serverOf, showEntry } from '../commands/requests.ts'
import { type Context, notify } from '../context.ts'
import { firstReadable, indexOfSeq } from '../state/log.ts'
import { isNamed } from '../state/mentions.ts'
import type { Conversation } from '../state/model.ts'
import { openConversation } from '../state/selectors.ts'

/** How many pages one press looks through for a mention. */
const MENTION_PAGES_MAX = 20

/** Selects the message above (−1) or below (1) that names one, and shows it; what is missing is fetched. */
export async function goToMention(context: Context, by: 1 | -1): Promise<void> {
  const { store, look } = context
  const { reading, notices } = look.words
  const start = openConversation(store.getSnapshot())
  if (start?.head === undefined) throw new Error(notices.nothingOpen)
  const { target } = start
  let from = startOf(context, start, by)
  for (let pages = 0; pages < MENTION_PAGES_MAX; pages++) {
    const step = nextMention(context, target, from, by)
    if (step.found) return showEntry(context, target, step.seq)
    if (step.seq === undefined) {
      return notify(context, 'info', by === -1 ? reading.noMention : reading.noMentionBelow)
    }
    await fetchBeside(context, start.head.conversation, target, step.seq, by)
    from = step.seq
  }
  notify(context, 'info', reading.noMentionLoaded(MENTION_PAGES_MAX * PAGE_ENTRIES))
}

/** From what is selected, or else from what is in view. */
function startOf({ store, frames }: Context, { selected }: Conversation, by: 1 | -1): number {
  const seen = frames.of(store.getSnapshot()).view?.messages ?? []
  if (selected !== undefined && seen.includes(selected)) return selected
  return by === -1 ? (seen.at(-1) ?? Number.MAX_SAFE_INTEGER - 1) + 1 : (seen[0] ?? 1) - 1
}

/** `seq` of one that is not found: the next ones beside it are not here; undefined: there are none. */
type Step =
  | Readonly<{ found: true; seq: number }>
  | Readonly<{ found: false; seq: number | undefined }>

function nextMention({ store }: Context, target: string, from: number, by: 1 | -1): Step {
  const { me, conversations } = store.getSnapshot()
  const { entries = [], head } = conversations.get(target) ?? {}
  let at = by === -1 ? indexOfSeq(entries, from) - 1 : indexOfSeq(entries, from + 1)
  let last = Math.min(from, (head?.last ?? 0) + 1)
  for (let entry = entries[at]; entry !== undefined; entry = entries[at]) {
    if (entry.seq !== last + by) break
    if (entry.from !== me?.id && isNamed(entry, me?.id)) return { found: true, seq: entry.seq }
    last = entry.seq
    at += by
  }
  const first = head === undefined ? 1 : firstReadable(head)
  const isMore = by === -1 ? last > first : last < (head?.last ?? 0)
  return { found: false, seq: isMore ? last : undefined }
}

/** The page above or below an entry. */
async function fetchBeside(
  context: Context,
  conversation: string,
  target: string,
  seq: number,
  by: 1 | -1,
): Promise<void> {
  const beside = by === -1 ? { before: seq } : { after: seq }
  const asked = { conversation, limit: PAGE_ENTRIES, ...beside }
  const page = await serverOf(context).request({ type: 'getPage', ...asked })
  const { entries, first } = page
  context.store.dispatch({ type: 'pageCame', target, before: -1, entries, first })
}
