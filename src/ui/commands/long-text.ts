import { TEXT_BYTES_MAX } from '../../protocol/limits.ts'
import type { Binding } from '../input/bindings.ts'
import { sendable, typedText } from '../input/editor.ts'
import { bindingsOf } from '../input/keymap.ts'
import { splitText } from '../input/split-text.ts'
import type { Look } from '../look.ts'
import { draftOf } from '../state/drafts.ts'
import type { LongTextWindow } from '../state/long-text-window.ts'
import type { ClientState } from '../state/model.ts'
import { openConversation } from '../state/selectors.ts'
import { isCommand, textOf } from './slash.ts'

/** What is longer cannot be put into the composer: every key would wait for it. */
const COMPOSER_BYTES_MAX = 65_536
/** What is more messages is no message any more. */
const PARTS_MAX = 20

/** What would be in the composer with the pasted text in its place. */
export function wholeText(state: ClientState, { pasted }: Pick<LongTextWindow, 'pasted'>): string {
  const draft = draftOf(state)
  const { clusters, cursor } = draft
  if (pasted === undefined) return sendable(draft)
  return clusters.slice(0, cursor).join('') + typedText(pasted) + clusters.slice(cursor).join('')
}

/** The messages that a text becomes which is longer than one. */
export function partsOf(text: string): readonly string[] {
  return splitText(textOf(text), TEXT_BYTES_MAX)
}

/** What can be done with the text, in the order of the keymap. */
export function longTextChoices(
  state: ClientState,
  window: LongTextWindow,
  { keymap }: Look,
): readonly Binding[] {
  const whole = wholeText(state, window)
  const open = openConversation(state)
  const isMessage = open !== undefined && !isCommand(whole.trim())
  const parts = isMessage && open.composing?.type !== 'edit' ? partsOf(whole).length : 0
  const isPasted = window.pasted !== undefined
  const offered: Readonly<Record<string, boolean>> = {
    pasteInsert: isPasted && Buffer.byteLength(whole) <= COMPOSER_BYTES_MAX,
    pasteSplit: parts > 1 && parts <= PARTS_MAX,
    pasteEdit: true,
    pasteDiscard: isPasted,
  }
  return bindingsOf(keymap, 'longText').filter(({ action }) => offered[action] === true)
}
