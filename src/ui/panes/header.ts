import type { Layout } from '../layout.ts'
import type { Viewport } from '../log/log-rows.ts'
import { headingText } from '../log/message-rows.ts'
import { TIME_CELLS } from '../log/row-form.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import { calling, mentions, unread } from '../state/preferences.ts'
import { countUnsent, openConversation, totalMentions, totalUnread } from '../state/selectors.ts'
import { cutText, fitText, sureText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { keyText } from './hints.ts'
import { countLabel } from './lists.ts'
import { conversationTitle } from './title.ts'

/** ' tchat  me@office:8000  ● online 12ms  outbox 1            3 unread   ? help' */
export function headerRow(state: ClientState, layout: Layout, look: Look): string {
  const { theme, words } = look
  const who = state.me === undefined ? state.address : `${state.me.name}@${state.address}`
  const unreadWords = words.header.unread(totalUnread(state), totalMentions(state))
  const right = [unreadWords, words.header.help(keyText('help', 'compose', look))]
    .filter((part) => part !== '')
    .join('   ')
  const link = linkText(state, look)
  const { waiting, refused } = countUnsent(state.outbox)
  const unsent = [words.header.outbox(waiting), words.header.refused(refused)]
  const fixed = [link, words.status.own[state.status], ...unsent]
    .filter((part) => part !== '')
    .join('  ')
  const room = layout.columns - textWidth(right) - textWidth(fixed) - 14
  const name = cutText(sureText(who), Math.max(8, Math.min(textWidth(who), room)))
  const left = ` ${words.product}  ${name}  ${fixed}`
  const gap = layout.columns - textWidth(left) - textWidth(right)
  if (gap < 1) return theme.strong(fitText(left, layout.columns))
  return theme.strong(left) + ' '.repeat(gap) + right
}

/** The link in a sign and words: '● online 12ms'. */
export function linkText(state: ClientState, { words }: Look): string {
  const { link } = state
  const { link: said } = words
  switch (link.state) {
    case 'offline':
      return `○ ${said.offline}`
    case 'connecting':
      return `◌ ${said.connecting}`
    case 'online':
      if (link.silentSince !== undefined)
        return `◌ ${said.silent(Math.max(0, Math.floor((state.now - link.silentSince) / 1000)))}`
      return link.stuck ? `◌ ${said.stuck}` : `● ${said.online(link.latencyMs)}`
    case 'waiting': {
      const words = link.stuck ? said.stuckWaiting : said.waiting
      return `○ ${words(Math.max(0, Math.ceil((link.retryAt - state.now) / 1000)))}`
    }
    case 'blocked':
      return `✗ ${said.blocked}`
  }
}

/** The connection stands, and what is said gets through. */
export function isWell({ link }: ClientState): boolean {
  return link.state === 'online' && !link.stuck && link.silentSince === undefined
}

function linkSign(state: ClientState): string {
  const { link } = state
  return link.state === 'online' && !isWell(state) ? '◌' : LINK_SIGNS[link.state]
}

const LINK_SIGNS = { offline: '○', connecting: '◌', online: '●', waiting: '○', blocked: '✗' }

/** One pane: '● #lobby 12 ▾   3 #ops  1 alice' */
export function stripRow(state: ClientState, layout: Layout, look: Look): string {
  const { theme, words } = look
  const open = openConversation(state)
  const title = open === undefined ? words.product : conversationTitle(state, open, look)
  const members = open?.kind === 'group' ? ` ${open.head?.members ?? ''}` : ''
  const away = state.status !== 'available' && state.link.state === 'online'
  const left = `${away ? '◐' : linkSign(state)} ${cutText(sureText(title), 20)}${members} ▾`
  const room = layout.columns - textWidth(left) - 3
  return theme.strong(left) + theme.unread(cutText(`   ${unreadStrip(state, look)}`, room + 3))
}

/** '── 09:31 alice ─────────': who says what the log begins with, where names have rows of their own. */
export function ruleAbove({ columns }: Layout, view: Viewport | undefined, look: Look): string {
  if (view?.heading === undefined) return '─'.repeat(columns)
  const said = ` ${headingText(view.heading, Math.max(1, columns - TIME_CELLS - 6), look)} `
  return `──${look.theme.faint(said)}${'─'.repeat(Math.max(0, columns - 2 - textWidth(said)))}`
}

/** Who waits, where one is named and those with most first: '@1 3 #ops  1 alice' */
function unreadStrip(state: ClientState, look: Look): string {
  const waiting = [...state.conversations.values()].filter(
    (it) => it.target !== state.open && calling(it) > 0,
  )
  waiting.sort(
    (one, other) =>
      Number(mentions(other) > 0) - Number(mentions(one) > 0) || unread(other) - unread(one),
  )
  const parts = waiting.map((it) => {
    const count = countLabel(unread(it), mentions(it))
    return `${count} ${sureText(conversationTitle(state, it, look))}`
  })
  return parts.join('  ')
}
