import { editorText } from '../input/editor.ts'
import { quoteOf } from '../log/quote.ts'
import { reactionChoices } from '../log/reactions.ts'
import type { Look } from '../look.ts'
import { entryAt } from '../state/changes.ts'
import type {
  DeleteWindow,
  LinksWindow,
  ReactWindow,
  WhoisWindow,
} from '../state/message-windows.ts'
import type { ClientState } from '../state/model.ts'
import { statusOf } from '../state/statuses.ts'
import { cutText, sureText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { wrapText } from '../text/wrap.ts'
import { preferencesRow } from './preferences.ts'
import {
  type Body,
  belowField,
  belowSaid,
  choices,
  chosenRows,
  fieldRow,
  type Size,
} from './window.ts'

/** The question whether to delete a message, under what it says. */
export function deleteBody(
  state: ClientState,
  { target, seq, chosen }: DeleteWindow,
  size: Size,
  look: Look,
): Body {
  const words = look.words.messages.delete
  const rows = choices([words.yes, words.no], size)
  const quote = look.theme.faint(cutText(quoted(state, target, seq, look), size.width))
  return {
    title: words.title,
    ...belowSaid([quote, ''], rows, chosen, size, look),
    keys: look.words.leave.keys,
  }
}

/** The search for a reaction, under the message it is for. */
export function reactBody(
  state: ClientState,
  { target, seq, query, chosen }: ReactWindow,
  size: Size,
  look: Look,
): Body {
  const words = look.words.messages.react
  const entry = entryAt(state.conversations.get(target)?.entries ?? [], seq)
  const mine = (text: string) => entry?.reactions.some((it) => it.mine && it.text === text) === true
  const rows = reactionChoices(editorText(query), state.emoji).map(({ text, names }) => {
    const shown = sureText(text)
    const pad = ' '.repeat(Math.max(0, 2 - textWidth(shown)))
    const help = mine(text) ? words.takesBack : names.slice(0, 2).join(' ')
    return cutText(`${shown}${pad}  ${help}`, size.width - 2)
  })
  const field = fieldRow('> ', query, size.width)
  const quote = look.theme.faint(cutText(quoted(state, target, seq, look), size.width))
  const gap = belowField(size)
  // Where there is hardly any room, what is looked for comes first.
  const above = gap.length === 0 ? [] : [quote]
  const height = size.height - above.length - 1 - gap.length
  const list =
    rows.length === 0
      ? [look.theme.faint(cutText(words.nothing, size.width))]
      : chosenRows(rows, chosen, height, look)
  return {
    title: words.title,
    body: [...above, field.row, ...gap, ...list],
    keys: words.keys,
    cursor: { x: field.x, y: above.length },
  }
}

/** Addresses to choose from. */
export function linksBody(
  _: ClientState,
  { urls, chosen }: LinksWindow,
  size: Size,
  look: Look,
): Body {
  const { title, keys } = look.words.reading.links
  return { title, keys, body: chosenRows(choices(urls, size), chosen, size.height, look) }
}

/** What is known of a person here. */
export function whoisBody(state: ClientState, { user }: WhoisWindow, size: Size, look: Look): Body {
  const words = look.words.messages.whois
  const contact = state.contacts.get(user.id)
  const groups = [...state.members]
    .filter(([, members]) => members.some((member) => member.user?.id === user.id))
    .flatMap(([group]) => state.conversations.get(group)?.name ?? [])
  const online = state.online.get(user.id)
  const lines = [
    words.id(user.id),
    // Presence is told of some people only.
    ...(online === undefined ? [] : [online ? saysOf(state, user.id, look) : words.offline]),
    ...(contact !== undefined && !contact.removed ? [words.contact] : []),
    ...(contact?.blocked === true ? [words.blocked] : []),
    ...preferencesRow(state.conversations.get(user.id), look),
    ...(groups.length === 0 ? [] : [words.groups(groups.map((name) => `#${name}`).join(', '))]),
  ]
  return {
    title: sureText(user.name),
    body: lines.flatMap((line) => wrapText(sureText(line), size.width)),
    keys: words.keys,
  }
}

function saysOf(state: ClientState, user: string, { words }: Look): string {
  return words.status.online[statusOf(state, user)]
}

function quoted(state: ClientState, target: string, seq: number, look: Look): string {
  return quoteOf(state.conversations.get(target)?.entries ?? [], seq, state.me?.id, look)
}
