import { ChatError } from '../../protocol/errors.ts'
import { type Context, show } from '../context.ts'
import { inWords } from '../flow/refusal.ts'
import type { ActionId } from '../input/bindings.ts'
import type { EditorState } from '../input/editor.ts'
import type { KeyPress } from '../input/key.ts'
import type { Overlay } from '../state/model.ts'
import { typedField } from './field.ts'

/** What the keys of the windows over the chat have in common. */

/** What a key means in an overlay, by the keymap, with its argument, and what it writes. */
export type Press = KeyPress & Readonly<{ action: ActionId | undefined; argument: string }>

type FormOverlay = Extract<Overlay, { fields: readonly EditorState[] }>

/** A key in a form: another field, or a change of the one that has the cursor. */
export function formKey(context: Context, overlay: FormOverlay, key: Press): void {
  const step = fieldSteps[key.action ?? '']
  const count = overlay.fields.length + (overlay.type === 'createGroup' ? 1 : 0)
  if (step !== undefined) {
    return show(context, { ...overlay, field: (overlay.field + step + count) % count })
  }
  const editor = overlay.fields[overlay.field]
  const next = editor === undefined ? undefined : typed(editor, key)
  if (next === undefined) return
  const fields = overlay.fields.map((field, index) => (index === overlay.field ? next : field))
  show(context, { ...overlay, fields, fault: '' })
}

const fieldSteps: Readonly<Record<string, number>> = {
  nextField: 1,
  chooseNext: 1,
  previousField: -1,
  choosePrevious: -1,
}

/** Asks the server; what it refuses is shown in the form, where it can be mended. */
export function submit(
  context: Context,
  overlay: Extract<Overlay, { busy: boolean }>,
  ask: () => Promise<void>,
): void {
  show(context, { ...overlay, busy: true, fault: '' })
  ask().catch((error: unknown) => {
    const now = context.store.getSnapshot().overlay
    if (now?.type !== overlay.type) return
    const form = { busy: false, fault: inWords(error, context.look) }
    // Refused means not done: what is asked next is something else. After a lost answer it is not.
    const nonce = error instanceof ChatError ? context.randomNonce() : undefined
    if (now.type === 'createGroup') show(context, { ...now, ...form, nonce: nonce ?? now.nonce })
    else if (now.type === 'joinGroup' || now.type === 'addContact')
      show(context, { ...now, ...form })
  })
}

/** A field after a key; undefined: the key does nothing in it. */
export function typed(editor: EditorState, key: Press): EditorState | undefined {
  return typedField(editor, key, key.action)
}

const PAGE = 10
const steps: Readonly<Record<string, (page: number) => number>> = {
  choosePrevious: () => -1,
  chooseNext: () => 1,
  choosePageUp: (page) => -page,
  choosePageDown: (page) => page,
  chooseFirst: () => Number.NEGATIVE_INFINITY,
  chooseLast: () => Number.POSITIVE_INFINITY,
}

/** The row that a key leads to, of so many; undefined: it is no key for that. */
export function stepped(
  { action }: Press,
  chosen: number,
  count: number,
  page = PAGE,
): number | undefined {
  const step = steps[action ?? '']?.(page)
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, chosen + step))
}
