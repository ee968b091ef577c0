import type { Invite, SessionRecord } from '../../protocol/messages.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import type { ListWindow } from '../state/windows.ts'
import { cutText, fitText, sureText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { wrapText } from '../text/wrap.ts'
import { type Body, chosenPairs, chosenRows, pairCells, type Size } from './window.ts'

/** A list that the server was asked for. */
export function listPane(
  state: ClientState,
  { list, group, chosen, loading, fault }: ListWindow,
  size: Size,
  look: Look,
): Body {
  const { words, theme } = look
  const name = state.conversations.get(group)?.name
  const title = name === undefined ? '' : `#${name}`
  const its = words.windows[list.of]
  const pairs = pairsOf(list, pairCells(size), look).map(
    ([head, more]): readonly [string, string] => [
      cutText(sureText(head), size.width - 2),
      theme.faint(cutText(sureText(more), pairCells(size))),
    ],
  )
  const empty = theme.faint(cutText(loading ? words.log.loading : its.none, size.width))
  const failed = wrapText(fault, Math.max(1, size.width - 1)).map(theme.bad)
  const heads = pairs.map(([head]) => fitText(head, size.width - 2))
  const rows =
    list.of === 'bans'
      ? chosenRows(heads, chosen, size.height, look)
      : chosenPairs(pairs, chosen, size.height, look)
  return {
    title: sureText(typeof its.title === 'string' ? its.title : its.title(title)),
    body: fault !== '' ? failed : pairs.length > 0 ? rows : [empty],
    keys: its.keys,
  }
}

type Pair = readonly [string, string]

/** Each item of a list in words: what it is, and what more there is to say. */
export function listPairs(list: ListWindow['list'], look: Look): readonly Pair[] {
  return pairsOf(list, Number.POSITIVE_INFINITY, look)
}

function pairsOf(list: ListWindow['list'], width: number, look: Look): readonly Pair[] {
  if (list.of === 'sessions') return list.items.map((session) => sessionPair(session, width, look))
  if (list.of === 'bans') return list.items.map(({ name }) => [name, ''])
  return list.items.map((invite) => invitePair(invite, look))
}

/** '● tchat 0.1.0 on Linux · this one', 'used Sat 21 Nov 2026 09:31 · since Thu 19 Nov 2026' */
function sessionPair(session: SessionRecord, width: number, look: Look): Pair {
  const { device, created, used, current, online } = session
  const { sessions } = look.words.windows
  // When a session was used is only noted now and then: who is connected uses it now.
  const when = current || online ? sessions.now : sessions.used(timeOf(used, look))
  const whole = `${when} · ${sessions.created(look.clock.date(created))}`
  const head = `${online ? '●' : '○'} ${device}${current ? ` · ${sessions.current}` : ''}`
  return [head, textWidth(whole) <= width ? whole : when]
}

/** 'k3m2… · 1 of 5 used', 'until Sat 28 Nov 2026 09:31 · by alice' */
function invitePair({ code, uses, used, expires, by }: Invite, look: Look): Pair {
  const { invites } = look.words.windows
  const more = [invites.until(timeOf(expires, look)), invites.by(by?.name ?? '')]
  return [`${code} · ${invites.uses(used, uses)}`, more.join(' · ')]
}

/** Date and time in words for a list. */
export function timeOf(ms: number, { clock }: Look): string {
  return `${clock.date(ms)} ${clock.time(ms)}`
}
