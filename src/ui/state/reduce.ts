import { hasLists } from '../layout.ts'
import { withAnchor } from './below.ts'
import { change, changeById } from './conversations.ts'
import { markRead, retryPages, takeEntry, takePage, takeRecalled } from './entries.ts'
import type { StateEvent } from './events.ts'
import { leave, restore, takeTold } from './heads.ts'
import { type ClientState, nobody } from './model.ts'
import { begin, open, openAwaited, openUnasked } from './opening.ts'
import { takeContacts, takeMembers, takeWatched } from './people.ts'
import { takePreferences } from './preferences.ts'
import { unfold, withZoomKept } from './reading.ts'
import { withReceipts } from './receipts.ts'
import { withStatuses } from './statuses.ts'
import { withValue } from './table.ts'
import { withoutTypist, withTypist } from './typing.ts'

/** Texts of one conversation that the up key goes back to. */
const SAID_KEPT = 100

/** The state after what happened. */
export function reduce(state: ClientState, event: StateEvent): ClientState {
  const step = steps[event.type] as (state: ClientState, event: StateEvent) => ClientState
  return withZoomKept(step(state, event))
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
    return {
      ...state,
      link,
      online: new Map(),
      statuses: new Map(),
      members: new Map(),
      typing: new Map(),
    }
  },
  loggedIn: (state, { user }) =>
    state.me === undefined || state.me.id === user.id
      ? { ...state, me: user }
      : { ...state, ...nobody(), me: user },
  // What was being written stays: the same person may log in again at once.
  loggedOut: (state) => ({ ...state, overlay: undefined, notice: undefined }),
  away: (state, { from, to }) => ({ ...state, away: { from, to } }),
  heads: (state, event) => takeTold(state, event.heads, event.complete),
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
    let { online } = state
    for (const { user, online: connected } of users) online = withValue(online, user, connected)
    return { ...state, online, statuses: withStatuses(state.statuses, users) }
  },
  crowd: (state, { conversation, online }) =>
    changeById(state, conversation, (it) => (it.crowd === online ? it : { ...it, crowd: online })),
  outbox: (state, { items }) => ({ ...state, outbox: items }),
  settings: (state, { hideReceipts, status }) => ({ ...state, hideReceipts, status }),
  preferences: takePreferences,

  screen: (state, { screen }) => ({ ...state, screen }),
  resized: (state, { columns, rows }) => {
    const size = { columns, rows }
    // Keys must not go to lists that are not shown any more.
    const hidden = !hasLists(size) && (state.focus === 'people' || state.focus === 'groups')
    return { ...state, size, focus: hidden ? 'compose' : state.focus }
  },
  focused: (state, { focused }) => ({ ...state, focused }),
  server: (state, { address }) => ({ ...state, ...nobody(), address, notice: undefined }),
  restored: restore,
  skipped: (state, { target }) =>
    change(state, target, (it) => ({ ...it, skippedTo: it.head?.last ?? 0 })),
  arrivalSeen: (state) => ({ ...state, arrived: false }),
  recalled: (state, { target, entries }) =>
    change(state, target, (it) => takeRecalled(it, entries, state.me?.id)),
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
  draft: (state, { target, editor, kills = state.kills }) => ({
    ...state,
    kills,
    drafts: new Map(state.drafts).set(target, editor),
  }),
  composing: (state, { target, composing, editor }) => ({
    ...change(state, target, (conversation) => ({ ...conversation, composing })),
    drafts: new Map(state.drafts).set(target, editor),
  }),
  selected: (state, { target, seq, anchor, kept }) =>
    change(state, target, (it) => ({
      ...withAnchor(it, anchor, kept),
      selected: seq,
      pageFailed: false,
    })),
  typistGone: (state, { target, typist }) => ({
    ...state,
    typing: withoutTypist(state.typing, target, typist),
  }),
  focus: (state, { focus }) => ({ ...state, focus, filter: undefined }),
  filter: (state, { filter }) => ({ ...state, filter }),
  emoji: (state, { emoji }) => ({ ...state, emoji }),
  chose: (state, { list, target }) => ({ ...state, chosen: { ...state.chosen, [list]: target } }),
  overlay: (state, { overlay }) => ({ ...state, overlay }),
  anchored: (state, { target, anchor }) =>
    change(state, target, (conversation) => {
      // What the keys act on is in view: another one is selected.
      const selected = state.focus === 'log' ? undefined : conversation.selected
      return { ...withAnchor(conversation, anchor), selected, pageFailed: false }
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
  gone: (state, { user }) => ({ ...state, gone: new Set(state.gone).add(user) }),
  groups: (state, { groups }) => ({ ...state, groups }),
  notice: (state, { notice }) => ({ ...state, notice }),
  tick: (state, { now }) => ({ ...state, now }),
  membersPane: (state, { shown }) => ({ ...state, membersPane: shown }),
  zoomed: (state, { zoomed }) => ({ ...state, zoomed, focus: zoomed ? 'log' : 'compose' }),
  mouse: (state, { on }) => ({ ...state, mouse: on }),
  unfolded: unfold,
  serverKey: (state, { key }) => ({ ...state, serverKey: key }),
  hosting: (state, { share, key }) => ({ ...state, share, hostKey: key }),
}
