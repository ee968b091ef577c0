import type { EditorState } from '../input/editor.ts'
import { layoutEditor } from '../input/editor-layout.ts'
import type { KeyPlace } from '../input/keymap.ts'
import type { Layout } from '../layout.ts'
import type { Viewport } from '../log/log-rows.ts'
import type { Look } from '../look.ts'
import { newBelow } from '../state/below.ts'
import { draftOf } from '../state/drafts.ts'
import type { ClientState } from '../state/model.ts'
import { unread, unreadAfter } from '../state/preferences.ts'
import { openConversation } from '../state/selectors.ts'
import { cutText, fitText, sureText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { wrapText } from '../text/wrap.ts'
import { isWell, linkText } from './header.ts'
import { hintRows, singleHints } from './hints.ts'

/** The row under the log: what is to be said on the left, '↓ 3 new' on the right. */
export function statusRow(
  state: ClientState,
  view: Viewport | undefined,
  width: number,
  look: Look,
): string {
  const { theme } = look
  const said = sureText(state.notice?.text ?? typingWords(state, look))
  const below = belowText(state, view, look)
  // What is said comes first where there is no room for both.
  const right = textWidth(said) + textWidth(below) + 2 > width && said !== '' ? '' : below
  const left = cutText(said, width)
  const style =
    state.notice === undefined
      ? theme.faint
      : state.notice.kind === 'error'
        ? theme.bad
        : theme.accent
  const gap = ' '.repeat(Math.max(0, width - textWidth(left) - textWidth(right) - 1))
  return style(left) + gap + theme.careful(right)
}

const NOTICE_ROWS_MAX = 4

/**
 * What is said, in rows, where it is longer than the one row that it has otherwise; else none. Of the
 * `height` rows that it may take of the log one is left.
 */
export function longNotice(
  { notice, overlay }: ClientState,
  width: number,
  height: number,
  { theme }: Look,
): readonly string[] {
  const most = Math.min(NOTICE_ROWS_MAX, height - 1)
  if (notice === undefined || overlay !== undefined || most < 2) return []
  const text = sureText(notice.text)
  if (textWidth(text) <= width) return []
  const rows = wrapText(text, width)
  const style = notice.kind === 'error' ? theme.bad : theme.accent
  const last = cutText(rows.slice(most - 1).join(' '), width)
  return [...rows.slice(0, most - 1), ...(rows.length < most ? [] : [last])].map(style)
}

/** What is below the view while one reads back. */
function belowText(state: ClientState, view: Viewport | undefined, { words }: Look): string {
  if (view === undefined) return ''
  const open = openConversation(state)
  const count = unread(open)
  const place = placeOfEnd(state)
  if (view.atEnd) {
    const after = open?.head === undefined ? undefined : unreadAfter(open.head)
    const isAbove = after !== undefined && after.seq + 1 < (view.top?.seq ?? 0)
    return isAbove && count > 0 && state.focused ? words.memory.above(count, place) : ''
  }
  const below = open && newBelow(open, view.lastSeen, state.me?.id)
  return below !== undefined && below.count > 0
    ? words.log.below(below.count, below.mentions)
    : words.log.belowNone(place)
}

/** Where the keys go as far as End is concerned: in a text and in the lists it has its own meaning. */
function placeOfEnd(state: ClientState): KeyPlace {
  if (state.focus === 'log') return 'log'
  return state.focus === 'compose' && draftOf(state).clusters.length === 0 ? 'compose' : 'lists'
}

/** 'alice is writing…' */
function typingWords(state: ClientState, { words }: Look): string {
  const typists = state.typing.get(state.open ?? '') ?? []
  return typists.length === 0 ? '' : words.messages.typing(typists.map(({ user }) => user.name))
}

/** The line over the composer, joined to the lines beside the log. */
export function ruleBelow(layout: Layout): string {
  const { columns, left, right } = layout
  const marks = new Set<number>()
  if (left > 0) marks.add(left)
  if (right > 0) marks.add(columns - right - 1)
  return Array.from({ length: columns }, (_, x) => (marks.has(x) ? '┴' : '─')).join('')
}

/**
 * The draft in `layout.composer` rows, and its cursor's cell from the first of them. While the keys
 * go elsewhere it says where, or is faint. `beside`: what is to stand above and below it, where there is
 * a row for it.
 */
export function composerRows(
  focus: ClientState['focus'],
  draft: EditorState,
  beside: Readonly<{ above?: string | undefined; below?: string | undefined }>,
  layout: Layout,
  look: Look,
): Readonly<{ rows: readonly string[]; cursor: Readonly<{ x: number; y: number }> }> {
  const { theme, words } = look
  const { above, below } = beside
  if (above !== undefined && layout.composer > 1) {
    const rest = { ...layout, composer: layout.composer - 1 }
    const { rows, cursor } = composerRows(focus, draft, { below }, rest, look)
    return { rows: [above, ...rows], cursor: { x: cursor.x, y: cursor.y + 1 } }
  }
  const { prompt, placeholder } = words.composer
  const indent = textWidth(prompt)
  const laid = layoutEditor(draft, layout.columns - indent, layout.composer)
  const last = laid.rows.length - 1
  const rows = laid.rows.map((row, index) => {
    if (index === 0 && laid.rowsAbove > 0) return theme.faint(fitText('↑', indent)) + row
    if (index === last && laid.rowsBelow > 0) return theme.faint(fitText('↓', indent)) + row
    return (index === 0 ? prompt : ' '.repeat(indent)) + row
  })
  if (draft.clusters.length === 0) {
    rows[0] =
      prompt +
      (focus === 'compose' ? theme.faint : theme.careful)(
        cutText(placeholder[focus], layout.columns - indent - 1),
      )
  }
  if (focus !== 'compose' && draft.clusters.length > 0)
    rows.splice(0, rows.length, ...rows.map(theme.faint))
  if (below !== undefined && rows.length < layout.composer) rows.push(below)
  while (rows.length < layout.composer) rows.push('')
  return { rows, cursor: { x: indent + laid.cursorColumn, y: laid.cursorRow } }
}

/**
 * The last row: the keys that matter most; on one pane also what is to be said. While a window is open
 * these are not the keys: it names its own.
 */
export function hintsRow(
  state: ClientState,
  view: Viewport | undefined,
  layout: Layout,
  look: Look,
): string {
  const { theme } = look
  const isBehind = state.overlay !== undefined
  if (layout.form !== 'single') {
    if (isBehind) return ''
    const fitting = hintRows(state, look).map((hints) => ` ${hints}`)
    const row = fitting.find((hints) => textWidth(hints) <= layout.columns) ?? fitting.at(-1) ?? ''
    return theme.faint(cutText(row, layout.columns))
  }
  if (state.notice !== undefined || typingWords(state, look) !== '')
    return statusRow(state, view, layout.columns, look)
  const offline = !isWell(state)
  const hints = isBehind ? '' : singleHints(state, look)
  const said = offline ? linkText(state, look) : hints
  // Something of what is said on the left stays.
  const right = cutText(belowText(state, view, look), layout.columns - 4)
  const left = ` ${cutText(said, Math.max(1, layout.columns - textWidth(right) - 3))}`
  const gap = ' '.repeat(Math.max(0, layout.columns - textWidth(left) - textWidth(right) - 1))
  return (offline ? theme.bad(left) : theme.faint(left)) + gap + theme.careful(right)
}
