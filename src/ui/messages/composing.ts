import { typedOf } from '../commands/slash.ts'
import { type Context, notify } from '../context.ts'
import { editorText, emptyEditor } from '../input/editor.ts'
import { draftOf } from '../state/drafts.ts'
import { openConversation } from '../state/selectors.ts'
import type { Chosen } from './chosen.ts'

/** The next message answers this one. What was being written stays. */
export function beginReply({ store }: Context, { open, entry }: Chosen): void {
  const state = store.getSnapshot()
  const editor = open.composing?.type === 'edit' ? open.composing.before : draftOf(state)
  const composing = { type: 'reply', seq: entry.seq } as const
  store.dispatch({ type: 'composing', target: open.target, composing, editor })
  store.dispatch({ type: 'focus', focus: 'compose' })
}

/** The old text is in the composer; the draft of before comes back afterwards. */
export function beginEdit({ store }: Context, { open, entry }: Chosen): void {
  const state = store.getSnapshot()
  const before = open.composing?.type === 'edit' ? open.composing.before : draftOf(state)
  const editor = emptyEditor({ text: typedOf(entry.text) })
  const composing = { type: 'edit', seq: entry.seq, before } as const
  store.dispatch({ type: 'composing', target: open.target, composing, editor })
  store.dispatch({ type: 'focus', focus: 'compose' })
}

/** No answer and no edit after all: an answer's text stays, an edited one gives way to the draft. */
export function cancelComposing(context: Context): void {
  const { store, look } = context
  const state = store.getSnapshot()
  const open = openConversation(state)
  if (open?.composing === undefined) return
  const { composing, target } = open
  const editor = composing.type === 'edit' ? composing.before : draftOf(state)
  const changed = composing.type === 'edit' && editorText(draftOf(state)) !== ''
  store.dispatch({ type: 'composing', target, composing: undefined, editor })
  if (changed) notify(context, 'info', look.words.messages.notEdited)
}
