import type { Binding } from '../input/bindings.ts'
import { bindingsOf } from '../input/keymap.ts'
import type { Look } from '../look.ts'
import type { ClientState } from '../state/model.ts'
import { may } from '../state/rights.ts'
import { openConversation } from '../state/selectors.ts'

/** What can be chosen in the window of the group that is open: what one may do there. */
export function groupChoices(state: ClientState, { keymap }: Look): readonly Binding[] {
  const open = openConversation(state)
  if (open === undefined) return []
  return bindingsOf(keymap, 'group').filter(({ action }) => may(state, open, action))
}

/** What can be chosen in the window of the account. */
export function accountChoices({ keymap }: Look): readonly Binding[] {
  return bindingsOf(keymap, 'account')
}
