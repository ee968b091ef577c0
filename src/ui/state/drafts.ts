import { type EditorState, emptyEditor } from '../input/editor.ts'
import { type ClientState, NOTHING_OPEN } from './model.ts'

const EMPTY_DRAFT = emptyEditor()

/** What stands in the composer of the open conversation. */
export function draftOf({ drafts, open }: ClientState): EditorState {
  return drafts.get(open ?? NOTHING_OPEN) ?? EMPTY_DRAFT
}
