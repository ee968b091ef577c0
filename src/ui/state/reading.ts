import { change } from './conversations.ts'
import type { ClientState } from './model.ts'

/** How the log is read: zoomed, with lines unfolded. */
export type ReadingEvent =
  /** The log has the whole screen, and the keys. */
  | Readonly<{ type: 'zoomed'; zoomed: boolean }>
  /** Clicks and the wheel of the mouse are taken. */
  | Readonly<{ type: 'mouse'; on: boolean }>
  /** These entries are shown one by one from now on. */
  | Readonly<{ type: 'unfolded'; target: string; seqs: readonly number[] }>

/** The entries of a folded line get lines of their own. */
export function unfold(
  state: ClientState,
  { target, seqs }: Extract<ReadingEvent, { type: 'unfolded' }>,
): ClientState {
  return change(state, target, (it) => ({ ...it, unfolded: new Set([...it.unfolded, ...seqs]) }))
}

/** Zoomed is the log only while it has the keys. */
export function withZoomKept(state: ClientState): ClientState {
  return state.zoomed && state.focus !== 'log' ? { ...state, zoomed: false } : state
}

/** Clicks are this program's: not where one selects what is to be copied. */
export function takesMouse(state: ClientState): boolean {
  const { mouse, screen, overlay } = state
  const isForCopying = overlay?.type === 'share' || overlay?.type === 'invite' || isZoomed(state)
  return mouse && screen.type === 'main' && !isForCopying
}

/** Nothing but the log is on the screen now. */
export function isZoomed({ zoomed, overlay, open }: ClientState): boolean {
  return zoomed && overlay === undefined && open !== undefined
}
