import type { EditorState } from './input/editor.ts'
import { layoutEditor } from './input/editor-layout.ts'
import { bareLayout, type Layout, layoutOf } from './layout.ts'
import type { LogView } from './log/blocks.ts'
import type { Viewport } from './log/log-rows.ts'
import type { RowForm } from './log/row-form.ts'
import type { RowCache } from './log/rows.ts'
import { headedRows, viewport } from './log/viewport.ts'
import type { Look } from './look.ts'
import { composerRows, hintsRow, longNotice, ruleBelow, statusRow } from './panes/bottom.ts'
import { hasRowAbove, rowsBesideDraft, searchRow } from './panes/composing.ts'
import { headerRow, ruleAbove, stripRow } from './panes/header.ts'
import { introParts } from './panes/intro.ts'
import { filterCursor, listRows } from './panes/lists.ts'
import { membersRows } from './panes/members.ts'
import { overlayPane } from './panes/overlay.ts'
import { conversationTitle, titleRow } from './panes/title.ts'
import { draftOf } from './state/drafts.ts'
import type { ClientState, Conversation, Overlay } from './state/model.ts'
import { isZoomed } from './state/reading.ts'
import { openConversation, pendingOf } from './state/selectors.ts'

/** Every row of the main screen, and where its cursor stands. */
export type MainFrame = Readonly<{
  layout: Layout
  above: readonly string[]
  left: readonly string[]
  log: readonly string[]
  right: readonly string[]
  below: readonly string[]
  cursor: Cell | undefined
  /** What of the log is in view; undefined while an overlay covers it. */
  view: Viewport | undefined
}>

export type Cell = Readonly<{ x: number; y: number }>

/** The frame of the newest state: view and effects ask for the same one. */
export class Frames {
  readonly #cache: RowCache
  readonly #look: Look
  #state: ClientState | undefined
  #frame: MainFrame | undefined

  constructor(cache: RowCache, look: Look) {
    this.#cache = cache
    this.#look = look
  }

  of(state: ClientState): MainFrame {
    if (this.#state === state && this.#frame !== undefined) return this.#frame
    this.#frame = mainFrame(state, this.#cache, this.#look)
    this.#state = state
    return this.#frame
  }
}

/** Rows a draft would like at most, before the layout cuts it. */
const DRAFT_ROWS_MAX = 6

function mainFrame(state: ClientState, cache: RowCache, look: Look): MainFrame {
  const layout = mainLayout(state)
  const open = openConversation(state)
  const pane = middle(state, open, layout, cache, look)
  const above = aboveRows(state, layout, pane.view, look)
  const log = pane.rows
  const bottom = belowRows(state, layout, pane.view, look)
  const top = above.length
  const left = leftPane(state, layout, log.length, look)
  const overlayCursor = pane.cursor && {
    x: pane.cursor.x + (left.length > 0 ? layout.left + 1 : 0),
    y: pane.cursor.y + top,
  }
  const composing = state.overlay === undefined && state.focus === 'compose'
  const composer = composing
    ? { x: bottom.cursor.x, y: top + log.length + bottom.cursor.y }
    : undefined
  const filter = filterCursor(state, layout, log.length)
  const field = filter === undefined ? composer : { x: filter.x, y: top + filter.y }
  return {
    layout,
    above,
    left,
    log,
    right: rightPane(state, open, layout, log.length, look),
    below: bottom.rows,
    cursor: within(overlayCursor ?? (state.overlay === undefined ? field : undefined), layout),
    view: pane.view,
  }
}

/** In a window that is too small the cursor may have no cell. */
function within(cell: Cell | undefined, { columns, rows }: Layout): Cell | undefined {
  return cell !== undefined && cell.x < columns && cell.y < rows ? cell : undefined
}

/** Where everything stands on the main screen, with the draft as tall as it is now. */
export function mainLayout(state: ClientState): Layout {
  if (isZoomed(state)) return bareLayout(state.size)
  const draft = draftOf(state)
  const wanted = layoutEditor(draft, state.size.columns - PROMPT_CELLS, DRAFT_ROWS_MAX)
  const group = openConversation(state)?.kind === 'group'
  const rows = wanted.rows.length + (hasRowAbove(state, draft) ? 1 : 0)
  const layout = layoutOf(state.size, rows, group && state.membersPane)
  if (!isForCopying(state.overlay)) return layout
  const { columns, log } = layout
  return { ...layout, left: 0, right: 0, log: { ...log, width: columns } }
}

/** What is to be copied with the mouse must have nothing beside it. */
function isForCopying(overlay: Overlay | undefined): boolean {
  return overlay?.type === 'share' || overlay?.type === 'invite'
}

const PROMPT_CELLS = 2
/** The log of the open conversation as the viewport wants it. */
export function logView(
  state: ClientState,
  conversation: Conversation,
  layout: Layout,
  look: Look,
): LogView {
  return {
    conversation,
    pending: pendingOf(state, conversation),
    me: state.me?.id,
    focused: state.focus === 'log' && state.overlay === undefined,
    form: rowForm(layout),
    height: layout.log.height,
    offline: state.link.state !== 'online',
    beginning: beginningOf(state, conversation, look),
    intro: layout.form === 'bare' ? [] : introParts(state, conversation, layout.log.width, look),
  }
}

function beginningOf(state: ClientState, conversation: Conversation, look: Look): string {
  const { log } = look.words
  const title = conversationTitle(state, conversation, look)
  if (beganLater(state, conversation)) return log.joinedHere(title)
  const other = conversation.kind === 'direct' && conversation.target !== state.me?.id
  return other ? log.beginningWith(title) : log.beginning(title)
}

/** What there was before one came is not for newcomers (rule 5). */
function beganLater({ me }: ClientState, { head, entries }: Conversation): boolean {
  const [first] = entries
  if (head === undefined || first === undefined || first.seq <= head.first) return false
  if (first.kind === 'joined') return first.from === me?.id
  return first.kind === 'added' && first.subject?.id === me?.id
}

function rowForm(layout: Layout): RowForm {
  return {
    width: layout.log.width,
    names: NAMES[layout.form],
    margin: layout.form === 'wide' ? 1 : 0,
  }
}

const NAMES = {
  wide: 'beside',
  middle: 'beside',
  narrow: 'beside',
  single: 'above',
  tiny: 'above',
  bare: 'bare',
} as const satisfies Record<Layout['form'], RowForm['names']>

function aboveRows(
  state: ClientState,
  layout: Layout,
  view: Viewport | undefined,
  look: Look,
): readonly string[] {
  if (layout.form === 'single') {
    return [stripRow(state, layout, look), ruleAbove(layout, view, look)]
  }
  return layout.header ? [headerRow(state, layout, look)] : []
}

type Pane = Readonly<{
  rows: readonly string[]
  cursor: Cell | undefined
  view: Viewport | undefined
}>

function middle(
  state: ClientState,
  open: Conversation | undefined,
  layout: Layout,
  cache: RowCache,
  look: Look,
): Pane {
  const { width, height } = layout.log
  if (state.overlay !== undefined) {
    const size = overlaySize(layout.log, layout.form)
    return { ...overlayPane(state, state.overlay, size, look), view: undefined }
  }
  const framed = isFramed(layout.form)
  const view = open && viewport(logView(state, open, layout, look), cache, look)
  const log =
    view === undefined
      ? Array.from({ length: height }, () => '')
      : headedRows(view, rowForm(layout), look)
  const margin = layout.form === 'wide' ? ' ' : ''
  // Where it has no room in its row, it takes some of the log: nothing moves for it.
  const long = longRows(state, layout, look).log
  // Alone on the screen the log has no such row, unless something is to be said.
  const hasStatus = framed || (layout.form === 'bare' && state.notice !== undefined)
  const status =
    hasStatus && long.length === 0 ? [statusRow(state, view, width - margin.length, look)] : []
  const last = [...long, ...status].map((row) => margin + row)
  const rows = [...log, ...(framed ? [''] : [])].slice(0, -last.length || undefined).concat(last)
  if (!framed) return { rows, cursor: undefined, view }
  const title = margin + titleRow(state, open, width - margin.length, look)
  return { rows: [title, ...rows], cursor: undefined, view }
}

/**
 * What is said in more than one row: those in the log, and in a tiny window the last of them, in the
 * row that it has for what is said.
 */
function longRows(
  state: ClientState,
  { form, log }: Layout,
  look: Look,
): Readonly<{ log: readonly string[]; below: string | undefined }> {
  if (form !== 'tiny') {
    const width = log.width - (form === 'wide' ? 1 : 0)
    return { log: longNotice(state, width, log.height, look), below: undefined }
  }
  const rows = longNotice(state, log.width, log.height + 1, look)
  return { log: rows.slice(0, -1), below: rows.at(-1) }
}

/** The log's title and status rows are there. */
export function isFramed(form: Layout['form']): boolean {
  return form !== 'single' && form !== 'tiny' && form !== 'bare'
}

/** An overlay stands in place of the log, its title and its status. */
export function overlaySize(log: Layout['log'], form: Layout['form']): Layout['log'] {
  return { width: log.width, height: log.height + (isFramed(form) ? 2 : 0) }
}

function leftPane(
  state: ClientState,
  layout: Layout,
  height: number,
  look: Look,
): readonly string[] {
  if (layout.left === 0) return []
  return listRows(state, layout, height, look).map((row) => `${row}│`)
}

function rightPane(
  state: ClientState,
  open: Conversation | undefined,
  layout: Layout,
  height: number,
  look: Look,
): readonly string[] {
  if (layout.right === 0 || open === undefined) return []
  return membersRows(state, open, layout.right, height, look).map((row) => `│${row}`)
}

function belowRows(
  state: ClientState,
  layout: Layout,
  view: Viewport | undefined,
  look: Look,
): Readonly<{ rows: readonly string[]; cursor: Cell }> {
  if (layout.form === 'bare') return { rows: [], cursor: { x: 0, y: 0 } }
  const draft = draftOf(state)
  const bottom = draftRows(state, draft, layout, view, look)
  if (draft.search === undefined || state.focus !== 'compose') return bottom
  const { row, x } = searchRow(draft.search, draft, layout.columns, look)
  return {
    rows: [...bottom.rows.slice(0, -1), row],
    cursor: { x, y: bottom.rows.length - 1 },
  }
}

/** Whether the composer is taller than what stands in it: whatever comes there moves nothing. */
function hasSpareRow(state: ClientState, draft: EditorState): boolean {
  const { rows } = layoutEditor(draft, state.size.columns - PROMPT_CELLS, DRAFT_ROWS_MAX)
  const taken = rows.length + (openConversation(state)?.composing === undefined ? 0 : 1)
  return layoutOf(state.size, taken, false).composer > taken
}

function draftRows(
  state: ClientState,
  draft: EditorState,
  layout: Layout,
  view: Viewport | undefined,
  look: Look,
): Readonly<{ rows: readonly string[]; cursor: Cell }> {
  const beside = rowsBesideDraft(state, draft, hasSpareRow(state, draft), layout.columns, look)
  const about = beside.above
  const composer = composerRows(state.focus, draft, beside, layout, look)
  if (layout.form === 'tiny') {
    // There is no row for what is answered or edited: it stands here until something is said.
    const above =
      about === undefined || state.notice !== undefined
        ? (longRows(state, layout, look).below ?? statusRow(state, view, layout.columns, look))
        : about
    const status = layout.rows >= 2 ? [above] : []
    const { x, y } = composer.cursor
    return { rows: [...status, ...composer.rows], cursor: { x, y: y + status.length } }
  }
  const rule = ruleBelow(layout)
  const isLong = longRows(state, layout, look).log.length > 0
  const hints = hintsRow(isLong ? { ...state, notice: undefined } : state, view, layout, look)
  const tail =
    layout.form === 'single' ? [hints] : layout.hints ? ['─'.repeat(layout.columns), hints] : []
  return {
    rows: [rule, ...composer.rows, ...tail],
    cursor: { x: composer.cursor.x, y: composer.cursor.y + 1 },
  }
}
