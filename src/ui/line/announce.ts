import { conversationTitle } from '../panes/title.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { calling, mentions, unread, unreadAfter } from '../state/preferences.ts'
import { openConversation } from '../state/selectors.ts'
import type { LineContext } from './context.ts'
import { entryLine } from './entry-line.ts'
import { shownEntries } from './pages.ts'
import type { ReadMarks } from './read-marks.ts'

/** Unread messages that are said when a conversation is opened. */
const UNREAD_SAID_MAX = 20

/** '3 unread in #ops, 1 mention.', a line for each conversation that calls; one that says there is none. */
export function sayUnread(context: LineContext): void {
  const { store, say, line, look } = context
  const state = store.getSnapshot()
  const unreadOnes = [...state.conversations.values()].filter((it) => calling(it) > 0)
  if (unreadOnes.length === 0) return say(line.start.noUnread)
  for (const conversation of unreadOnes) {
    const place = conversationTitle(state, conversation, look)
    say(line.start.unread(unread(conversation), mentions(conversation), place))
  }
}

/** Names what is open now, and says what is unread there. */
export async function sayOpen(context: LineContext, marks: ReadMarks): Promise<void> {
  const { store, say, line, look } = context
  const state = store.getSnapshot()
  const open = openConversation(state)
  if (open === undefined) return say(line.start.nothingOpen)
  say(line.start.open(conversationTitle(state, open, look), aboutOf(state, open, context)))
  if (open.head === undefined || unread(open) === 0) return
  const { last, conversation } = open.head
  await sayUnreadOf(context, open)
  await marks.read(conversation, last)
}

/** Says the newest of what is unread in a conversation. */
export async function sayUnreadOf(context: LineContext, open: Conversation): Promise<void> {
  const { say, line, store } = context
  const above = open.head && (open.newFrom ?? unreadAfter(open.head))?.seq
  if (above === undefined) return
  const me = store.getSnapshot().me?.id
  const count = UNREAD_SAID_MAX + 1
  const { entries } = await shownEntries(context, open, { count, above })
  const texts = entries.filter(({ kind, from }) => kind === 'text' && from !== me)
  const said = texts.slice(-UNREAD_SAID_MAX)
  const earlier = unread(open) - said.length
  if (earlier > 0 && texts.length >= UNREAD_SAID_MAX) say(line.start.earlier(earlier))
  for (const entry of said) say(entryLine(context, open, entry))
}

function aboutOf(state: ClientState, open: Conversation, { look }: LineContext): string {
  const { log } = look.words
  if (open.kind === 'group') return log.members(open.head?.members ?? 0)
  return open.target === state.me?.id ? log.notes : ''
}
