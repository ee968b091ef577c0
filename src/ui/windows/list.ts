import type { User } from '../../protocol/messages.ts'
import { serverOf } from '../commands/requests.ts'
import { type Context, show } from '../context.ts'
import { inWords } from '../flow/refusal.ts'
import { type Press, stepped } from '../keys/window-keys.ts'
import type { Deed, Listed, ListWindow } from '../state/windows.ts'

/** Opens a list and asks the server for it, page after page; what it shows meanwhile is empty. */
export function openList(context: Context, of: Listed['of'], group: string, chosen = 0): void {
  const list = { of, items: [] } as Listed
  const window: ListWindow = { type: 'list', group, chosen, loading: true, fault: '', list }
  show(context, window)
  fetches[of](context, group).then(
    (items) => answered(context, window, { ...window, loading: false, list: listOf(of, items) }),
    (error: unknown) =>
      answered(context, window, { ...window, loading: false, fault: inWords(error, context.look) }),
  )
}

/** The window may have been left, or be another list by now. */
function answered(context: Context, asked: ListWindow, window: ListWindow): void {
  const now = context.store.getSnapshot().overlay
  if (now?.type !== 'list' || now.list !== asked.list) return
  const chosen = Math.max(0, Math.min(now.chosen, window.list.items.length - 1))
  show(context, { ...window, chosen })
}

function listOf(of: Listed['of'], items: readonly unknown[]): Listed {
  return { of, items } as Listed
}

type Fetch = (context: Context, group: string) => Promise<readonly unknown[]>

const fetches: Readonly<Record<Listed['of'], Fetch>> = {
  sessions: (context) =>
    allOf(async (after) => {
      const { sessions, next } = await serverOf(context).request({ type: 'listSessions', after })
      return { items: sessions, next }
    }),
  bans: (context, group) => fetchBans(context, group),
  invites: (context, group) =>
    allOf(async (after) => {
      const { invites, next } = await serverOf(context).request({
        type: 'listInvites',
        group,
        after,
      })
      return { items: invites, next }
    }),
}

/** Everybody who is banned from the group. */
export function fetchBans(context: Context, group: string): Promise<readonly User[]> {
  return allOf(async (after) => {
    const { users, next } = await serverOf(context).request({ type: 'listBans', group, after })
    return { items: users, next }
  })
}

async function allOf<T>(
  page: (after: string) => Promise<Readonly<{ items: readonly T[]; next: string }>>,
): Promise<readonly T[]> {
  const all: T[] = []
  let after = ''
  do {
    const { items, next } = await page(after)
    all.push(...items)
    after = next
  } while (after !== '')
  return all
}

/** A key in one of the lists. */
export function listKey(context: Context, overlay: ListWindow, key: Press): void {
  const chosen = stepped(key, overlay.chosen, overlay.list.items.length)
  if (chosen !== undefined) return show(context, { ...overlay, chosen })
  if (key.action === 'endOthers' && overlay.list.of === 'sessions') {
    return ask(context, overlay, { name: 'endOthers', group: '', id: '', label: '' })
  }
  const { list } = overlay
  const invite = list.of === 'invites' ? list.items[overlay.chosen] : undefined
  if (key.action === 'accept' && invite !== undefined) {
    return show(context, { type: 'invite', invite, back: overlay })
  }
  if (key.action !== 'endChosen' && key.action !== 'accept') return
  const deed = deedOf(overlay)
  if (deed !== undefined) ask(context, overlay, deed)
}

/** What ends the chosen row. */
function deedOf({ list, group, chosen }: ListWindow): Deed | undefined {
  if (list.of === 'sessions') {
    const session = list.items[chosen]
    return session && { name: 'endSession', group: '', id: session.id, label: session.device }
  }
  if (list.of === 'bans') {
    const user = list.items[chosen]
    return user && { name: 'unban', group, id: user.id, label: user.name }
  }
  const invite = list.items[chosen]
  return invite && { name: 'revoke', group, id: invite.code, label: invite.code }
}

function ask(context: Context, back: ListWindow, deed: Deed): void {
  show(context, { type: 'ask', deed, chosen: 1, back, busy: false, fault: '' })
}
