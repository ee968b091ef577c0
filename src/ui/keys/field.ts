import type { ActionId } from '../input/bindings.ts'
import { type EditorState, reduceEditor, type SimpleAction } from '../input/editor.ts'
import type { KeyPress } from '../input/key.ts'

/** A field of one line never wraps and has no history. */
const CONTEXT = { width: 10_000, history: [] }

/** A field after a key; undefined: the key does nothing in it. */
export function typedField(
  editor: EditorState,
  key: KeyPress,
  action: ActionId | undefined,
): EditorState | undefined {
  if (action?.startsWith('edit.') === true) {
    return reduceEditor(editor, { kind: action.slice('edit.'.length) as SimpleAction }, CONTEXT)
  }
  return key.text === ''
    ? undefined
    : reduceEditor(editor, { kind: 'insert', text: key.text }, CONTEXT)
}
