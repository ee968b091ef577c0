import type { Context } from '../context.ts'
import { type EditorAction, reduceEditor } from '../input/editor.ts'
import { draftOf } from '../state/drafts.ts'
import { NOTHING_OPEN } from '../state/model.ts'
import { sentTexts } from '../state/selectors.ts'

/** What becomes of the open conversation's draft. What is killed can be put in everywhere. */
export function editDraft({ store }: Context, action: EditorAction): void {
  const state = store.getSnapshot()
  const target = state.open ?? NOTHING_OPEN
  const editor = reduceEditor({ ...draftOf(state), kills: state.kills }, action, {
    width: state.size.columns - 2,
    get history() {
      return sentTexts(state, target)
    },
  })
  store.dispatch({ type: 'draft', target, editor, kills: editor.kills })
}
