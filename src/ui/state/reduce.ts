import type { ClientEvent } from '../../net/events.ts'
import type { Fingerprint } from '../../net/fingerprint.ts'
import type { Entry, Group, Head, Member, User } from '../../protocol/messages.ts'
import type { EditorState } from '../input/editor.ts'
import { hasLists } from '../layout.ts'
import { withEntries } from './changes.ts'
import { withGroupChange } from './group-changes.ts'
import { trimEntries } from './log.ts'
import { isMembership, membersGained, withMembership } from './membership.ts'
import { mentionsGained, mentionsLeft } from './mentions.ts'
import {
  type Anchor,
  type ClientState,
  type Composing,
  type Conversation,
  type Focus,
  NOTHING_OPEN,
  type Notice,
  nobody,
  type Overlay,
  type Screen,
} from './model.ts'
import { NO_RECEIPTS, withReader, withReceipts } from './receipts.ts'
import { afterEntry, type Typist, withoutTypist, withTypist } from './typing.ts'

/** What happens in the interface itself. */
export type UiEvent =
  | Readonly<{ type: 'screen'; screen: Screen }>
  | Readonly<{ type: 'resized'; columns: number; rows: number }>
  | Readonly<{ type: 'focused'; focused: boolean }>
  /** Another server or account: nothing of the one before stays. */
  | Readonly<{ type: 'server'; address: string }>
  /** `unasked`: not because of a key. */
  | Readonly<{ type: 'opened'; target: string; unasked?: boolean }>
  /** Opened as soon as the server has told its head. */
  | Readonly<{ type: 'awaited'; target: string }>
  | Readonly<{ type: 'said'; target: string; text: string }>
  | Readonly<{ type: 'prefix'; pressed: boolean }>
  /** A direct conversation that may have no message yet. */
  | Readonly<{ type: 'begun'; user: User }>
  | Readonly<{ type: 'draft'; target: string; editor: EditorState }>
  /** Also the draft, which is then another one. */
  | Readonly<{
      type: 'composing'
      target: string
      composing: Composing | undefined
      editor: EditorState
    }>
  /** The message that keys act on, and where the view begins that shows it. */
  | Readonly<{
      type: 'selected'
      target: string
      seq: number | undefined
      anchor: Anchor | undefined
    }>
  | Readonly<{ type: 'typistGone'; target: string; typist: Typist }>
  | Readonly<{ type: 'focus'; focus: Focus }>
  | Readonly<{ type: 'chose'; list: 'people' | 'groups'; target: string | undefined }>
  | Readonly<{ type: 'overlay'; overlay: Overlay | undefined }>
  | Readonly<{ type: 'anchored'; target: string; anchor: Anchor | undefined }>
  /** `before` 0: the newest page. */
  | Readonly<{ type: 'pageAsked'; target: string; before: number }>
  | Readonly<{
      type: 'pageCame'
      target: string
      before: number
      entries: readonly Entry[]
      first: number
    }>
  | Readonly<{ type: 'pageFailed'; target: string; before: number }>
  /** `asOf`: the last seq of the group when they were asked for. */
  | Readonly<{ type: 'members'; group: string; members: readonly Member[]; asOf: number }>
  /** The answer to `watch`: who of the conversation is online, and nobody else. */
  | Readonly<{ type: 'watched'; target: string; online: readonly string[] }>
  | Readonly<{ type: 'groups'; groups: readonly Group[] }>
  | Readonly<{ type: 'notice'; notice: Notice | undefined }>
  | Readonly<{ type: 'tick'; now: number }>
  | Readonly<{ type: 'membersPane'; shown: boolean }>
  | Readonly<{ type: 'serverKey'; key: Fingerprint | undefined }>
  | Readonly<{ type: 'hosting'; share: readonly string[]; key: Fingerprint }>

export type StateEvent = ClientEvent | UiEvent

/** Texts of one conversation that the up key goes back to. */
const SAID_KEPT = 100

export function reduce(state: ClientState, event: StateEvent): ClientState {
  const step = steps[event.type] as (state: ClientState, event: StateEvent) => ClientState
  return step(state, event)
}

type Steps = {
  [T in StateEvent['type']]: (
    state: ClientState,
    event: Extract<StateEvent, { type: T }>,
  ) => ClientState
}

const steps: Steps = {
  link: (state, { link }) => {
    const [was, is] = [state.link.state === 'online', link.state === 'online']
    if (was === is) return { ...state, link }
    if (is) return { ...state, link, conversations: retryPages(state) }
    // Who is online, and who is where, is not known any more.
    return { ...state, link, online: new Map(), members: new Map(), typing: new Map() }
  },
  loggedIn: (state, { user }) =>
    state.me === undefined || state.me.id === user.id
      ? { ...state, me: user }
      : { ...state, ...nobody(), me: user },
  // What was being written stays: the same person may log in again at once.
  loggedOut: (state) => ({ ...state, overlay: undefined, notice: undefined }),
  heads: (state, event) => takeHeads(state, event.heads, event.complete),
  entry: (state, event) => takeEntry(state, event.conversation, event.entry),
  left: (state, event) => leave(state, event.conversation),
  marked: (state, event) =>
    changeById(state, event.conversation, (it) => markRead(it, event, state.me?.id)),
  typed: (state, { conversation, user }) => {
    const target = state.targets.get(conversation)
    if (target === undefined) return state
    return { ...state, typing: withTypist(state.typing, target, user) }
  },
  receipts: (state, event) =>
    changeById(state, event.conversation, (conversation) => ({
      ...conversation,
      receipts: withReceipts(conversation, event),
    })),
  contacts: takeContacts,
  presences: (state, { users }) => {
    const online = new Map(state.online)
    for (const { user, online: connected } of users) online.set(user, connected)
    return { ...state, online }
  },
  outbox: (state, { items }) => ({ ...state, outbox: items }),
  settings: (state, { hideReceipts }) => ({ ...state, hideReceipts }),

  screen: (state, { screen }) => ({ ...state, screen }),
  resized: (state, { columns, rows }) => {
    const size = { columns, rows }
    // Keys must not go to lists that are not shown any more.
    const hidden = !hasLists(size) && (state.focus === 'people' || state.focus === 'groups')
    return { ...state, size, focus: hidden ? 'compose' : state.focus }
  },
  focused: (state, { focused }) => ({ ...state, focused }),
  server: (state, { address }) => ({ ...state, ...nobody(), address, notice: undefined }),
  opened: (state, { target, unasked }) =>
    unasked ? openUnasked(state, target) : open(state, target),
  awaited: (state, { target }) => openAwaited({ ...state, awaited: target, overlay: undefined }),
  begun: (state, { user }) => begin(state, user),
  said: (state, { target, text }) => {
    const before = (state.said.get(target) ?? []).filter((other) => other !== text)
    const said = [...before, text].slice(-SAID_KEPT)
    return { ...state, said: new Map(state.said).set(target, said) }
  },
  prefix: (state, { pressed }) => ({ ...state, prefix: pressed }),
  draft: (state, { target, editor }) => ({
    ...state,
    drafts: new Map(state.drafts).set(target, editor),
  }),
  composing: (state, { target, composing, editor }) => ({
    ...change(state, target, (conversation) => ({ ...conversation, composing })),
    drafts: new Map(state.drafts).set(target, editor),
  }),
  selected: (state, { target, seq, anchor }) =>
    change(state, target, (it) => ({ ...it, selected: seq, anchor, pageFailed: false })),
  typistGone: (state, { target, typist }) => ({
    ...state,
    typing: withoutTypist(state.typing, target, typist),
  }),
  focus: (state, { focus }) => ({ ...state, focus }),
  chose: (state, { list, target }) => ({ ...state, chosen: { ...state.chosen, [list]: target } }),
  overlay: (state, { overlay }) => ({ ...state, overlay }),
  anchored: (state, { target, anchor }) =>
    change(state, target, (conversation) => {
      // What the keys act on is in view: another one is selected.
      const selected = state.focus === 'log' ? undefined : conversation.selected
      return { ...conversation, anchor, selected, pageFailed: false }
    }),
  pageAsked: (state, { target, before }) =>
    change(state, target, (conversation) => ({
      ...conversation,
      loading: [...conversation.loading, before],
    })),
  pageCame: (state, event) =>
    change(state, event.target, (it) => takePage(it, event, state.me?.id)),
  pageFailed: (state, { target, before }) =>
    change(state, target, (conversation) => ({
      ...conversation,
      loading: conversation.loading.filter((other) => other !== before),
      pageFailed: true,
    })),
  members: takeMembers,
  watched: takeWatched,
  groups: (state, { groups }) => ({ ...state, groups }),
  notice: (state, { notice }) => ({ ...state, notice }),
  tick: (state, { now }) => ({ ...state, now }),
  membersPane: (state, { shown }) => ({ ...state, membersPane: shown }),
  serverKey: (state, { key }) => ({ ...state, serverKey: key }),
  hosting: (state, { share, key }) => ({ ...state, share, hostKey: key }),
}

function takeHeads(state: ClientState, heads: readonly Head[], complete: boolean): ClientState {
  const named = new Set(heads.map((head) => head.conversation))
  const conversations = new Map(state.conversations)
  const targets = new Map(state.targets)
  if (complete) {
    for (const [target, { head }] of state.conversations) {
      if (head === undefined || named.has(head.conversation)) continue
      conversations.delete(target)
      targets.delete(head.conversation)
    }
  }
  for (const head of heads) {
    const target = targetOf(head)
    conversations.set(target, withHead(conversations.get(target), target, head))
    targets.set(head.conversation, target)
  }
  return openAwaited(keepOpen({ ...state, conversations, targets }))
}

function targetOf(head: Head): string {
  return head.kind === 'direct' && head.peer !== undefined ? head.peer.id : head.conversation
}

function withHead(before: Conversation | undefined, target: string, head: Head): Conversation {
  const kind = head.kind === 'direct' ? 'direct' : 'group'
  const name = head.peer?.name ?? head.name
  if (before === undefined) return { ...emptyConversation(target, kind, name), head }
  return { ...before, kind, name, head }
}

function emptyConversation(target: string, kind: Conversation['kind'], name: string): Conversation {
  return {
    target,
    kind,
    name,
    head: undefined,
    entries: [],
    bases: new Map(),
    receipts: NO_RECEIPTS,
    selected: undefined,
    composing: undefined,
    anchor: undefined,
    newFrom: undefined,
    loading: [],
    pageFailed: false,
  }
}

function takeEntry(state: ClientState, id: string, entry: Entry): ClientState {
  const target = state.targets.get(id)
  const conversation = target === undefined ? undefined : state.conversations.get(target)
  if (target === undefined || conversation === undefined) return state
  const watched = state.open === target && state.focused && conversation.anchor === undefined
  const next = withEntry(conversation, entry, state.me?.id, state.open === target && !watched)
  const conversations = new Map(state.conversations).set(target, next)
  const taken = { ...state, conversations, typing: afterEntry(state.typing, target, entry) }
  // What the list says already, as the head does, is not counted twice.
  if (entry.seq <= (conversation.head?.last ?? 0)) return taken
  const changed = withGroupChange(taken, target, entry)
  return isMembership(entry) ? withMembership(changed, target, entry) : changed
}

function withEntry(
  conversation: Conversation,
  entry: Entry,
  me: string | undefined,
  missed: boolean,
): Conversation {
  const { head } = conversation
  const loaded = withEntries(conversation, [entry], me ?? '')
  const entries = trimEntries(loaded.entries, conversation.anchor?.seq)
  // What changed a text may be left out: then it stands as it is now.
  const bases = entries.length < loaded.entries.length ? new Map<number, Entry>() : loaded.bases
  const taken = { ...conversation, entries, bases }
  if (head === undefined || entry.seq <= head.last) return taken
  const { seq, time, n } = entry
  const members = Math.max(0, head.members + membersGained(entry))
  const receipts = isMembership(entry) ? withReader(taken.receipts, entry) : taken.receipts
  const mentions = head.mentions + mentionsGained(entry, conversation.entries, entries, head, me)
  const delivered = Math.max(head.delivered, seq)
  const moved = { ...head, last: seq, n, time, members, delivered, mentions: Math.max(0, mentions) }
  if (entry.from === me && entry.kind === 'text') {
    // Rule 6: sending moves one's own cursor.
    const own = { ...moved, read: seq, readN: n, mentions: 0 }
    return { ...taken, receipts, head: own, newFrom: undefined }
  }
  const here = missed && entry.kind === 'text' ? { seq: head.last, n: head.n } : undefined
  // When everything before was read, the line moves down to what was missed now.
  const allRead = head.n <= head.readN
  const newFrom = allRead ? (here ?? conversation.newFrom) : (conversation.newFrom ?? here)
  return { ...taken, receipts, head: moved, newFrom }
}

function markRead(
  conversation: Conversation,
  { delivered, read, readN }: Readonly<{ delivered: number; read: number; readN: number }>,
  me: string | undefined,
): Conversation {
  const { head, entries } = conversation
  if (head === undefined) return conversation
  const forward = read >= head.read
  return {
    ...conversation,
    head: {
      ...head,
      delivered: Math.max(head.delivered, delivered),
      read: forward ? read : head.read,
      readN: forward ? readN : head.readN,
      mentions: forward ? mentionsLeft(entries, head, read, me) : head.mentions,
    },
  }
}

function leave(state: ClientState, id: string): ClientState {
  const target = state.targets.get(id)
  if (target === undefined) return state
  const conversations = new Map(state.conversations)
  const targets = new Map(state.targets)
  conversations.delete(target)
  targets.delete(id)
  // Who comes back finds others there.
  const members = new Map(state.members)
  const memberChanges = new Map(state.memberChanges)
  members.delete(target)
  memberChanges.delete(target)
  return keepOpen({ ...state, conversations, targets, members, memberChanges })
}

/** What is open must exist: else the last one, or none. */
function keepOpen(state: ClientState): ClientState {
  if (state.open === undefined || state.conversations.has(state.open)) return state
  const { last } = state
  const other = last !== undefined && state.conversations.has(last) ? last : undefined
  return { ...state, open: other, last: undefined }
}

function takeContacts(
  state: ClientState,
  event: Extract<StateEvent, { type: 'contacts' }>,
): ClientState {
  const contacts = new Map(event.complete ? [] : state.contacts)
  const online = new Map(state.online)
  for (const contact of event.contacts) {
    const { user } = contact
    if (user === undefined) continue
    // Who is blocked is listed as such, so that one can see it and undo it.
    if (contact.removed && !contact.blocked) contacts.delete(user.id)
    else contacts.set(user.id, contact)
    online.set(user.id, contact.online)
  }
  return { ...state, contacts, online }
}

function open(state: ClientState, target: string): ClientState {
  if (state.open === target) return { ...state, overlay: undefined, focus: 'compose' }
  const next = change(state, target, (conversation) => ({
    ...conversation,
    anchor: undefined,
    selected: undefined,
    pageFailed: false,
    newFrom: newFrom(conversation.head),
  }))
  const { drafts } = moveEarlyDraft(state, target)
  return { ...next, drafts, open: target, last: state.open, overlay: undefined, focus: 'compose' }
}

/** Keys that are on their way go where they were meant to go: a window stays, and the focus. */
function openUnasked(state: ClientState, target: string): ClientState {
  return { ...open(state, target), overlay: state.overlay, focus: state.focus }
}

/** What was typed before anything was open belongs to what is opened first. */
function moveEarlyDraft(state: ClientState, target: string): Pick<ClientState, 'drafts'> {
  const early = state.drafts.get(NOTHING_OPEN)
  if (state.open !== undefined || early === undefined) return state
  const drafts = new Map(state.drafts)
  drafts.delete(NOTHING_OPEN)
  if ((drafts.get(target)?.clusters.length ?? 0) === 0) drafts.set(target, early)
  return { drafts }
}

function openAwaited(state: ClientState): ClientState {
  const { awaited } = state
  if (awaited === undefined || !state.conversations.has(awaited)) return state
  return { ...openUnasked(state, awaited), awaited: undefined }
}

function newFrom(head: Head | undefined): Conversation['newFrom'] {
  if (head === undefined || head.n <= head.readN) return undefined
  return { seq: head.read, n: head.readN }
}

function begin(state: ClientState, user: User): ClientState {
  if (state.conversations.has(user.id)) return state
  const conversation = emptyConversation(user.id, 'direct', user.name)
  return { ...state, conversations: new Map(state.conversations).set(user.id, conversation) }
}

function takePage(
  conversation: Conversation,
  { before, entries, first }: Extract<UiEvent, { type: 'pageCame' }>,
  me: string | undefined,
): Conversation {
  const { head } = conversation
  const loaded = withEntries(conversation, entries, me ?? '')
  // A page that brings nothing must not be asked for again and again.
  const useless =
    loaded.entries.length === conversation.entries.length && first <= (head?.from ?? 0)
  return {
    ...conversation,
    ...loaded,
    loading: conversation.loading.filter((other) => other !== before),
    head: head === undefined ? head : { ...head, from: Math.max(head.from, first) },
    pageFailed: conversation.pageFailed || (useless && before >= 0),
  }
}

function takeMembers(
  state: ClientState,
  { group, members, asOf }: Extract<UiEvent, { type: 'members' }>,
): ClientState {
  const online = new Map(state.online)
  for (const { user, online: connected } of members) {
    if (user !== undefined) online.set(user.id, connected)
  }
  const next = change(state, group, (conversation) => {
    const { head } = conversation
    if (head === undefined) return conversation
    return { ...conversation, head: { ...head, members: members.length } }
  })
  const memberChanges = new Map(state.memberChanges)
  const later = state.conversations.get(group)?.entries.findLast(isMembership)?.seq ?? 0
  // What changed while the answer was on its way may not be in it.
  if (later > asOf) memberChanges.set(group, later)
  else memberChanges.delete(group)
  return { ...next, online, members: new Map(state.members).set(group, members), memberChanges }
}

function takeWatched(
  state: ClientState,
  { target, online }: Extract<UiEvent, { type: 'watched' }>,
): ClientState {
  const group = state.conversations.get(target)?.kind === 'group'
  const watched = group ? (state.members.get(target) ?? []).map(({ user }) => user?.id) : [target]
  const now = new Map(state.online)
  for (const id of watched) if (id !== undefined) now.set(id, false)
  for (const id of online) now.set(id, true)
  return { ...state, online: now }
}

function retryPages(state: ClientState): ReadonlyMap<string, Conversation> {
  const retried = ([target, conversation]: [string, Conversation]) =>
    [target, { ...conversation, loading: [], pageFailed: false }] as const
  return new Map([...state.conversations].map(retried))
}

function change(
  state: ClientState,
  target: string,
  make: (conversation: Conversation) => Conversation,
): ClientState {
  const conversation = state.conversations.get(target)
  if (conversation === undefined) return state
  return { ...state, conversations: new Map(state.conversations).set(target, make(conversation)) }
}

function changeById(
  state: ClientState,
  id: string,
  make: (conversation: Conversation) => Conversation,
): ClientState {
  const target = state.targets.get(id)
  return target === undefined ? state : change(state, target, make)
}
