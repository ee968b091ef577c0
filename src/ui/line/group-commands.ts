import type { Invite, User } from '../../protocol/messages.ts'
import { nameKey, nameOf } from '../../protocol/names.ts'
import type { ActionName } from '../commands/action-names.ts'
import { perform } from '../commands/actions.ts'
import { chatOf, findUser, leaveGroup, openGroup } from '../commands/requests.ts'
import { isForHereOnly, sharedLines } from '../flow/share.ts'
import { listPairs, timeOf } from '../panes/listed.ts'
import type { Conversation } from '../state/model.ts'
import { openConversation } from '../state/selectors.ts'
import type { Listed } from '../state/windows.ts'
import { deleteGroup } from '../windows/group-requests.ts'
import { isYes, type LineContext } from './context.ts'
import { type LineCommand, usageOf } from './usage.ts'

/** What one does with the group that is open. */
export const groupCommands = {
  createGroup: needsArgument('createGroup'),
  renameGroup: needsArgument('renameGroup'),
  addMembers: needsArgument('addMembers'),
  topic: (context, topic) => {
    if (topic !== '') return perform(context, 'topic', topic)
    const group = openGroupHere(context)
    context.say(context.line.topic(`#${group.name}`, group.head?.topic ?? ''))
  },
  leaveGroup: async (context, name) => {
    if (name !== '') openGroup(context, name)
    const { look, line, ask, say } = context
    const group = openConversation(context.store.getSnapshot())
    if (group?.kind !== 'group') throw new Error(look.words.members.leaveIsForGroups)
    const isByInvite = group.head?.access === 'invite'
    if (isByInvite && !isYes(context, await ask(line.leaveInvite(`#${group.name}`)))) {
      return say(line.stayed)
    }
    await leaveGroup(context)
  },
  group: (context) => sayGroup(context, openGroupHere(context)),
  share: (context) => sayShare(context),
  invites: (context) => sayList(context, 'invites'),
  bans: (context) => sayList(context, 'bans'),
  deleteGroup: async (context) => {
    const { name, target } = openGroupHere(context)
    const answer = await context.ask(context.line.groupNameToDelete(`#${name}`))
    if (nameKey(nameOf(answer ?? '')) !== nameKey(name)) return context.say(context.line.stayed)
    await deleteGroup(context, target)
  },
  whois: async (context, name) => {
    if (name === '') throw usageOf(context, 'whois')
    sayPerson(context, await findUser(context, name))
  },
} as const satisfies Partial<Record<ActionName, LineCommand>>

/** An invite, as it is passed on. */
export function sayInvite(
  context: LineContext,
  { code, group, uses, used, expires }: Invite,
): void {
  const { store, look, say } = context
  const { invite: words } = look.words.windows
  const state = store.getSnapshot()
  const name = state.conversations.get(group)?.name ?? ''
  for (const line of sharedLines(state, name, code)) say(line)
  say(words.paste)
  say(words.join(`#${name}`, code))
  say(words.lasts(uses - used, timeOf(expires, look)))
}

/** A form of the full screen that line mode does not have: what it asks for stands behind the command. */
function needsArgument(name: ActionName): LineCommand {
  return (context, argument) => {
    if (argument === '') throw usageOf(context, name)
    return perform(context, name, argument)
  }
}

function openGroupHere({ store, look }: LineContext): Conversation {
  const group = openConversation(store.getSnapshot())
  if (group?.kind !== 'group') throw new Error(look.words.windows.done.onlyGroups)
  return group
}

async function sayGroup(context: LineContext, { name, head }: Conversation): Promise<void> {
  const { say, look } = context
  const { group } = look.words.windows
  const online = await countOnline(context, head)
  say(group.title(`#${name}`))
  if (head === undefined) return
  say(group.topic(head.topic === '' ? group.noTopic : head.topic))
  say(group.about(group.access[head.access]))
  const count = online === undefined ? group.count : (n: number) => group.counted(online, n)
  say(group.members(count(head.members), group.roles[head.role]))
}

/** As the server counts it now; undefined: it cannot be asked. */
async function countOnline(
  context: LineContext,
  head: Conversation['head'],
): Promise<number | undefined> {
  if (head === undefined || context.store.getSnapshot().link.state !== 'online') return undefined
  const chat = chatOf(context)
  const { online } = await chat.request({ type: 'watch', conversation: head.conversation })
  // Nobody wants to be told when that changes.
  await chat.request({ type: 'watch', conversation: '' })
  return online
}

function sayShare({ store, say, look }: LineContext): void {
  const state = store.getSnapshot()
  const group = openConversation(state)
  const { share } = look.words
  say(share.title)
  for (const line of sharedLines(state, group?.kind === 'group' ? group.name : '')) say(line)
  if (isForHereOnly(state)) say(share.hereOnly)
}

async function sayList(context: LineContext, of: 'invites' | 'bans'): Promise<void> {
  const { look, say } = context
  const { target, name } = openGroupHere(context)
  const chat = chatOf(context)
  const list: Listed =
    of === 'invites'
      ? { of, items: (await chat.request({ type: 'listInvites', group: target })).invites }
      : { of, items: (await chat.request({ type: 'listBans', group: target })).users }
  const words = look.words.windows[of]
  say(words.title(`#${name}`))
  if (list.items.length === 0) say(words.none)
  for (const pair of listPairs(list, look)) say(pair.filter((part) => part !== '').join(' · '))
}

function sayPerson(context: LineContext, { id, name }: User): void {
  const { store, say, look, line } = context
  const { whois } = look.words.messages
  const { contacts, online, conversations } = store.getSnapshot()
  const contact = contacts.get(id)
  const isOnline = online.get(id)
  const about = [
    whois.id(id),
    isOnline === undefined ? '' : isOnline ? whois.online : whois.offline,
    contact?.removed === false ? whois.contact : '',
    contact?.blocked === true ? whois.blocked : '',
    conversations.has(id) ? '' : '',
  ]
  say(line.withAbout(name, about.filter((part) => part !== '').join(', ')))
}
