import { type Context, show } from '../context.ts'
import { inWords } from '../flow/refusal.ts'
import { mainLayout, overlaySize } from '../frame.ts'
import { type Press, stepped } from '../keys/window-keys.ts'
import { infoTopMax } from '../panes/message-info.ts'
import { entryAt } from '../state/changes.ts'
import type { InfoWindow, MessagePlace } from '../state/message-windows.ts'
import { getReceipts } from './requests.ts'

/** Shows what is known of a message, and of one's own asks how far the others have got with it. */
export function openInfo(context: Context, place: MessagePlace): void {
  const window: InfoWindow = { type: 'messageInfo', ...place, top: 0, counts: undefined, fault: '' }
  show(context, window)
  if (!isOwn(context, place)) return
  const told = (more: Partial<InfoWindow>) => {
    const { overlay } = context.store.getSnapshot()
    const isSame = overlay?.type === 'messageInfo' && overlay.seq === place.seq
    if (isSame) show(context, { ...overlay, ...more })
  }
  getReceipts(context, place).then(
    ({ seq, delivered, read, of }) => told({ counts: { seq, delivered, read, of } }),
    (error: unknown) => told({ fault: inWords(error, context.look) }),
  )
}

/** Only who said something is told how far it has got (rule 9). */
function isOwn({ store }: Context, { target, seq }: MessagePlace): boolean {
  const { me, conversations } = store.getSnapshot()
  return entryAt(conversations.get(target)?.entries ?? [], seq)?.from === me?.id
}

/** A key in the window about a message. */
export function infoKey(context: Context, overlay: InfoWindow, key: Press): void {
  const state = context.store.getSnapshot()
  const { log, form } = mainLayout(state)
  const size = overlaySize(log, form)
  const count = infoTopMax(state, overlay, size, context.look) + 1
  const top = stepped(key, overlay.top, count, Math.max(1, size.height - 4))
  if (top !== undefined) show(context, { ...overlay, top })
}
