import { type GoToItem, goToItems } from '../commands/go-to.ts'
import { type HelpLine, helpLines } from '../commands/help.ts'
import { isAtHosted } from '../flow/share.ts'
import { editorText } from '../input/editor.ts'
import type { Look } from '../look.ts'
import { membersOf } from '../state/membership.ts'
import type { ClientState, Form, Overlay } from '../state/model.ts'
import { heir } from '../state/rights.ts'
import { joinableGroups, openConversation } from '../state/selectors.ts'
import { cutText, fitText, sureText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { wrapText } from '../text/wrap.ts'
import { askPane } from './ask.ts'
import { catchUpPane, peekPane } from './catch-up.ts'
import { createGroupPane } from './create-group.ts'
import { formPane } from './form.ts'
import { accountPane, groupPane } from './group.ts'
import { invitePane } from './invite.ts'
import { listPane } from './listed.ts'
import { spread } from './lists.ts'
import { longTextPane } from './long-text.ts'
import { memberRow, membersKeys, sortedMembers } from './members.ts'
import { menuPane } from './menu.ts'
import { infoBody } from './message-info.ts'
import { deleteBody, linksBody, reactBody, whoisBody } from './message-windows.ts'
import { searchPane } from './search.ts'
import { sharePane } from './share.ts'
import { conversationTitle } from './title.ts'
import { isTooSmall, tooSmallRow } from './too-small.ts'
import {
  type Body,
  belowField,
  belowSaid,
  choices,
  chosenRows,
  faultRows,
  fieldRow,
  formBody,
  keysThatFit,
  type Size,
} from './window.ts'

/** An overlay in place of the log: exactly `height` rows, and the cursor if it takes text. */
export type OverlayPane = Readonly<{
  rows: readonly string[]
  cursor: Readonly<{ x: number; y: number }> | undefined
}>

export function overlayPane(
  state: ClientState,
  overlay: Overlay,
  size: Size,
  look: Look,
): OverlayPane {
  const make = panes[overlay.type] as (
    state: ClientState,
    overlay: Overlay,
    size: Size,
    look: Look,
  ) => Body
  const body = make(state, overlay, inner(size), look)
  if (body.cursor !== undefined && isTooSmall(state.size)) return tooSmall(size, look)
  return placed(body, footRows(state, size, look), size, look)
}

/** What is typed has no place. */
function tooSmall({ width, height }: Size, look: Look): OverlayPane {
  const rows = [tooSmallRow(width, look), ...Array<string>(Math.max(0, height - 1)).fill('')]
  return { rows: rows.slice(0, height), cursor: undefined }
}

/** How far the help can be scrolled in an overlay of this size, in rows. */
export function helpTopMax(size: Size, look: Look): number {
  const room = inner(size)
  return Math.max(0, helpBody(look, room).length - room.height)
}

/** How far a page of the help is, in rows: one row stays in view. */
export function helpPage(size: Size): number {
  return Math.max(1, inner(size).height - 1)
}

function helpBody(look: Look, { width }: Size): readonly string[] {
  return helpLines(look).flatMap((line) => helpRows(line, width))
}

type Panes = {
  [T in Overlay['type']]: (
    state: ClientState,
    overlay: Extract<Overlay, { type: T }>,
    size: Size,
    look: Look,
  ) => Body
}

const panes: Panes = {
  deleteMessage: deleteBody,
  react: reactBody,
  longText: longTextPane,
  messageInfo: infoBody,
  whois: whoisBody,
  links: linksBody,
  goTo: (state, { query, chosen, found }, size, look) => {
    const { words } = look
    const items = goToItems(state, editorText(query), look, found)
    const rows = items.map((item) => goToRow(item, size.width - 2))
    const field = fieldRow('> ', query, size.width)
    const head = [field.row, ...belowField(size)]
    const list = chosenRows(rows, chosen, size.height - head.length, look)
    const body =
      items.length === 0 ? [look.theme.faint(cutText(words.goTo.nothing, size.width))] : list
    return {
      title: words.goTo.title,
      body: [...head, ...body],
      keys: words.goTo.keys,
      cursor: { x: field.x, y: 0 },
    }
  },
  menu: menuPane,
  createGroup: createGroupPane,
  joinGroup: (state, { query, chosen, loading, ...form }, size, look) => {
    const { words, theme } = look
    const groups = joinableGroups(state, editorText(query))
    const rows = groups.map((group) =>
      spread(
        `#${group.name}`,
        group.joined ? words.joinGroup.joined : words.joinGroup.members(membersOf(state, group)),
        size.width - 2,
      ),
    )
    const field = fieldRow('> ', query, size.width)
    const empty = loading ? words.log.loading : words.joinGroup.nothing
    const said = joinSays(state, form, size, look)
    const list = chosenRows(rows, chosen, size.height - 1 - said.length, look)
    return {
      title: words.joinGroup.title,
      body: [
        field.row,
        ...said,
        ...(rows.length === 0 ? [theme.faint(cutText(empty, size.width))] : list),
      ],
      keys: words.joinGroup.keys,
      cursor: { x: field.x, y: 0 },
    }
  },
  addContact: (_, { fields, field, ...form }, size, look) =>
    formBody(
      look.words.addContact,
      [look.words.addContact.name],
      fields,
      field,
      form,
      size,
      look,
      [],
    ),
  members: (state, { chosen }, size, look) => {
    const { words } = look
    const conversation = openConversation(state)
    const members = sortedMembers(state, state.open ?? '')
    const rows = members.map((member) => memberRow(state, member, size.width - 2, look))
    const loading = rows.length === 0 ? [cutText(onItsWay(state, look), size.width)] : []
    const title = conversation === undefined ? '' : conversationTitle(state, conversation, look)
    return {
      title: words.members.title(title),
      body: [...loading, ...chosenRows(rows, chosen, size.height, look)],
      keys: membersKeys(state, size.width, look),
    }
  },
  search: searchPane,
  group: groupPane,
  account: accountPane,
  list: listPane,
  catchUp: catchUpPane,
  peek: peekPane,
  invite: invitePane,
  ask: askPane,
  form: formPane,
  help: (_, { top }, size, look) => ({
    title: look.words.help.title,
    body: helpBody(look, size).slice(top, top + size.height),
    keys: look.words.help.keys,
  }),
  share: (state, _, size, look) => sharePane(state, size, look),
  leave: (state, { chosen }, size, look) => {
    const { words } = look
    const conversation = state.conversations.get(state.open ?? '')
    const title = conversation === undefined ? '' : conversationTitle(state, conversation, look)
    const after = leaveHelp(state, size, look)
    const rows = choices([words.leave.yes, words.leave.no], size)
    return {
      title: words.leave.title(title),
      ...belowSaid(after, rows, chosen, size, look),
      keys: words.leave.keys,
    }
  },
  quit: (state, { chosen, connected }, size, look) => {
    const { quit } = look.words
    const words = isAtHosted(state) ? quit : quit.elsewhere
    const rows = choices(
      [`${quit.keep} — ${quit.keepHelp}`, `${quit.stop} — ${quit.stopHelp}`, quit.stay],
      size,
    )
    return {
      title: words.title,
      ...belowSaid([cutText(words.connected(connected), size.width), ''], rows, chosen, size, look),
      keys: look.words.leave.keys,
    }
  },
  logOut: (state, { chosen }, size, look) => {
    const { logOut } = look.words
    const rows = choices([logOut.stay, logOut.yes], size)
    return {
      title: logOut.title(state.outbox.length),
      ...belowSaid([...wrapText(logOut.help, size.width - 1), ''], rows, chosen, size, look),
      keys: look.words.leave.keys,
    }
  },
}

/** What is refused, or that these groups are those of before. */
function joinSays(state: ClientState, form: Form, size: Size, look: Look): readonly string[] {
  if (form.busy || form.fault !== '') return faultRows(form, size, look)
  if (state.link.state === 'online') return belowField(size)
  return [look.theme.faint(cutText(look.words.notices.notOnline, size.width))]
}

/** In place of what the server was asked for. */
function onItsWay({ link }: ClientState, { words }: Look): string {
  return link.state === 'online' ? words.log.loading : words.notices.notOnline
}

/** The name comes first; what it is has what is left. */
function goToRow({ label, kind }: GoToItem, width: number): string {
  const room = width - textWidth(sureText(label)) - 2
  return spread(label, room < GO_TO_KIND_CELLS ? '' : cutText(sureText(kind), room), width)
}

/** In fewer a word says nothing. */
const GO_TO_KIND_CELLS = 4

/** What becomes of a group whose last owner goes. */
function leaveHelp(state: ClientState, { width }: Size, { words }: Look): readonly string[] {
  const next = heir(state, state.open ?? '')
  if (next === undefined) return []
  const { leftTo, leftToNobody } = words.windows.done
  const access = openConversation(state)?.head?.access ?? 'unknown'
  const text = next === 'nobody' ? leftToNobody[access] : leftTo(next)
  return [...wrapText(text, Math.max(1, width - 1)), '']
}

/** What is said while a window is open stands in place of its keys: there is no other row for it. */
function footRows(
  { notice }: ClientState,
  { width, height }: Size,
  { theme }: Look,
): readonly string[] {
  if (notice === undefined) return []
  const style = notice.kind === 'error' ? theme.bad : theme.accent
  return wrapText(sureText(notice.text), Math.max(1, width - 2))
    .slice(0, Math.max(1, Math.min(FOOT_ROWS_MAX, height - 4)))
    .map((row) => ` ${style(row)}`)
}

const FOOT_ROWS_MAX = 3

/** A title above, a blank row, the body, and the keys at the bottom, or what is said. */
function placed(
  body: Body,
  said: readonly string[],
  { width, height }: Size,
  { theme }: Look,
): OverlayPane {
  const small = height < LOW
  const head = small
    ? [theme.strong(cutText(body.title, width))]
    : [` ${theme.strong(cutText(body.title, width - 1))}`, '']
  const keys = height < LOWEST ? [] : [` ${theme.faint(keysThatFit(body.keys, width - 1))}`]
  const foot = said.length > 0 ? said : keys
  const room = Math.max(0, height - head.length - foot.length)
  const indented = body.body.map((row) => ` ${row}`)
  // What keys go to is in view, whatever that costs.
  const above = Math.max(0, (body.focus ?? body.cursor?.y ?? 0) + 1 - room)
  const rows = [...(body.bare ?? []), ...indented].slice(above, above + room)
  while (rows.length < room) rows.push('')
  const cursor = body.cursor && { x: body.cursor.x + 1, y: body.cursor.y + head.length - above }
  return { rows: [...head, ...rows, ...foot].slice(0, height), cursor }
}

/** What of a window's size its body has. */
export function inner({ width, height }: Size): Size {
  const beside = height < LOWEST ? 1 : height < LOW ? 2 : 3
  return { width: width - 1, height: Math.max(0, height - beside) }
}

/** Below so many rows the blank one goes, and below so many the keys: what can be chosen comes first. */
const LOW = 6
const LOWEST = 4

const HELP_KEY_CELLS = 22

function helpRows([key, meaning]: HelpLine, width: number): readonly string[] {
  if (meaning === '') return [key]
  const room = width - HELP_KEY_CELLS - 1
  if (room < 20)
    return [cutText(key, width), ...wrapText(meaning, width - 2).map((row) => `  ${row}`)]
  const keys = wrapText(key, HELP_KEY_CELLS)
  const meanings = wrapText(meaning, room)
  return Array.from(
    { length: Math.max(keys.length, meanings.length) },
    (_, row) => `${fitText(keys[row] ?? '', HELP_KEY_CELLS)} ${meanings[row] ?? ''}`,
  )
}
