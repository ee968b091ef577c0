import type { Access, Role } from '../../protocol/messages.ts'
import { nameOf } from '../../protocol/names.ts'
import { serverOf } from '../commands/requests.ts'
import { type Context, notify, show } from '../context.ts'
import type { Conversation, Overlay } from '../state/model.ts'
import { openConversation } from '../state/selectors.ts'

/** What is asked of the server about groups. All throw what the server or the connection said. */

/** The group that is open. @throws when none is */
export function openGroupOf({ store, look }: Context): Conversation {
  const open = openConversation(store.getSnapshot())
  if (open?.kind !== 'group') throw new Error(look.words.windows.done.onlyGroups)
  return open
}

/** '#ops', of a group that one is in. */
function titleOf({ store }: Context, group: string): string {
  const name = store.getSnapshot().conversations.get(group)?.name ?? ''
  return name === '' ? '' : `#${name}`
}

export async function setTopic(context: Context, group: string, topic: string): Promise<void> {
  await serverOf(context).request({ type: 'setTopic', group, topic })
  said(context, ({ topic: done }) => done(titleOf(context, group)))
}

export async function renameGroup(context: Context, group: string, text: string): Promise<void> {
  const name = nameOf(text)
  await serverOf(context).request({ type: 'renameGroup', group, name })
  said(context, ({ renamed }) => renamed(`#${name}`))
}

export async function addMembers(
  context: Context,
  group: string,
  names: readonly string[],
): Promise<void> {
  const users = names.map(userOf)
  await serverOf(context).request({ type: 'addMembers', group, users })
  said(context, ({ added }) => added(users.join(', '), titleOf(context, group)))
}

export async function removeMember(
  context: Context,
  group: string,
  user: string,
  label: string,
): Promise<void> {
  await serverOf(context).request({ type: 'removeMember', group, user })
  said(context, ({ removed }) => removed(label, titleOf(context, group)))
}

export async function ban(
  context: Context,
  group: string,
  user: string,
  label: string,
): Promise<void> {
  await serverOf(context).request({ type: 'removeMember', group, user, ban: true })
  said(context, ({ banned }) => banned(label, titleOf(context, group)))
}

export async function unban(
  context: Context,
  group: string,
  user: string,
  label: string,
): Promise<void> {
  await serverOf(context).request({ type: 'unban', group, user })
  said(context, ({ unbanned }) => unbanned(label, titleOf(context, group)))
}

export async function setRole(
  context: Context,
  group: string,
  user: string,
  label: string,
  role: Role,
): Promise<void> {
  await serverOf(context).request({ type: 'setRole', group, user, role })
  said(context, ({ role: done }) => done[role](label))
}

/** `history`: newcomers to a group by invitation may read what was said before. */
export async function setAccess(
  context: Context,
  group: string,
  access: Exclude<Access, 'unknown'>,
  history: boolean,
): Promise<void> {
  await serverOf(context).request({ type: 'setAccess', group, access, history })
  const title = titleOf(context, group)
  said(context, (done) => (access === 'public' ? done.public(title) : done.private(title, history)))
}

export async function deleteGroup(context: Context, group: string): Promise<void> {
  const title = titleOf(context, group)
  await serverOf(context).request({ type: 'deleteGroup', group })
  said(context, ({ groupDeleted }) => groupDeleted(title))
}

/** Makes an invite to the group and shows it; 0 uses or days: the server's own. `group` '': to register. */
export async function invite(
  context: Context,
  group: string,
  uses: number,
  days: number,
): Promise<void> {
  const back = context.store.getSnapshot().overlay
  const answer = await serverOf(context).request({ type: 'createInvite', group, uses, days })
  const [made] = answer.invites
  if (made !== undefined) show(context, { type: 'invite', invite: made, back: resting(back) })
}

export async function revoke(context: Context, code: string): Promise<void> {
  await serverOf(context).request({ type: 'revokeInvite', code })
  said(context, ({ revoked }) => revoked)
}

export async function block(context: Context, name: string): Promise<void> {
  await serverOf(context).request({ type: 'block', user: userOf(name) })
  said(context, ({ blocked }) => blocked(userOf(name)))
}

export async function unblock(context: Context, name: string): Promise<void> {
  await serverOf(context).request({ type: 'unblock', user: userOf(name) })
  said(context, ({ unblocked }) => unblocked(userOf(name)))
}

/** A name as people write it, perhaps with an @. */
export function userOf(text: string): string {
  return nameOf(text.trim().replace(/^@/, ''))
}

/** What Esc may lead back to: lists and the window of the group, never a question. */
function resting(overlay: Overlay | undefined): Overlay | undefined {
  return overlay?.type === 'group' || overlay?.type === 'list' ? overlay : undefined
}

type Done = Context['look']['words']['windows']['done']

function said(context: Context, words: (done: Done) => string): void {
  notify(context, 'info', words(context.look.words.windows.done))
}
