import type { Context } from '../context.ts'
import { logView, mainLayout } from '../frame.ts'
import { foldAt, isShortened } from '../log/selection.ts'
import { openConversation } from '../state/selectors.ts'

/** Shows one by one what the selected line has folded; whether it has. */
export function unfoldSelected({ store, cache, look }: Context): boolean {
  const state = store.getSnapshot()
  const open = openConversation(state)
  if (open?.selected === undefined) return false
  const fold = foldAt(logView(state, open, mainLayout(state), look), open.selected, cache, look)
  if (fold === undefined) return false
  const seqs = fold.map(({ seq }) => seq)
  store.dispatch({ type: 'unfolded', target: open.target, seqs })
  return true
}

/** Shows all of the selected message where it is shortened, in the view that is there; whether it was. */
export function showWholeText({ store, frames, cache, look }: Context): boolean {
  const state = store.getSnapshot()
  const open = openConversation(state)
  if (open?.selected === undefined) return false
  const { target, selected: seq } = open
  const view = logView(state, open, mainLayout(state), look)
  if (!isShortened(view, seq, cache, look)) return false
  const anchor = frames.of(state).view?.top
  store.dispatch({ type: 'unfolded', target, seqs: [seq] })
  store.dispatch({ type: 'selected', target, seq, anchor })
  return true
}
