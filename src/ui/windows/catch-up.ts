import { act, run } from '../commands/actions.ts'
import { serverOf } from '../commands/requests.ts'
import { type Context, show } from '../context.ts'
import { markSeen } from '../flow/seen.ts'
import { mainLayout, overlaySize } from '../frame.ts'
import { reduceEditor } from '../input/editor.ts'
import { type Press, stepped } from '../keys/window-keys.ts'
import { peekTopMax } from '../panes/catch-up.ts'
import { inner } from '../panes/overlay.ts'
import {
  type CatchUpWindow,
  chosenMissed,
  type Missed,
  missedOf,
  type PeekWindow,
} from '../state/catch-up.ts'
import { draftOf } from '../state/drafts.ts'
import { NOTHING_OPEN } from '../state/model.ts'

/** A key on the page of what came while one was away. */
export function catchUpKey(context: Context, overlay: CatchUpWindow, key: Press): void {
  if (context.clock.now() < overlay.guardUntil) {
    if (key.text !== '') return typeOn(context, key.text)
    // It was to send something, or to log in.
    if (key.action === 'accept') return
  }
  const rows = missedOf(context.store.getSnapshot())
  const row = chosenMissed(rows, overlay)
  // Nothing is left to catch up with.
  if (row === undefined) return key.action === 'accept' ? show(context, undefined) : undefined
  const at = stepped(key, rows.indexOf(row), rows.length)
  if (at !== undefined) {
    return show(context, { ...overlay, chosen: rows[at]?.conversation.target })
  }
  deeds[key.action ?? '']?.(context, overlay, rows, row)
}

export function peekKey(context: Context, overlay: PeekWindow, key: Press): void {
  const { target, back } = overlay
  if (key.action === 'accept') return openMissed(context, target)
  if (key.action === 'peek') return show(context, back)
  if (key.action === 'markRead') {
    show(context, back)
    return catchUpKey(context, back, key)
  }
  const state = context.store.getSnapshot()
  const { log, form } = mainLayout(state)
  const size = inner(overlaySize(log, form))
  const count = peekTopMax(state, overlay, size, context.look) + 1
  const top = stepped(key, overlay.top, count, Math.max(1, size.height - 1))
  if (top !== undefined) show(context, { ...overlay, top })
}

type Deed = (context: Context, overlay: CatchUpWindow, rows: readonly Missed[], row: Missed) => void

const deeds: Readonly<Record<string, Deed>> = {
  accept: (context, _, __, { conversation }) => openMissed(context, conversation.target),
  peek: (context, overlay, _, { conversation }) => {
    const { target } = conversation
    show(context, { type: 'peek', target, top: 0, back: { ...overlay, chosen: target } })
  },
  markRead: (context, overlay, rows, row) => {
    const at = rows.indexOf(row)
    const next = rows[at + 1] ?? rows[at - 1]
    if (next === undefined) show(context, undefined)
    else show(context, { ...overlay, chosen: next.conversation.target })
    run(context, () => read(context, [row]))
  },
  markAllRead: (context, _, rows) => {
    show(context, undefined)
    run(context, () => read(context, rows))
  },
}

/** At the first that is new. */
function openMissed(context: Context, target: string): void {
  context.store.dispatch({ type: 'opened', target })
  act(context, 'firstUnread')
}

async function read(context: Context, rows: readonly Missed[]): Promise<void> {
  const chat = serverOf(context)
  const asked = rows.flatMap(({ conversation }) => {
    markSeen(chat, conversation)
    const { head } = conversation
    if (head === undefined) return []
    return [chat.request({ type: 'mark', conversation: head.conversation, read: head.last })]
  })
  await Promise.all(asked)
}

/** The window goes, and the key writes. */
function typeOn(context: Context, text: string): void {
  const { store } = context
  show(context, undefined)
  const state = store.getSnapshot()
  const place = { width: state.size.columns - 2, history: [] }
  const editor = reduceEditor(draftOf(state), { kind: 'insert', text }, place)
  store.dispatch({ type: 'draft', target: state.open ?? NOTHING_OPEN, editor })
}
