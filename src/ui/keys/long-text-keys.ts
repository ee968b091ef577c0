import { run } from '../commands/actions.ts'
import { longTextChoices, partsOf, wholeText } from '../commands/long-text.ts'
import { say } from '../commands/requests.ts'
import { type Context, notify, show } from '../context.ts'
import type { Binding } from '../input/bindings.ts'
import { editElsewhere } from '../messages/edit-elsewhere.ts'
import type { LongTextWindow } from '../state/long-text-window.ts'
import type { ClientState } from '../state/model.ts'
import { openConversation } from '../state/selectors.ts'
import { editDraft } from './draft.ts'
import { type Press, stepped } from './window-keys.ts'

/** A key while it is asked what becomes of a long text: each row has a key of its own, too. */
export function longTextKey(context: Context, overlay: LongTextWindow, key: Press): void {
  const state = context.store.getSnapshot()
  const rows = longTextChoices(state, overlay, context.look)
  const chosen = stepped(key, overlay.chosen, rows.length)
  if (chosen !== undefined) return show(context, { ...overlay, chosen })
  const row = key.action === 'accept' ? rows[overlay.chosen] : rowOf(rows, key)
  if (row === undefined) return
  show(context, undefined)
  deeds[row.action]?.(context, overlay, state)
}

/** Esc: what was pasted is not lost. */
export function leaveLongText(context: Context, { pasted }: LongTextWindow): void {
  show(context, undefined)
  if (pasted === undefined) return
  editDraft(context, { kind: 'keep', text: pasted })
  notify(context, 'info', context.look.words.longText.kept)
}

type Deed = (context: Context, overlay: LongTextWindow, state: ClientState) => void

const deeds: Readonly<Record<string, Deed>> = {
  pasteInsert: (context, { pasted = '' }) => editDraft(context, { kind: 'paste', text: pasted }),
  pasteSplit: (context, overlay, state) => saySeveral(context, wholeText(state, overlay)),
  pasteEdit: (context, overlay, state) => {
    const { pasted } = overlay
    // Whatever becomes of the editor, it is still there.
    if (pasted !== undefined) editDraft(context, { kind: 'keep', text: pasted })
    run(context, () => editElsewhere(context, wholeText(state, overlay)))
  },
  pasteDiscard: (context, overlay) => leaveLongText(context, overlay),
}

function rowOf(rows: readonly Binding[], { action, name }: Press): Binding | undefined {
  return rows.find((row) => row.action === action && row.keys.includes(name))
}

/** One message after the other; what could not be said is in the composer again. */
function saySeveral(context: Context, text: string): void {
  const { store } = context
  const open = openConversation(store.getSnapshot())
  if (open === undefined) return
  const { kind, target, composing } = open
  const parts = [...partsOf(text)]
  editDraft(context, { kind: 'submitted' })
  const editor = store.getSnapshot().drafts.get(target)
  if (editor !== undefined)
    store.dispatch({ type: 'composing', target, composing: undefined, editor })
  run(context, async () => {
    let reply = composing?.seq ?? 0
    try {
      for (let part = parts.at(0); part !== undefined; part = parts.at(0)) {
        await say(context, { kind, id: target }, part, reply)
        parts.shift()
        reply = 0
      }
    } catch (error) {
      editDraft(context, { kind: 'paste', text: parts.join('\n') })
      throw error
    }
  })
}
