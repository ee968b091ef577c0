import type { Context } from '../context.ts'
import { logView, mainLayout } from '../frame.ts'
import { foldAt } from '../log/selection.ts'
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
