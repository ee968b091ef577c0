import type { Contact, Head, User } from '../../protocol/messages.ts'
import { emptyConversation } from './conversations.ts'
import { indexOfSeq } from './log.ts'
import { type ClientState, type Conversation, nobody } from './model.ts'
import { keepOpen, newFrom, openAwaited } from './opening.ts'

/** Who was away for less than this need not be told, milliseconds. */
const AWAY_MS_MIN = 5 * 60_000

/** What the server tells of conversations; `complete`: there are no others. */
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
    conversations.set(target, withHead(state, conversations.get(target), target, head))
    targets.set(head.conversation, target)
  }
  const away = complete ? undefined : state.away
  return openAwaited(keepOpen({ ...state, conversations, targets, away }))
}

/** The same from the server: after the first time, or a long absence, one has arrived. */
export function takeTold(
  state: ClientState,
  heads: readonly Head[],
  complete: boolean,
): ClientState {
  const next = takeHeads(state, heads, complete)
  if (!complete) return next
  const arrived = state.arrived || !state.synced || isLong(state.away)
  return { ...next, synced: true, arrived }
}

function isLong(away: ClientState['away']): boolean {
  return away !== undefined && away.to - away.from >= AWAY_MS_MIN
}

/** What this computer knew of the account; who is online nobody knows yet. */
export function restore(
  state: ClientState,
  {
    me,
    heads,
    contacts,
  }: Readonly<{ me: User; heads: readonly Head[]; contacts: readonly Contact[] }>,
): ClientState {
  const known = new Map(contacts.map((contact) => [contact.user?.id ?? '', contact]))
  const { outbox } = state
  return takeHeads({ ...state, ...nobody(), outbox, me, contacts: known }, heads, true)
}

/** A conversation that one is in no more. */
export function leave(state: ClientState, id: string): ClientState {
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

function targetOf(head: Head): string {
  return head.kind === 'direct' && head.peer !== undefined ? head.peer.id : head.conversation
}

function withHead(
  state: ClientState,
  before: Conversation | undefined,
  target: string,
  head: Head,
): Conversation {
  const kind = head.kind === 'direct' ? 'direct' : 'group'
  const name = head.peer?.name ?? head.name
  // Of what went by, the server has been told, or never will be.
  const told = { kind, name, head, syncedTo: head.last, wentByN: 0 } as const
  if (before === undefined) return { ...emptyConversation(target, kind, name), ...told }
  const there = { ...before, ...stillThere(before, head), ...told }
  return { ...there, ...missed(state, before, head) }
}

/** Without what the server has no more; of another log than this one was nothing is left. */
function stillThere(
  { entries, bases }: Conversation,
  head: Head,
): Pick<Conversation, 'entries' | 'bases'> {
  const first = Math.max(head.first, head.from)
  if ((entries.at(-1)?.seq ?? 0) > head.last) return { entries: [], bases: new Map() }
  if ((entries[0]?.seq ?? first) >= first) return { entries, bases }
  const kept = [...bases].filter(([seq]) => seq >= first)
  return { entries: entries.slice(indexOfSeq(entries, first)), bases: new Map(kept) }
}

/** What came while there was no connection: where it begins is marked. */
function missed(
  { open, away }: ClientState,
  { target, head: before, newFrom: line, away: mark }: Conversation,
  head: Head,
): Pick<Conversation, 'newFrom' | 'away'> {
  const count = before === undefined ? 0 : head.n - before.n
  if (before === undefined || count <= 0) return { newFrom: line, away: mark }
  const isMarked = away !== undefined && isLong(away)
  const now = isMarked ? { ...away, seq: before.last, count } : mark
  if (open !== target) return { newFrom: line, away: now }
  // When everything before was read, the line moves down to what was missed.
  const isRead = before.n <= before.readN
  return { newFrom: (isRead ? undefined : line) ?? newFrom(head) ?? line, away: now }
}
