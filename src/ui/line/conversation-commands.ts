import type { ActionName } from '../commands/action-names.ts'
import { perform } from '../commands/actions.ts'
import { chatOf, fetchGroups, fetchMembers } from '../commands/requests.ts'
import { sortedMembers } from '../panes/members.ts'
import { conversationTitle } from '../panes/title.ts'
import type { ClientState, Conversation } from '../state/model.ts'
import { mentions, preferencesOf, unread } from '../state/preferences.ts'
import { allTargets, openConversation, peopleRows } from '../state/selectors.ts'
import { statusOf } from '../state/statuses.ts'
import { sayUnread, sayUnreadOf } from './announce.ts'
import type { LineContext } from './context.ts'
import { entryLine } from './entry-line.ts'
import { shownEntries } from './pages.ts'
import { type LineCommand, usageOf } from './usage.ts'

/** Messages that /history says unless one asks for more. */
const HISTORY_USUAL = 20
const HISTORY_MAX = 1_000
/** Hits that a search says. */
const HITS_MAX = 20

/** Where one is, who is there, and what was said. */
export const conversationCommands = {
  goTo: (context, name) =>
    name === '' ? sayConversations(context) : perform(context, 'goTo', name),
  joinGroup: (context, argument) =>
    argument === '' ? sayPublicGroups(context) : perform(context, 'joinGroup', argument),
  members: sayMembers,
  search: (context, words) => search(context, 'search', words, open(context)),
  searchAll: (context, words) => search(context, 'searchAll', words, undefined),
  catchUp: (context) => sayUnread(context),
  firstUnread: (context) => {
    const conversation = open(context)
    if (unread(conversation) === 0) context.say(context.line.start.noUnread)
    return sayUnreadOf(context, conversation)
  },
  addContact: (context, name) =>
    name === '' ? sayContacts(context) : perform(context, 'addContact', name),
  markUnread: async (context, argument) => {
    if (!/^\d+$/.test(argument)) return perform(context, 'markUnread', argument)
    const { look, say, store } = context
    const conversation = open(context)
    const id = conversation.head?.conversation ?? ''
    const asked = { conversation: id, unread: Number(argument) }
    await chatOf(context).request({ type: 'changePreferences', ...asked })
    const title = conversationTitle(store.getSnapshot(), conversation, look)
    say(look.words.preferences.done.unread(title))
  },
} as const satisfies Partial<Record<ActionName, LineCommand>>

/** What is open. @throws when nothing is */
export function open({ store, line }: LineContext): Conversation {
  const conversation = openConversation(store.getSnapshot())
  if (conversation === undefined) throw new Error(line.start.nothingOpen)
  return conversation
}

/** `/history [count [before]]`: the newest, the oldest of them first. */
export async function sayHistory(context: LineContext, argument: string): Promise<void> {
  const { say, line, look, store } = context
  const [, first = '', before = '', more] = /^(\d*)\s*(\d*)(\S?)/.exec(argument) ?? []
  const count = first === '' ? HISTORY_USUAL : Number(first)
  if (more !== '' || count < 1 || count > HISTORY_MAX) {
    throw new Error(look.words.notices.usage(`/history ${line.history.usage}`))
  }
  const conversation = open(context)
  const asked = { count, before: Number(before) }
  const { entries, isAll } = await shownEntries(context, conversation, asked)
  const title = conversationTitle(store.getSnapshot(), conversation, look)
  if (isAll) say(line.beginning(title))
  let day: number | undefined
  for (const entry of entries) {
    const its = look.clock.day(entry.time)
    if (its !== day) say(look.clock.date(entry.time))
    day = its
    say(entryLine(context, conversation, entry))
  }
}

function sayConversations(context: LineContext): void {
  const { store, line, say, look } = context
  const state = store.getSnapshot()
  for (const [index, target] of allTargets(state).entries()) {
    const conversation = state.conversations.get(target)
    const name = state.contacts.get(target)?.user?.name ?? target
    const kind = conversation ?? { kind: 'direct' as const, name, target }
    const title = conversationTitle(state, kind, look)
    say(line.conversation(index + 1, title, countsOf(context, conversation)))
  }
}

function countsOf({ look }: LineContext, conversation: Conversation | undefined): string {
  const { header, preferences } = look.words
  const muted = preferencesOf(conversation).muted ? preferences.muted : ''
  const counts = header.unread(unread(conversation), mentions(conversation))
  return [counts, muted].filter((part) => part !== '').join(', ')
}

async function sayPublicGroups(context: LineContext): Promise<void> {
  await fetchGroups(context)
  const { line } = context
  const { log, joinGroup } = context.look.words
  const { groups } = context.store.getSnapshot()
  context.say(groups.length === 0 ? joinGroup.nothing : line.publicGroups)
  for (const { name, members, joined } of groups) {
    const group = log.group(name, members)
    context.say(joined ? line.withAbout(group, joinGroup.joined) : group)
  }
}

/** /members a line for each, /names all in one, /who those alone who are online. */
async function sayMembers(context: LineContext, _: string, command: string): Promise<void> {
  const conversation = open(context)
  if (conversation.kind === 'direct') return sayPresence(context, conversation, command)
  const { target } = conversation
  await fetchMembers(context, target)
  const { store, say, line, look } = context
  const state = store.getSnapshot()
  const title = conversationTitle(state, conversation, look)
  const members = sortedMembers(state, target)
  const said = members.map(({ user, role, online, classic }) => {
    const { words } = look
    const id = user?.id ?? ''
    const status = online ? words.status.online[statusOf(state, id)] : words.messages.whois.offline
    const about = [
      words.members.roles[role].replace(/^★ /, ''),
      classic ? words.members.classic : '',
      status,
    ]
    return { online, name: user?.name ?? '', about: about.filter((part) => part !== '').join(', ') }
  })
  if (command === 'who') {
    const names = said.filter(({ online }) => online).map(({ name }) => name)
    return say(line.online(title, names.join(', ')))
  }
  if (command === 'names') {
    return say(line.names(title, said.map(({ name }) => name).join(', ')))
  }
  for (const { name, about } of said) say(line.withAbout(name, about))
}

/** In a direct conversation /who is about the other; it has no members. */
async function sayPresence(
  context: LineContext,
  { head, target, name }: Conversation,
  command: string,
): Promise<void> {
  const { look, say, line } = context
  if (command !== 'who') throw new Error(look.words.members.onlyGroups)
  const chat = chatOf(context)
  const answer =
    head === undefined
      ? { users: [] }
      : await chat.request({ type: 'watch', conversation: head.conversation })
  // Nobody wants to be told when that changes.
  await chat.request({ type: 'watch', conversation: '' })
  const found = answer.users.find(({ user }) => user === target)
  const { status, messages } = look.words
  say(
    line.oneOnline(
      name,
      found?.online === true ? status.online[found.status] : messages.whois.offline,
    ),
  )
}

function sayContacts({ store, say, line, look }: LineContext): void {
  const state = store.getSnapshot()
  const contacts = peopleRows(state).filter(({ target }) => isContact(state, target))
  if (contacts.length === 0) return say(line.noContacts)
  for (const { name, online, status, blocked } of contacts) {
    const { words } = look
    const about = online ? words.status.online[status] : words.messages.whois.offline
    say(line.withAbout(name, blocked ? words.lists.blocked : about))
  }
}

function isContact({ contacts }: ClientState, target: string): boolean {
  return contacts.has(target)
}

async function search(
  context: LineContext,
  action: 'search' | 'searchAll',
  words: string,
  where: Conversation | undefined,
): Promise<void> {
  const { say, line, store, look } = context
  if (words === '') throw usageOf(context, action)
  const conversation = where?.head?.conversation ?? ''
  const asked = { type: 'search', text: words, conversation } as const
  const { hits, next } = await chatOf(context).request(asked)
  const shown = hits.slice(0, HITS_MAX)
  say(line.found(shown.length))
  let day: number | undefined
  for (const { conversation: id, entry } of shown.toReversed()) {
    const state = store.getSnapshot()
    const found = state.conversations.get(state.targets.get(id) ?? '')
    if (entry === undefined || found === undefined) continue
    const its = look.clock.day(entry.time)
    if (its !== day) say(look.clock.date(entry.time))
    day = its
    say(entryLine(context, found, entry))
  }
  if (next !== '' || hits.length > shown.length) say(line.more(shown.length))
}
