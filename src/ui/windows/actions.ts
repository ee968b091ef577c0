import type { Role } from '../../protocol/messages.ts'
import type { ActionName } from '../commands/action-names.ts'
import { namesOf, usageError } from '../commands/arguments.ts'
import { type Context, show } from '../context.ts'
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
import { openList } from './list.ts'
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
    const { target, head } = openGroupOf(context)
    if (topic === '') return openForm(context, 'topic', target, [head?.topic ?? ''])
    return setTopic(context, target, topic)
  },
  renameGroup: (context, name) => {
    const { target, name: before } = openGroupOf(context)
    if (name === '') return openForm(context, 'renameGroup', target, [before])
    return renameGroup(context, target, name)
  },
  addMembers: (context, names) => {
    const { target } = openGroupOf(context)
    if (names === '') return openForm(context, 'addMembers', target)
    return addMembers(context, target, namesOf(names))
  },
  invite: (context, argument) => inviteAs(context, argument),
  invites: (context) => openList(context, 'invites', openGroupOf(context).target),
  bans: (context) => openList(context, 'bans', openGroupOf(context).target),
  removeMember: onMember('removeMember', removeMember),
  ban: onMember('ban', ban),
  unban: onMember('unban', unban),
  setRole: (context, argument) => {
    const [name, role, ...more] = namesOf(argument)
    if (name === undefined || role === undefined || more.length > 0) {
      throw usageError(context, 'setRole')
    }
    if (!isRole(role)) throw new Error(context.look.words.windows.done.roleWords)
    const user = userOf(name)
    return setRole(context, openGroupOf(context).target, user, user, role)
  },
  makePublic: (context) => setAccess(context, openGroupOf(context).target, 'public', true),
  makePrivate: (context, history) => {
    if (history !== '' && history !== 'history') {
      throw new Error(context.look.words.windows.done.history)
    }
    return setAccess(context, openGroupOf(context).target, 'invite', history !== '')
  },
  deleteGroup: (context) => openForm(context, 'deleteGroup', openGroupOf(context).target),

  block: onPerson('block', block),
  unblock: onPerson('unblock', unblock),

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
  action: ActionName,
  work: (context: Context, group: string, user: string, label: string) => Promise<void>,
): Action {
  return onPerson(action, (context, name) => {
    const user = userOf(name)
    return work(context, openGroupOf(context).target, user, user)
  })
}

/**
 * '/invite 5 30' makes a line for five people and thirty days; '/invite bob' lets bob in at once, as
 * IRC people expect. Whose name is a number is written with an @.
 */
function inviteAs(context: Context, argument: string): void | Promise<void> {
  const words = namesOf(argument)
  const { target } = openGroupOf(context)
  if (words.some((word) => !/^\d+$/.test(word))) return addMembers(context, target, words)
  const [uses = 0, days = 0, ...more] = words.map(Number)
  if (more.length > 0) throw usageError(context, 'invite')
  return invite(context, target, uses, days)
}

function isRole(text: string): text is Exclude<Role, 'none'> {
  return text === 'owner' || text === 'admin' || text === 'member'
}
