import { INVITE_DAYS_MAX, INVITE_USES_MAX } from '../../protocol/limits.ts'
import type { Role } from '../../protocol/messages.ts'
import { nameKey } from '../../protocol/names.ts'
import type { ActionName } from '../commands/action-names.ts'
import { namesOf, usageError } from '../commands/arguments.ts'
import { type Context, show } from '../context.ts'
import type { Conversation } from '../state/model.ts'
import { type GroupRight, needs } from '../state/rights.ts'
import { fetchSettings, setHideReceipts } from './account-requests.ts'
import { ask } from './ask.ts'
import { openForm } from './form.ts'
import {
  addMembers,
  ban,
  block,
  invite,
  openGroupOf,
  removeMember,
  renameGroup,
  setAccess,
  setRole,
  setTopic,
  unban,
  unblock,
  userOf,
} from './group-requests.ts'
import { fetchBans, openList } from './list.ts'
import { openSearch } from './search.ts'

type Action = (context: Context, argument: string) => void | Promise<void>

/** What is done in or with the windows of search, groups and the account. */
export const windowActions = {
  search: (context, words) => openSearch(context, words, false),
  searchAll: (context, words) => openSearch(context, words, true),

  group: (context) => {
    openGroupOf(context)
    show(context, { type: 'group', chosen: 0 })
  },
  topic: (context, topic) => {
    const { target, head } = groupFor(context, 'topic')
    if (topic === '') return openForm(context, 'topic', target, [head?.topic ?? ''])
    return setTopic(context, target, topic)
  },
  renameGroup: (context, name) => {
    const { target, name: before } = groupFor(context, 'renameGroup')
    if (name === '') return openForm(context, 'renameGroup', target, [before])
    return renameGroup(context, target, name)
  },
  addMembers: (context, names) => {
    const { target } = groupFor(context, 'addMembers')
    if (names === '') return openForm(context, 'addMembers', target)
    return addMembers(context, target, namesOf(names))
  },
  invite: (context, argument) => inviteAs(context, argument),
  invites: (context) => openList(context, 'invites', groupFor(context, 'invites').target),
  bans: (context) => openList(context, 'bans', groupFor(context, 'bans').target),
  removeMember: onMember('removeMember', removeMember),
  ban: onMember('ban', ban),
  unban: onMember('unban', liftBan),
  setRole: (context, argument) => {
    const [name, role, ...more] = namesOf(argument)
    if (name === undefined || role === undefined || more.length > 0) {
      throw usageError(context, 'setRole')
    }
    if (!isRole(role)) throw new Error(context.look.words.windows.done.roleWords)
    const user = userOf(name)
    return setRole(context, groupFor(context, 'setRole').target, user, user, role)
  },
  makePublic: (context) =>
    setAccess(context, groupFor(context, 'makePublic').target, 'public', true),
  makePrivate: (context, history) => {
    if (history !== '' && history !== 'history') {
      throw new Error(context.look.words.windows.done.history)
    }
    return setAccess(context, groupFor(context, 'makePrivate').target, 'invite', history !== '')
  },
  deleteGroup: (context) =>
    openForm(context, 'deleteGroup', groupFor(context, 'deleteGroup').target),

  block: onPerson('block', block),
  unblock: onPerson('unblock', liftBlock),

  account: (context) => {
    show(context, { type: 'account', chosen: 0 })
    return fetchSettings(context)
  },
  sessions: (context) => openList(context, 'sessions', ''),
  password: (context) => openForm(context, 'password', ''),
  deleteAccount: (context) => openForm(context, 'deleteAccount', ''),
  shareReceipts: (context, argument) => {
    const { hideReceipts = false } = context.store.getSnapshot()
    if (argument === '') return setHideReceipts(context, !hideReceipts)
    if (argument !== 'on' && argument !== 'off') {
      throw new Error(context.look.words.windows.done.onOff)
    }
    return setHideReceipts(context, argument === 'off')
  },
} as const satisfies Partial<Record<ActionName, Action>>

/** The group that is open. @throws when none is, or one's role there does not allow the deed */
function groupFor(context: Context, deed: GroupRight): Conversation {
  const open = openGroupOf(context)
  const role = needs(context.store.getSnapshot(), open, deed)
  if (role === undefined) return open
  throw new Error(context.look.words.windows.done.needs[role](`#${open.name}`))
}

/** Log-out of all clients of the account; it is asked first. */
export function askLogOutEverywhere(context: Context): void {
  ask(context, { name: 'logOutEverywhere', group: '', id: '', label: '' })
}

/** A command about one person, whose name is needed. */
function onPerson(
  action: ActionName,
  work: (context: Context, name: string) => Promise<void>,
): Action {
  return (context, name) => {
    if (name === '' || /\s/.test(name)) throw usageError(context, action)
    return work(context, name)
  }
}

/** A command about one member of the open group. */
function onMember(
  action: 'removeMember' | 'ban' | 'unban',
  work: (context: Context, group: string, user: string, label: string) => Promise<void>,
): Action {
  return onPerson(action, (context, name) => {
    const user = userOf(name)
    return work(context, groupFor(context, action).target, user, user)
  })
}

/**
 * '/invite 5 30' makes a line for five people and thirty days; '/invite bob' lets bob in at once, as
 * IRC people expect. Whose name is a number is written with an @.
 */
function inviteAs(context: Context, argument: string): void | Promise<void> {
  const words = namesOf(argument)
  const { target } = groupFor(context, 'invite')
  if (words.some((word) => !/^\d+$/.test(word))) return addMembers(context, target, words)
  const [uses, days, ...more] = words.map(Number)
  if (more.length > 0) throw usageError(context, 'invite')
  if (!isFrom1(uses, INVITE_USES_MAX) || !isFrom1(days, INVITE_DAYS_MAX)) {
    const { inviteNumbers } = context.look.words.windows.done
    throw new Error(inviteNumbers(INVITE_USES_MAX, INVITE_DAYS_MAX))
  }
  return invite(context, target, uses ?? 0, days ?? 0)
}

/** What is not written the server chooses. */
function isFrom1(count: number | undefined, most: number): boolean {
  return count === undefined || (count >= 1 && count <= most)
}

/** Somebody who is not banned is not let back in. */
async function liftBan(context: Context, group: string, user: string, label: string) {
  const banned = await fetchBans(context, group)
  if (!banned.some(({ name }) => nameKey(name) === nameKey(user))) {
    const name = context.store.getSnapshot().conversations.get(group)?.name ?? ''
    throw new Error(context.look.words.windows.done.notBanned(label, `#${name}`))
  }
  return unban(context, group, user, label)
}

async function liftBlock(context: Context, text: string): Promise<void> {
  const name = userOf(text)
  const contacts = [...context.store.getSnapshot().contacts.values()]
  const isBlocked = contacts.some(
    ({ blocked, user }) => blocked && user !== undefined && nameKey(user.name) === nameKey(name),
  )
  if (!isBlocked) throw new Error(context.look.words.windows.done.notBlocked(name))
  return unblock(context, name)
}

function isRole(text: string): text is Exclude<Role, 'none'> {
  return text === 'owner' || text === 'admin' || text === 'member'
}
