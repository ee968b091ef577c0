import { TEXT_BYTES_MAX } from '../../protocol/limits.ts'
import { isCommand } from '../commands/slash.ts'
import { type Context, notify } from '../context.ts'
import { editorText, emptyEditor, reduceEditor } from '../input/editor.ts'
import { editDraft } from '../keys/draft.ts'
import { sizeOf } from '../panes/long-text.ts'
import { draftOf } from '../state/drafts.ts'
import { NOTHING_OPEN } from '../state/model.ts'

/**
 * The draft, or `text`, goes to the person's own editor and comes back into the composer of the same
 * conversation; whether it answers or edits something stays.
 * @throws with why the editor could not be used; the draft is then as it was
 */
export async function editElsewhere(context: Context, text?: string): Promise<void> {
  const { store, look } = context
  const before = store.getSnapshot()
  const target = before.open ?? NOTHING_OPEN
  const edited = await context.editText(text ?? editorText(draftOf(before)))
  const { conversations, drafts, kills } = store.getSnapshot()
  if (edited.text !== undefined) {
    if (edited.fault !== undefined || (target !== NOTHING_OPEN && !conversations.has(target))) {
      // It has no place any more, or the editor broke off: it can be put in by a key.
      editDraft(context, { kind: 'keep', text: edited.text })
    } else {
      const draft = { ...(drafts.get(target) ?? emptyEditor()), kills }
      const set = { kind: 'set', text: edited.text } as const
      const editor = reduceEditor(draft, set, { width: 80, history: [] })
      store.dispatch({ type: 'draft', target, editor })
    }
  }
  store.dispatch({ type: 'focus', focus: 'compose' })
  if (edited.fault !== undefined) throw new Error(edited.fault)
  const bytes = Buffer.byteLength(edited.text ?? '')
  if (bytes > TEXT_BYTES_MAX && !isCommand((edited.text ?? '').trim())) {
    const { nowLong } = look.words.longText
    notify(context, 'info', nowLong(sizeOf(bytes), sizeOf(TEXT_BYTES_MAX)))
  }
}
