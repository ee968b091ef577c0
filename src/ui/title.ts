import type { Look } from './look.ts'
import { conversationTitle } from './panes/title.ts'
import type { ClientState } from './state/model.ts'
import { openConversation, totalUnread } from './state/selectors.ts'

/** The window's title: '(3) #lobby – tchat'. */
export function windowTitle(state: ClientState, look: Look): string {
  const { product } = look.words
  if (state.screen.type !== 'main') return product
  const open = openConversation(state)
  const unread = totalUnread(state)
  const count = unread === 0 ? '' : `(${unread}) `
  return open === undefined
    ? `${count}${product}`
    : `${count}${conversationTitle(state, open, look)} – ${product}`
}
