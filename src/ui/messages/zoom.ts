import { type Context, notify } from '../context.ts'
import { isZoomed } from '../state/reading.ts'
import { openConversation } from '../state/selectors.ts'

/** The log alone on the screen, or not any more. */
export function zoom(context: Context, enterLog: () => void): void {
  const { store, look } = context
  const state = store.getSnapshot()
  if (isZoomed(state)) return store.dispatch({ type: 'zoomed', zoomed: false })
  if (openConversation(state) === undefined) throw new Error(look.words.notices.nothingOpen)
  enterLog()
  store.dispatch({ type: 'zoomed', zoomed: true })
  notify(context, 'info', look.words.reading.zoomKeys)
}
