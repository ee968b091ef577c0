import { act, run } from '../commands/actions.ts'
import { openWith } from '../commands/requests.ts'
import { type Context, show } from '../context.ts'
import { type Press, stepped } from '../keys/window-keys.ts'
import { sortedMembers } from '../panes/members.ts'
import type { Overlay } from '../state/model.ts'
import { may } from '../state/rights.ts'
import { openConversation } from '../state/selectors.ts'
import { ask } from './ask.ts'
import { setRole } from './group-requests.ts'

type MembersOverlay = Extract<Overlay, { type: 'members' }>

/** A key among the members: writes to the chosen one, or does what one's role allows. */
export function memberKey(context: Context, overlay: MembersOverlay, key: Press): void {
  const state = context.store.getSnapshot()
  const members = sortedMembers(state, state.open ?? '')
  const chosen = stepped(key, overlay.chosen, members.length)
  if (chosen !== undefined) return show(context, { ...overlay, chosen })
  const user = members[overlay.chosen]?.user
  if (key.action === 'accept' && user !== undefined) return openWith(context, user)
  const open = openConversation(state)
  const { action } = key
  if (open === undefined || action === undefined || !may(state, open, action)) return
  if (action === 'addMembers') return act(context, 'addMembers')
  if (user === undefined) return
  const deed = { group: open.target, id: user.id, label: user.name }
  if (action === 'removeMember' || action === 'ban') return ask(context, { name: action, ...deed })
  if (action !== 'setRole') return
  const role = ROLES[key.argument]
  // What an owner can take from one is asked first.
  if (role === undefined) return ask(context, { name: 'makeOwner', ...deed })
  run(context, () => setRole(context, open.target, user.id, user.name, role))
}

const ROLES: Readonly<Record<string, 'admin' | 'member'>> = { admin: 'admin', member: 'member' }
