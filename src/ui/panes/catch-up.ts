import type { Entry } from '../../protocol/messages.ts'
import { deedOf } from '../commands/slash.ts'
import type { Look } from '../look.ts'
import {
  type CatchUpWindow,
  chosenMissed,
  isBeginningThere,
  type Missed,
  missedOf,
  newTexts,
  type PeekWindow,
} from '../state/catch-up.ts'
import { entryAt } from '../state/changes.ts'
import type { ClientState } from '../state/model.ts'
import { cutText, fitText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { wrapText } from '../text/wrap.ts'
import { spread } from './lists.ts'
import { conversationTitle } from './title.ts'
import type { Body, Size } from './window.ts'

/** Rows of a conversation's first new texts, at most and at least. */
const TEXTS_MAX = 3
const TEXTS_MIN = 1
const INDENT = '    '
/** Stands where some are not loaded. */
const HOLE = `${INDENT}…`

/** What came while one was away: a row for each conversation, and how what is new begins. */
export function catchUpPane(
  state: ClientState,
  overlay: CatchUpWindow,
  size: Size,
  look: Look,
): Body {
  const words = look.words.memory.catchUp
  const rows = missedOf(state)
  const total = rows.reduce((sum, { unread }) => sum + unread, 0)
  if (rows.length === 0) return { title: words.nothing, body: [], keys: words.keysOfNothing }
  const keys = textWidth(words.keys) < size.width ? words.keys : words.keysShort
  const title = words.title(total, rows.length)
  const chosen = chosenMissed(rows, overlay)
  const each = Math.floor(size.height / rows.length) - 1
  const texts = Math.max(TEXTS_MIN, Math.min(TEXTS_MAX, each))
  const room = Math.max(1, Math.floor(size.height / (texts + 1)))
  const at = chosen === undefined ? 0 : rows.indexOf(chosen)
  const first = Math.max(0, Math.min(at - Math.floor(room / 2), rows.length - room))
  const body = rows.slice(first, first + room + 1).flatMap((row, index) => {
    const above = index === 0 && first > 0 ? '↑ ' : '  '
    const sign = row === chosen ? '▸ ' : above
    return [headRow(state, row, sign, size, look), ...textRows(state, row, texts, size, look)]
  })
  return { title, body: body.slice(0, size.height), keys }
}

/** How far what is new can be scrolled in a window of this size, in rows. */
export function peekTopMax(
  state: ClientState,
  overlay: PeekWindow,
  size: Size,
  look: Look,
): number {
  return Math.max(0, peekRows(state, overlay, size, look).length - size.height)
}

/** All that is new in one of them, as far as it is loaded. */
export function peekPane(state: ClientState, overlay: PeekWindow, size: Size, look: Look): Body {
  const words = look.words.memory.catchUp
  const conversation = state.conversations.get(overlay.target)
  const title = conversation === undefined ? '' : conversationTitle(state, conversation, look)
  const rows = peekRows(state, overlay, size, look)
  const body = rows.slice(overlay.top, overlay.top + size.height)
  return { title: words.peekTitle(title), body, keys: words.peekKeys }
}

function peekRows(
  state: ClientState,
  { target }: PeekWindow,
  { width }: Size,
  look: Look,
): readonly string[] {
  const conversation = state.conversations.get(target)
  const isThere = conversation !== undefined && isBeginningThere(conversation)
  const texts = isThere ? newTexts(state, conversation) : []
  if (texts.length === 0) return [look.theme.faint(cutText(look.words.log.loading, width))]
  return texts.flatMap((entry, index) => {
    const head = `${look.clock.time(entry.time)} ${entry.name}`
    const said = wrapText(
      deedOf(entry.text, entry.name) ?? entry.text,
      Math.max(1, width - INDENT.length),
    )
    const isAfterHole =
      index > 0 && entryAt(conversation?.entries ?? [], entry.seq - 1) === undefined
    return [
      ...(isAfterHole ? [look.theme.faint(HOLE)] : []),
      look.theme.strong(cutText(head, width)),
      ...said.map((row) => INDENT + row),
    ]
  })
}

function headRow(
  state: ClientState,
  { conversation, unread, mentions, muted }: Missed,
  sign: string,
  { width }: Size,
  look: Look,
): string {
  const { theme, words } = look
  const count = words.memory.catchUp.count(unread, mentions, muted)
  const row = sign + spread(conversationTitle(state, conversation, look), count, width - 2)
  if (sign === '▸ ') return theme.chosen(row)
  if (muted && mentions === 0) return theme.faint(row)
  return mentions > 0 ? theme.unread(row) : theme.strong(row)
}

function textRows(
  state: ClientState,
  { conversation }: Missed,
  count: number,
  { width }: Size,
  look: Look,
): readonly string[] {
  const { log, memory } = look.words
  if (!isBeginningThere(conversation)) {
    const says = state.link.state === 'online' ? log.loading : memory.offline
    return [look.theme.faint(fitText(INDENT + says, width))]
  }
  const texts = newTexts(state, conversation)
  return texts.slice(0, count).map((entry) => textRow(entry, width, look))
}

/** The first line of what was said, or done: '    alice: morning all', '    * alice waves'. */
function textRow({ name, text }: Entry, width: number, { theme }: Look): string {
  const [line = ''] = text.split('\n')
  return theme.faint(fitText(INDENT + (deedOf(line, name) ?? `${name}: ${line}`), width))
}
