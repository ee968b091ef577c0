import type { EditorState } from '../input/editor.ts'
import { isMasked } from '../keys/forms.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import type { FormWindow } from '../state/windows.ts'
import { sureText } from '../text/fit.ts'
import { wrapText } from '../text/wrap.ts'
import { type Body, formBody, type Size } from './window.ts'

/** Labelled fields, what they mean, and what was refused. */
export function formPane(state: ClientState, overlay: FormWindow, size: Size, look: Look): Body {
  const { forms } = look.words.windows
  const { form, group, fields, field, busy, fault } = overlay
  const its = forms[form]
  const name = form === 'inviteCode' ? group : state.conversations.get(group)?.name
  const shown = fields.map((editor, index) => (isMasked(form, index) ? masked(editor) : editor))
  const lost = form === 'deleteAccount' && state.outbox.length > 0
  const help = [...its.help, ...(lost ? [forms.waiting(state.outbox.length)] : [])]
  const notes = help.flatMap((line) => wrapText(line, Math.max(1, size.width - 1)))
  const title = sureText(its.title(name === undefined ? '' : `#${name}`))
  const words = { title, keys: fields.length > 1 ? forms.keys : forms.keysOne }
  return formBody(words, its.labels, shown, field, { busy, fault }, size, look, notes)
}

function masked(editor: EditorState): EditorState {
  return { ...editor, clusters: editor.clusters.map(() => '•') }
}
