import { isActionName } from '../commands/action-names.ts'
import { act } from '../commands/actions.ts'
import { accountChoices, groupChoices } from '../commands/choices.ts'
import { type Context, show } from '../context.ts'
import type { Binding } from '../input/bindings.ts'
import { type Press, stepped } from '../keys/window-keys.ts'
import type { Overlay } from '../state/model.ts'

/** A key in the window of a group or of the account: each row has a key of its own, too. */
export function choiceKey(
  context: Context,
  overlay: Extract<Overlay, { type: 'group' | 'account' }>,
  key: Press,
): void {
  const { look, store } = context
  const rows =
    overlay.type === 'group' ? groupChoices(store.getSnapshot(), look) : accountChoices(look)
  const chosen = stepped(key, overlay.chosen, rows.length)
  if (chosen !== undefined) return show(context, { ...overlay, chosen })
  const row = key.action === 'accept' ? rows[overlay.chosen] : rowOf(rows, key)
  if (row === undefined || !isActionName(row.action)) return
  // What opens no window of its own is told under the log; a switch is seen where it stands.
  if (!SWITCHES.has(row.action)) show(context, undefined)
  act(context, row.action, row.argument ?? '')
}

/** What is turned over, and shown in the window itself. */
const SWITCHES: ReadonlySet<string> = new Set([
  'shareReceipts',
  'mute',
  'pin',
  'notifyLevel',
  'away',
  'busy',
])

function rowOf(rows: readonly Binding[], { action, name }: Press): Binding | undefined {
  return rows.find((row) => row.action === action && row.keys.includes(name))
}
