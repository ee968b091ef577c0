import { type Context, show } from '../context.ts'
import { inWords } from '../flow/refusal.ts'
import { type Press, stepped } from '../keys/window-keys.ts'
import type { Overlay } from '../state/model.ts'
import type { AskWindow, Deed, DeedName } from '../state/windows.ts'
import { endSession, logOutEverywhere } from './account-requests.ts'
import { ban, block, removeMember, revoke, setRole, unban } from './group-requests.ts'
import { openList } from './list.ts'

/** Asks before something is done; what was open stays behind it. */
export function ask(context: Context, deed: Deed): void {
  const back = context.store.getSnapshot().overlay
  show(context, { type: 'ask', deed, chosen: 1, back, busy: false, fault: '' })
}

/** A key while it is asked. Esc is No. */
export function askKey(context: Context, overlay: AskWindow, key: Press): void {
  if (overlay.busy) return
  const chosen = stepped(key, overlay.chosen, 2)
  if (chosen !== undefined) return show(context, { ...overlay, chosen })
  if (key.action !== 'accept') return
  if (overlay.chosen === 1) return show(context, overlay.back)
  show(context, { ...overlay, busy: true, fault: '' })
  deeds[overlay.deed.name](context, overlay.deed).then(
    () => done(context, overlay.back),
    (error: unknown) => {
      const now = context.store.getSnapshot().overlay
      if (now?.type !== 'ask') return
      show(context, { ...now, busy: false, fault: inWords(error, context.look) })
    },
  )
}

/** A list is asked for again: it is not what it was. */
function done(context: Context, back: Overlay | undefined): void {
  if (context.store.getSnapshot().overlay?.type !== 'ask') return
  if (back?.type === 'list') openList(context, back.list.of, back.group, back.chosen)
  else show(context, back)
}

const deeds: Readonly<Record<DeedName, (context: Context, deed: Deed) => Promise<void>>> = {
  removeMember: (context, { group, id, label }) => removeMember(context, group, id, label),
  ban: (context, { group, id, label }) => ban(context, group, id, label),
  unban: (context, { group, id, label }) => unban(context, group, id, label),
  makeOwner: (context, { group, id, label }) => setRole(context, group, id, label, 'owner'),
  block: (context, { label }) => block(context, label),
  revoke: (context, { id }) => revoke(context, id),
  endSession: (context, { id }) => endSession(context, id),
  endOthers: (context) => endSession(context, ''),
  logOutEverywhere: (context) => logOutEverywhere(context),
}
