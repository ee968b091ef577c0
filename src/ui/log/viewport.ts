import type { Look } from '../look.ts'
import type { Anchor } from '../state/model.ts'
import type { LogView } from './blocks.ts'
import { atOrAfter, LogRows, type Viewport } from './log-rows.ts'
import { headedRow } from './message-rows.ts'
import type { RowForm } from './row-form.ts'
import type { RowCache } from './rows.ts'

/** The rows in view: the end of the log, or from the anchor on. Only these are made. */
export function viewport(view: LogView, cache: RowCache, look: Look): Viewport {
  const { anchor } = view.conversation
  const log = new LogRows(view, cache, look)
  const start = anchor === undefined ? log.endStart() : log.anchored(anchor)
  return log.from(start)
}

/** Whoever speaks is named, however far above the view their name stands. */
export function headedRows(view: Viewport, form: RowForm, look: Look): readonly string[] {
  const [first, ...rest] = view.rows
  if (first === undefined || view.heading === undefined || form.names !== 'beside') return view.rows
  return [headedRow(first, view.heading, form, look), ...rest]
}

/**
 * The anchor after scrolling by so many rows (up: negative) from what is in view; undefined at
 * the end, which is followed from then on.
 */
export function scrolled(
  view: LogView,
  top: Anchor | undefined,
  rows: number,
  cache: RowCache,
  look: Look,
): Anchor | undefined {
  if (top === undefined) return undefined
  const log = new LogRows(view, cache, look)
  const moved = log.moved(log.place(top), rows)
  const end = log.endStart()
  return atOrAfter(moved, end) ? undefined : log.anchorOf(moved)
}
