import type { Entry } from '../../protocol/messages.ts'
import type { Look } from '../look.ts'
import type { Anchor } from '../state/model.ts'
import { Blocks, type LogView } from './blocks.ts'
import { atOrAfter, LogRows, type RowPlace } from './log-rows.ts'
import type { RowCache } from './rows.ts'

/** Which message keys act on, and where the view begins so that it is seen. */
export type Selection = Readonly<{ seq: number | undefined; anchor: Anchor | undefined }>

/**
 * The message above (−1) or below (1) the selected one, in view. One that is taller than the view is
 * read to its edge first, row by row; beyond the last one the log scrolls.
 */
export function selectionMoved(view: LogView, by: 1 | -1, cache: RowCache, look: Look): Selection {
  const log = new LogRows(view, cache, look)
  const { anchor, selected } = view.conversation
  const start = anchor === undefined ? log.endStart() : log.anchored(anchor)
  const next = selected === undefined ? undefined : log.messageBeside(selected, by)
  if (next === undefined || !isRead(log, view, start, by)) {
    const further = log.moved(start, by)
    const stays = isSeen(log, selected, further, view.height)
    return selectionAt(log, selected, stays ? further : start)
  }
  return selectionAt(log, next, startFor(log, next, start, view.height, by))
}

/** The entries that the selected line has folded; undefined: it is no such line. */
export function foldAt(
  view: LogView,
  seq: number,
  cache: RowCache,
  look: Look,
): readonly Entry[] | undefined {
  const blocks = new Blocks(view, cache, look)
  const index = blocks.indexOf(seq)
  return blocks.seqOf(index) === seq ? blocks.foldAt(index) : undefined
}

/** Whether the message is shown with the first of its rows only. */
export function isShortened(view: LogView, seq: number, cache: RowCache, look: Look): boolean {
  const { conversation } = view
  const unfolded = new Set([...conversation.unfolded, seq])
  const whole = { ...view, conversation: { ...conversation, unfolded } }
  const lastRow = (of: LogView) => new LogRows(of, cache, look).spanOf(seq)?.last.row
  return lastRow(whole) !== lastRow(view)
}

/** What is selected, with the view moved to where it is seen; nothing when it is gone. */
export function selectionKept(view: LogView, cache: RowCache, look: Look): Selection {
  const log = new LogRows(view, cache, look)
  const { selected, anchor } = view.conversation
  const span = selected === undefined ? undefined : log.spanOf(selected)
  return span === undefined ? { seq: undefined, anchor } : selectionAt(log, selected, span.first)
}

/** Whether a row of the message is in the view that begins there; nothing is, of none. */
function isSeen(log: LogRows, seq: number | undefined, start: RowPlace, height: number): boolean {
  const span = seq === undefined ? undefined : log.spanOf(seq)
  if (span === undefined) return true
  return atOrAfter(span.last, start) && atOrAfter(log.moved(start, height - 1), span.first)
}

/** The selected message is in view up to the edge to which one goes. */
function isRead(log: LogRows, { conversation, height }: LogView, start: RowPlace, by: 1 | -1) {
  const span = log.spanOf(conversation.selected ?? 0)
  if (span === undefined) return true
  return by === -1
    ? atOrAfter(span.first, start)
    : atOrAfter(log.moved(start, height - 1), span.last)
}

/** The view moves no further than it must; of what is taller than it the near edge is shown. */
function startFor(
  log: LogRows,
  seq: number,
  start: RowPlace,
  height: number,
  by: 1 | -1,
): RowPlace {
  const span = log.spanOf(seq)
  if (span === undefined) return start
  const lowest = log.moved(span.last, 1 - height)
  const isTall = atOrAfter(lowest, span.first)
  if (by === -1) {
    if (atOrAfter(span.first, start)) return start
    return isTall ? lowest : span.first
  }
  if (atOrAfter(log.moved(start, height - 1), span.last)) return start
  return isTall ? span.first : lowest
}

function selectionAt(log: LogRows, seq: number | undefined, start: RowPlace): Selection {
  const end = log.endStart()
  return { seq, anchor: atOrAfter(start, end) ? undefined : log.anchorOf(start) }
}
