import type { Look } from '../look.ts'
import { crowdOf } from '../state/crowd.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { statusOf } from '../state/statuses.ts'
import { cutText, sureText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'

/** '#lobby', 'alice', 'notes to self' */
export function conversationTitle(
  state: ClientState,
  conversation: Pick<Conversation, 'kind' | 'name' | 'target'>,
  { words }: Look,
): string {
  if (conversation.kind === 'group') return `#${conversation.name}`
  return conversation.target === state.me?.id ? words.lists.notes : conversation.name
}

/** '#lobby · 5/12 online' */
export function titleRow(
  state: ClientState,
  conversation: Conversation | undefined,
  width: number,
  look: Look,
): string {
  const { theme, words } = look
  if (conversation === undefined) {
    const none = state.conversations.size === 0 ? words.log.loading : words.log.none
    return theme.faint(cutText(none, width))
  }
  const title = sureText(conversationTitle(state, conversation, look))
  const about = aboutOf(state, conversation, look)
  const name = cutText(title, Math.max(1, width - 1))
  const rest = cutText(about === '' ? '' : ` · ${about}`, width - textWidth(name))
  const strong = theme.strong(name)
  return (state.focus === 'log' ? theme.accent(strong) : strong) + theme.faint(rest)
}

function aboutOf(state: ClientState, conversation: Conversation, { words }: Look): string {
  const { kind, target, head } = conversation
  if (kind === 'group') {
    const who = groupAbout(state, conversation, words.log)
    return [who, sureText(head?.topic ?? '')].filter((part) => part !== '').join(' · ')
  }
  if (target === state.me?.id) return words.log.notes
  // Without a connection nobody knows.
  if (state.link.state !== 'online') return ''
  const online = state.online.get(target)
  if (state.gone.has(target) && online !== true) return words.log.isGone
  // Of a stranger nobody tells that they went.
  const told = head !== undefined || state.contacts.get(target)?.removed === false
  if (online === undefined || !(online || told)) return ''
  return online ? words.status.online[statusOf(state, target)] : words.log.isOffline
}

function groupAbout(
  state: ClientState,
  conversation: Conversation,
  words: Look['words']['log'],
): string {
  const crowd = crowdOf(state, conversation)
  if (crowd !== undefined) return words.online(crowd.online, crowd.members)
  const count = conversation.head?.members ?? 0
  return count === 0 ? '' : words.members(count)
}
