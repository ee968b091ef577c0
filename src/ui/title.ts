import type { Look } from './look.ts'
import { conversationTitle } from './panes/title.ts'
import type { ClientState } from './state/model.ts'
import { openConversation, totalMentions, totalUnread } from './state/selectors.ts'

/** The window's title: '(3 @1) #lobby – tchat'; without the counts where they are not wanted. */
export function windowTitle(state: ClientState, look: Look, counts = true): string {
  const { product } = look.words
  if (state.screen.type !== 'main') return product
  const open = openConversation(state)
  const unread = counts ? totalUnread(state) : 0
  const mentions = totalMentions(state)
  const named = mentions === 0 ? '' : ` @${mentions}`
  const count = unread === 0 ? '' : `(${unread}${named}) `
  return open === undefined
    ? `${count}${product}`
    : `${count}${conversationTitle(state, open, look)} – ${product}`
}
