import type { Target } from '../../net/events.ts'
import { TEXT_BYTES_MAX } from '../../protocol/limits.ts'
import type { Group, Head, User } from '../../protocol/messages.ts'
import { nameKey, nameOf } from '../../protocol/names.ts'
import { type Context, notify } from '../context.ts'
import type { Chat } from '../flow/connector.ts'
import { markSeen } from '../flow/seen.ts'
import { logView, mainLayout } from '../frame.ts'
import { scrolled } from '../log/viewport.ts'
import { firstReadable, indexOfSeq } from '../state/log.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { allTargets, openConversation } from '../state/selectors.ts'

/** What needs the server. All throw what the server or the connection said. */

export async function createGroup(
  context: Context,
  name: string,
  members: readonly string[],
  more: Readonly<{ access?: 'public' | 'invite'; nonce?: Uint8Array }> = {},
): Promise<void> {
  const { access = 'public', nonce = context.randomNonce() } = more
  const group = nameOf(name)
  const answer = await serverOf(context).request({
    type: 'createGroup',
    nonce,
    name: group,
    members: members.map(nameOf),
    ...(access === 'public' ? {} : { access }),
  })
  context.store.dispatch({ type: 'awaited', target: answer.group?.id ?? '' })
  notify(context, 'info', context.look.words.notices.created(`#${group}`))
}

/** `invite`: a code, where the group is by invitation. */
export async function joinGroup(context: Context, name: string, invite = ''): Promise<void> {
  const group = nameOf(name)
  const code = invite === '' ? {} : { invite }
  const answer = await serverOf(context).request({ type: 'joinGroup', group, ...code })
  context.store.dispatch({ type: 'awaited', target: answer.group?.id ?? '' })
  const joined = answer.group?.name ?? nameOf(name)
  notify(context, 'info', context.look.words.notices.joined(`#${joined}`))
}

export async function leaveGroup(context: Context): Promise<void> {
  const open = openConversation(context.store.getSnapshot())
  if (open?.kind !== 'group') throw new Error(context.look.words.members.leaveIsForGroups)
  await serverOf(context).request({ type: 'quitGroup', group: open.target })
  notify(context, 'info', context.look.words.notices.left(`#${open.name}`))
}

export async function addContact(context: Context, name: string): Promise<void> {
  const answer = await serverOf(context).request({ type: 'addContact', user: nameOf(name) })
  const user = answer.contacts[0]?.user
  if (user !== undefined) openWith(context, user)
  notify(context, 'info', context.look.words.notices.added(user?.name ?? name))
}

export async function removeContact(context: Context, name: string): Promise<void> {
  await serverOf(context).request({ type: 'removeContact', user: nameOf(name) })
  const { removed, removedButListed } = context.look.words.notices
  const talked = knownTarget(context.store.getSnapshot(), name) !== undefined
  notify(context, 'info', (talked ? removedButListed : removed)(nameOf(name)))
}

/** Opens the person or group of that name; asks the server for a person who is not known here. */
export async function openByName(context: Context, name: string): Promise<void> {
  const known = knownTarget(context.store.getSnapshot(), name)
  if (known !== undefined) return context.store.dispatch({ type: 'opened', target: known.target })
  if (name.startsWith('#')) return joinGroup(context, name)
  openWith(context, await findUser(context, name))
}

/** The same, or the conversation of that number in the lists, where nobody here is called so. */
export async function openNamedOrNumbered(context: Context, text: string): Promise<void> {
  const { store, look } = context
  const state = store.getSnapshot()
  if (!/^\d+$/.test(text) || knownTarget(state, text) !== undefined)
    return openByName(context, text)
  const target = allTargets(state)[Number(text) - 1]
  if (target === undefined) throw new Error(look.words.notices.noConversation(text))
  store.dispatch({ type: 'opened', target })
}

/** Opens a group that one is in. */
export function openGroup({ store, look }: Context, name: string): void {
  const group = nameOf(name)
  const known = knownTarget(store.getSnapshot(), `#${group}`)
  if (known === undefined) throw new Error(look.words.notices.noGroupNamed(group))
  store.dispatch({ type: 'opened', target: known.target })
}

/** Says something to a person or group without leaving what is open; without a text it is opened. */
export async function sayTo(context: Context, name: string, text: string): Promise<void> {
  if (text === '') return openByName(context, name)
  const known = knownTarget(context.store.getSnapshot(), name)
  if (known === undefined && name.startsWith('#')) {
    throw new Error(context.look.words.notices.noGroupNamed(nameOf(name)))
  }
  const target: Target =
    known === undefined
      ? { kind: 'direct', id: (await findUser(context, name)).id }
      : { kind: known.kind, id: known.target }
  await say(context, target, text)
  if (target.id !== context.store.getSnapshot().open) {
    notify(context, 'info', context.look.words.notices.saidTo(name))
  }
}

/** `reply`: seq of the text that it answers. @throws RangeError for what cannot be sent; then nothing was */
export async function say(
  context: Context,
  target: Target,
  text: string,
  reply = 0,
): Promise<void> {
  const bytes = Buffer.byteLength(text)
  if (bytes > TEXT_BYTES_MAX) {
    throw new RangeError(context.look.words.notices.tooLong(bytes, TEXT_BYTES_MAX))
  }
  const chat = chatOf(context)
  await chat.say(target, text, reply)
  markSeen(chat, context.store.getSnapshot().conversations.get(target.id))
}

export function openWith({ store }: Context, user: User): void {
  store.dispatch({ type: 'begun', user })
  store.dispatch({ type: 'opened', target: user.id })
}

/** All members, page after page. */
export async function fetchMembers(context: Context, group: string): Promise<void> {
  const chat = serverOf(context)
  const asOf = context.store.getSnapshot().conversations.get(group)?.head?.last ?? 0
  const members = []
  let after = ''
  do {
    const answer = await chat.request({ type: 'listMembers', group, after })
    members.push(...answer.members)
    after = answer.next
  } while (after !== '')
  context.store.receive({ type: 'members', group, members, asOf })
}

/** The entries right after this one, unless they are here: a jump must not land beside its aim. */
export async function fetchAfter(
  context: Context,
  { target, head, entries }: Conversation,
  seq: number,
): Promise<void> {
  const next = entries[indexOfSeq(entries, seq + 1)]
  if (head === undefined || next?.seq === seq + 1) return
  // After nothing at all would mean: the newest.
  const where = seq > 0 ? { after: seq } : { around: 1 }
  const asked = { conversation: head.conversation, limit: PAGE_ENTRIES, ...where }
  const page = await serverOf(context).request({ type: 'getPage', ...asked })
  const { entries: found, first } = page
  context.store.dispatch({ type: 'pageCame', target, before: -1, entries: found, first })
}

/** The page of the first entries that one may read. */
export function fetchFirst(context: Context, head: Head) {
  const around = firstReadable(head)
  const asked = { conversation: head.conversation, around, limit: PAGE_ENTRIES }
  return serverOf(context).request({ type: 'getPage', ...asked })
}

/**
 * Selects an entry of a conversation that is open and shows it, a third down from the top where there
 * is room; what is around it is fetched when it is not here.
 */
export async function showEntry(context: Context, target: string, seq: number): Promise<void> {
  const { store } = context
  const conversation = store.getSnapshot().conversations.get(target)
  if (conversation?.head === undefined) return
  const { head, entries } = conversation
  if (entries[indexOfSeq(entries, seq)]?.seq !== seq) {
    const asked = { conversation: head.conversation, around: seq, limit: PAGE_ENTRIES }
    const page = await serverOf(context).request({ type: 'getPage', ...asked })
    const { entries: found, first } = page
    store.dispatch({ type: 'pageCame', target, before: -1, entries: found, first })
  }
  store.dispatch({ type: 'selected', target, seq, anchor: aboveEntry(context, target, seq) })
}

/** The anchor that has the entry a third down; undefined where the end of the log shows it. */
function aboveEntry({ store, cache, look }: Context, target: string, seq: number) {
  const state = store.getSnapshot()
  const conversation = state.conversations.get(target)
  if (conversation === undefined) return undefined
  const view = logView(state, conversation, mainLayout(state), look)
  return scrolled(view, { seq, line: 0 }, -Math.floor(view.height / 3), cache, look)
}

/** Entries asked for at once: several screens, far below a frame's limit. */
export const PAGE_ENTRIES = 100

/** Of more groups than these nobody looks through a list: they are found by name. */
const LISTED_GROUPS_MAX = 1_000

/** Public groups, those with most members first; shown page by page. */
export async function fetchGroups(context: Context): Promise<void> {
  const chat = serverOf(context)
  const known = new Map<string, Group>()
  let after = ''
  do {
    const { groups, next } = await chat.request({ type: 'find', text: '', after })
    for (const group of groups) known.set(group.id, group)
    after = known.size < LISTED_GROUPS_MAX ? next : ''
    // Fetched again, a list does not become shorter while it comes.
    if (after === '' || known.size >= context.store.getSnapshot().groups.length) {
      context.store.dispatch({ type: 'groups', groups: [...known.values()] })
    }
  } while (after !== '')
}

function knownTarget(
  state: ClientState,
  name: string,
): Pick<Conversation, 'kind' | 'target'> | undefined {
  const key = nameKey(nameOf(name.replace(/^@/, '')))
  const group = name.startsWith('#')
  const conversations = [...state.conversations.values()]
  const found =
    conversations.find(
      (it) => it.kind === (group ? 'group' : 'direct') && nameKey(it.name) === key,
    ) ?? (group ? undefined : conversations.find((it) => nameKey(it.name) === key))
  return found
}

/** Somebody by name; the server is asked about who is not known here. @throws when there is nobody */
export async function findUser(context: Context, name: string): Promise<User> {
  const text = nameOf(name.replace(/^@/, ''))
  const { me, contacts } = context.store.getSnapshot()
  const here = [me, ...[...contacts.values()].map(({ user }) => user)]
  const known = here.find((user) => user !== undefined && nameKey(user.name) === nameKey(text))
  if (known !== undefined) return known
  const { users } = await serverOf(context).request({ type: 'find', text })
  const user = users.find((it) => nameKey(it.name) === nameKey(text))
  if (user === undefined) throw new Error(context.look.words.notices.nobodyNamed(text))
  return user
}

/** There is no connection, and what was wanted is nothing that waits for one. */
export class OfflineError extends Error {
  override readonly name = 'OfflineError'
}

/**
 * To ask the server something now. `otherwise`: what is said where that cannot be.
 * @throws OfflineError
 */
export function serverOf(
  context: Context,
  otherwise = context.look.words.notices.notOnline,
): Pick<Chat, 'request'> {
  const { link } = context.store.getSnapshot()
  if (link.state !== 'online') throw new OfflineError(otherwise)
  return chatOf(context)
}

/** @throws when nobody is logged in */
export function chatOf({ flow, look }: Context): Chat {
  const { chat } = flow
  if (chat === undefined) throw new Error(look.words.notices.notOnline)
  return chat
}
