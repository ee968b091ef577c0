import { act, scrollLog } from '../commands/actions.ts'
import type { Context } from '../context.ts'
import { isFramed, type MainFrame } from '../frame.ts'
import type { MousePress } from '../input/mouse.ts'
import { listPlaceAt } from '../panes/lists.ts'
import { openConversation } from '../state/selectors.ts'
import type { Keys } from './keys.ts'

/** Rows that one step of the wheel scrolls. */
const WHEEL_ROWS = 3

/** What the mouse does, where it is taken: it stands for keys that do the same. */
export function mousePress(context: Context, keys: Keys, press: MousePress): void {
  const { store, frames } = context
  const state = store.getSnapshot()
  if (!state.mouse || state.screen.type !== 'main') return
  const by = press.kind === 'wheelUp' ? -1 : 1
  if (state.overlay !== undefined) {
    // In a window the wheel goes through its rows.
    if (press.kind !== 'click') keys.press({ name: by === -1 ? 'up' : 'down', text: '' })
    return
  }
  const frame = frames.of(state)
  const pane = paneAt(frame, press)
  if (press.kind === 'click') return clicks[pane]?.(context, keys, frame, press)
  if (pane === 'left') return wheelInLists(context, frame, press, by)
  scrollLog(context, by * WHEEL_ROWS)
}

type Pane = 'above' | 'left' | 'log' | 'right' | 'below'

function paneAt({ above, left, log, layout }: MainFrame, { x, y }: MousePress): Pane {
  if (y < above.length) return 'above'
  if (y >= above.length + log.length) return 'below'
  if (left.length > 0 && x <= layout.left) return 'left'
  return x >= layout.columns - layout.right - 1 && layout.right > 0 ? 'right' : 'log'
}

type Click = (context: Context, keys: Keys, frame: MainFrame, press: MousePress) => void

const clicks: Readonly<Partial<Record<Pane, Click>>> = {
  // One pane: its first row says what else there is.
  above: (context, _, { layout }) => {
    if (layout.form === 'single') act(context, 'goTo')
  },
  left: (context, _, frame, press) => {
    const target = listPlace(context, frame, press)?.target
    if (target !== undefined) context.store.dispatch({ type: 'opened', target })
  },
  log: (context, _, frame, press) => {
    const { store } = context
    const open = openConversation(store.getSnapshot())
    const first = frame.above.length + (isFramed(frame.layout.form) ? 1 : 0)
    const seq = frame.view?.seqs[press.y - first]
    if (open === undefined || seq === undefined) return
    store.dispatch({ type: 'selected', target: open.target, seq, anchor: open.anchor })
    store.dispatch({ type: 'focus', focus: 'log' })
  },
  right: (context) => act(context, 'members'),
  below: (_, keys) => keys.compose(),
}

/** The list under the pointer gets the keys; the row in the middle of those in view is chosen then. */
function wheelInLists(context: Context, frame: MainFrame, press: MousePress, by: 1 | -1): void {
  const place = listPlace(context, frame, press)
  if (place === undefined) return
  const { list, rows, first, room } = place
  const middle = first + Math.floor(room / 2) + by * WHEEL_ROWS
  const target = rows[Math.max(0, Math.min(rows.length - 1, middle))]?.target
  if (rows.length <= room || target === undefined) return
  context.store.dispatch({ type: 'focus', focus: list })
  context.store.dispatch({ type: 'chose', list, target })
}

function listPlace({ store }: Context, { above, left, layout }: MainFrame, { y }: MousePress) {
  return listPlaceAt(store.getSnapshot(), layout, left.length, y - above.length)
}
