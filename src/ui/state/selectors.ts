import type { OutboxItem } from '../../net/events.ts'
import type { Group, Status } from '../../protocol/messages.ts'
import { nameKey } from '../../protocol/names.ts'
import { typedOf } from '../commands/slash.ts'
import { isMessage } from './log.ts'
import { remembered } from './memo.ts'
import type { ClientState, Conversation } from './model.ts'
import { calling, mentions, preferencesOf, unread } from './preferences.ts'
import { statusOf } from './statuses.ts'

const totals = remembered(
  ({ conversations }) => [conversations],
  ({ conversations }) => {
    let [named, unread] = [0, 0]
    for (const conversation of conversations.values()) {
      named += mentions(conversation)
      unread += calling(conversation)
    }
    return { named, unread }
  },
)

/** Unread messages that name one, everywhere. */
export function totalMentions(state: ClientState): number {
  return totals(state).named
}

/** Unread messages that ask for attention, everywhere. */
export function totalUnread(state: ClientState): number {
  return totals(state).unread
}

/** The conversation on the screen. */
export function openConversation(state: ClientState): Conversation | undefined {
  return state.open === undefined ? undefined : state.conversations.get(state.open)
}

/** Own messages of this conversation that the log does not have yet, oldest first. */
export function pendingOf(state: ClientState, conversation: Conversation): readonly OutboxItem[] {
  if (state.outbox.length === 0) return NONE
  const mine = state.outbox.filter((item) => item.target.id === conversation.target)
  if (mine.length === 0) return NONE
  const acknowledged = ownNonces(state, conversation)
  return mine.filter((item) => !acknowledged.has(item.nonce))
}

const NONE: readonly OutboxItem[] = []
/** How far back an own entry can be whose outbox item is still shown. */
const NONCE_ENTRIES = 200

function ownNonces(state: ClientState, conversation: Conversation): ReadonlySet<string> {
  const own = conversation.entries
    .slice(-NONCE_ENTRIES)
    .filter((entry) => entry.from === state.me?.id)
  return new Set(own.map((entry) => Buffer.from(entry.nonce).toString('hex')))
}

/**
 * What ↑ and ↓ go through, as it was typed, oldest first and each once: the person's own messages
 * that are loaded, and what was said in this run.
 */
export function sentTexts(state: ClientState, target: string): readonly string[] {
  const entries = state.conversations.get(target)?.entries ?? []
  const own = entries.filter((entry) => entry.from === state.me?.id && isMessage(entry))
  const typed = own.map(({ text }) => typedOf(text))
  const newestFirst = [...typed, ...(state.said.get(target) ?? [])].reverse()
  return [...new Set(newestFirst)].reverse()
}

/** A row of one of the lists on the left. */
export type ListRow = Readonly<{
  target: string
  name: string
  /** Of a person: connected now. */
  online: boolean
  /** Of a person who is: what they say of themselves. */
  status: Status
  pinned: boolean
  muted: boolean
  unread: number
  /** Of them, those that ask for attention. */
  calling: number
  /** Of them, those that name me. */
  mentions: number
  /** In the outbox for them. */
  waiting: number
  /** Refused by the server: it waits for a person. */
  refused: number
  /** Of a person: one takes nothing from them. */
  blocked: boolean
}>

const rowParts = ({ contacts, conversations, online, statuses, outbox }: ClientState) => [
  contacts,
  conversations,
  online,
  statuses,
  outbox,
]

/** Contacts and everyone one has a direct conversation with: pinned, unread, online first. */
export const peopleRows = remembered<readonly ListRow[]>(rowParts, (state, before) => {
  const names = new Map<string, string>()
  for (const [id, { user }] of state.contacts) names.set(id, user?.name ?? id)
  for (const [id, { kind, name }] of state.conversations) if (kind === 'direct') names.set(id, name)
  return sortedFrom(before, rowsOf(state, names), (one, other) => {
    return (
      pinnedFirst(one, other) ||
      unreadFirst(one, other) ||
      onlineFirst(one, other) ||
      byName(one, other)
    )
  })
})

/** The rows of the list of groups. */
export const groupRows = remembered<readonly ListRow[]>(rowParts, (state, before) => {
  const names = new Map<string, string>()
  for (const [id, { kind, name }] of state.conversations) if (kind === 'group') names.set(id, name)
  return sortedFrom(
    before,
    rowsOf(state, names),
    (one, other) => pinnedFirst(one, other) || unreadFirst(one, other) || byName(one, other),
  )
})

type Rows = Map<string, ListRow>

function rowsOf(state: ClientState, names: ReadonlyMap<string, string>): Rows {
  const unsent = Map.groupBy(state.outbox, ({ target }) => target.id)
  const rows: Rows = new Map()
  for (const [target, name] of names) {
    rows.set(target, listRow(state, target, name, unsent.get(target) ?? NONE))
  }
  return rows
}

type Compare = (one: ListRow, other: ListRow) => number

/** From the order of before, in which nearly all stand right: names are dear to compare. */
function sortedFrom(
  before: readonly ListRow[] | undefined,
  rows: Rows,
  compare: Compare,
): readonly ListRow[] {
  const sorted: ListRow[] = []
  let isSorted = before?.length === rows.size
  for (const was of before ?? []) {
    const row = rows.get(was.target)
    isSorted &&= row !== undefined && (row === was || compare(was, row) === 0)
    if (row !== undefined) sorted.push(row)
    rows.delete(was.target)
  }
  return isSorted ? sorted : [...sorted, ...rows.values()].sort(compare)
}

/** What is not sent yet: what goes out by itself, and what the server has refused. */
export function countUnsent(
  items: readonly OutboxItem[],
): Readonly<{ waiting: number; refused: number }> {
  if (items.length === 0) return NOTHING_UNSENT
  const refused = items.filter((item) => item.refused !== undefined).length
  return { waiting: items.length - refused, refused }
}

const NOTHING_UNSENT = { waiting: 0, refused: 0 } as const

function listRow(
  state: ClientState,
  target: string,
  name: string,
  unsent: readonly OutboxItem[],
): ListRow {
  const conversation = state.conversations.get(target)
  const told = {
    name,
    online: state.online.get(target) ?? false,
    status: statusOf(state, target),
    ...countUnsent(unsent),
    blocked: state.contacts.get(target)?.blocked ?? false,
  }
  const known = conversation && rowsMade.get(conversation)
  if (known !== undefined && isStill(known, told)) return known
  const { pinned, muted } = preferencesOf(conversation)
  const row: ListRow = {
    ...told,
    target,
    pinned,
    muted,
    unread: unread(conversation),
    calling: calling(conversation),
    mentions: mentions(conversation),
  }
  if (conversation !== undefined) rowsMade.set(conversation, row)
  return row
}

/** Of thousands of rows a message changes one. */
const rowsMade = new WeakMap<Conversation, ListRow>()

/** Whether what a row has that is not its conversation's is as it was. */
function isStill(row: ListRow, told: Partial<ListRow>): boolean {
  return (
    row.name === told.name &&
    row.online === told.online &&
    row.status === told.status &&
    row.waiting === told.waiting &&
    row.refused === told.refused &&
    row.blocked === told.blocked
  )
}

/** Where one is named, then whatever else is unread. */
function unreadFirst(one: ListRow, other: ListRow): number {
  return (
    Number(other.mentions > 0) - Number(one.mentions > 0) ||
    Number(other.calling > 0) - Number(one.calling > 0)
  )
}

function pinnedFirst(one: ListRow, other: ListRow): number {
  return Number(other.pinned) - Number(one.pinned)
}

function onlineFirst(one: ListRow, other: ListRow): number {
  return Number(other.online) - Number(one.online)
}

const collator = new Intl.Collator()

function byName(one: ListRow, other: ListRow): number {
  return one.name === other.name ? 0 : collator.compare(one.name, other.name)
}

/** The row of a list that keys act on: the chosen one, else the open one, else the first. */
export function highlighted(
  state: ClientState,
  list: 'people' | 'groups',
  rows: readonly ListRow[],
): ListRow | undefined {
  const chosen = rows.find(({ target }) => target === state.chosen[list])
  return chosen ?? rows.find(({ target }) => target === state.open) ?? rows[0]
}

/** Both lists, in the order of the screen: what Ctrl-N and Ctrl-P go through. */
export function allTargets(state: ClientState): readonly string[] {
  return [...peopleRows(state), ...groupRows(state)].map((row) => row.target)
}

/** The next conversation with something unread: where one is named first, then those waiting longest; never the open one. */
export function nextUnread(state: ClientState): string | undefined {
  const waiting = [...state.conversations.values()].filter(
    (conversation) => conversation.target !== state.open && calling(conversation) > 0,
  )
  waiting.sort(
    (one, other) =>
      Number(mentions(other) > 0) - Number(mentions(one) > 0) ||
      (one.head?.time ?? 0) - (other.head?.time ?? 0),
  )
  return waiting[0]?.target
}

/** Public groups whose name has this in it, as last asked for; those one is in already come last. */
export function joinableGroups(state: ClientState, query: string): readonly Group[] {
  const key = nameKey(query.replace(/^#/, '').trim())
  const found = state.groups.filter(({ name }) => nameKey(name).includes(key))
  return found.toSorted((one, other) => Number(one.joined) - Number(other.joined))
}
