import type { Invite, SessionRecord } from '../../protocol/messages.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import type { ListWindow } from '../state/windows.ts'
import { cutText, fitText, sureText } from '../text/fit.ts'
import { wrapText } from '../text/wrap.ts'
import { type Body, chosenRows, type Size } from './window.ts'

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
  const rows = rowsOf(list, look).map((row) => fitText(row, size.width - 2))
  const empty = loading
    ? theme.faint(words.log.loading)
    : theme.faint(cutText(its.none, size.width))
  const failed = wrapText(fault, Math.max(1, size.width - 1)).map(theme.bad)
  const shown = rows.length > 0 ? chosenRows(rows, chosen, size.height, look) : [empty]
  return {
    title: sureText(typeof its.title === 'string' ? its.title : its.title(title)),
    body: fault === '' ? shown : failed,
    keys: its.keys,
  }
}

function rowsOf(list: ListWindow['list'], look: Look): readonly string[] {
  if (list.of === 'sessions') return list.items.map((session) => sessionRow(session, look))
  if (list.of === 'bans') return list.items.map(({ name }) => name)
  return list.items.map((invite) => inviteRow(invite, look))
}

/** '● tchat 0.1.0 on Linux · this one · last used Sat 21 Nov 2026 09:31' */
function sessionRow({ device, created, used, current, online }: SessionRecord, look: Look): string {
  const { sessions } = look.words.windows
  const parts = [
    ...(current ? [sessions.current] : []),
    sessions.used(timeOf(used, look)),
    sessions.created(timeOf(created, look)),
  ]
  return `${online ? '●' : '○'} ${device} · ${parts.join(' · ')}`
}

/** 'k3m2… · 1 of 5 used · until Sat 28 Nov 2026 09:31 · by alice' */
function inviteRow({ code, uses, used, expires, by }: Invite, look: Look): string {
  const { invites } = look.words.windows
  const parts = [
    code,
    invites.uses(used, uses),
    invites.until(timeOf(expires, look)),
    invites.by(by?.name ?? ''),
  ]
  return parts.join(' · ')
}

export function timeOf(ms: number, { clock }: Look): string {
  return `${clock.date(ms)} ${clock.time(ms)}`
}
