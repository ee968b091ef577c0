import { run } from '../commands/actions.ts'
import { type Context, show } from '../context.ts'
import { editorText } from '../input/editor.ts'
import { type Press, stepped, typed } from '../keys/window-keys.ts'
import { reactionChoices } from '../log/reactions.ts'
import { entryAt } from '../state/changes.ts'
import type { DeleteWindow, ReactWindow } from '../state/message-windows.ts'
import { deleteText, react } from './requests.ts'

/** A key in the window that asks whether to delete a message. */
export function deleteKey(context: Context, overlay: DeleteWindow, key: Press): void {
  const chosen = stepped(key, overlay.chosen, 2)
  if (chosen !== undefined) return show(context, { ...overlay, chosen })
  if (key.action !== 'accept') return
  show(context, undefined)
  if (overlay.chosen === 0) run(context, () => deleteText(context, overlay))
}

/** What one has put already is taken back by choosing it again. */
export function reactKey(context: Context, overlay: ReactWindow, key: Press): void {
  const { emoji } = context.store.getSnapshot()
  const choices = reactionChoices(editorText(overlay.query), emoji)
  const chosen = stepped(key, overlay.chosen, choices.length)
  if (chosen !== undefined) return show(context, { ...overlay, chosen })
  if (key.action === 'accept') {
    const choice = choices[overlay.chosen]
    if (choice === undefined) return
    const { target, seq } = overlay
    const conversation = context.store.getSnapshot().conversations.get(target)
    const entry = entryAt(conversation?.entries ?? [], seq)
    const mine = entry?.reactions.some(({ text, mine: own }) => own && text === choice.text)
    show(context, undefined)
    return run(context, () => react(context, overlay, choice.text, mine === true))
  }
  const query = typed(overlay.query, key)
  if (query !== undefined) show(context, { ...overlay, query, chosen: 0 })
}
