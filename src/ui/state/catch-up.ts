import type { Entry } from '../../protocol/messages.ts'
import { entryAt } from './changes.ts'
import { firstReadable, indexOfSeq, isMessage } from './log.ts'
import type { ClientState, Conversation } from './model.ts'
import { mentions, preferencesOf, unread, unreadAfter } from './preferences.ts'

/** What came while one was away, conversation by conversation. */
export type CatchUpWindow = Readonly<{
  type: 'catchUp'
  /** Target id of the chosen row; undefined: the first one. */
  chosen: string | undefined
  /** What is typed before this time (the clock of the program) was meant for a message. */
  guardUntil: number
}>

/** What is new in one of them, read without being marked as read. */
export type PeekWindow = Readonly<{
  type: 'peek'
  target: string
  /** The first row that is shown. */
  top: number
  back: CatchUpWindow
}>

/** A conversation in which something is unread. */
export type Missed = Readonly<{
  conversation: Conversation
  unread: number
  mentions: number
  muted: boolean
}>

/** Where one is named first, then people, then groups; what is muted last; the newest first among equals. */
export function missedOf(state: ClientState): readonly Missed[] {
  const missed: Missed[] = []
  for (const conversation of state.conversations.values()) {
    const count = unread(conversation)
    if (count === 0) continue
    const { muted } = preferencesOf(conversation)
    missed.push({ conversation, unread: count, mentions: mentions(conversation), muted })
  }
  return missed.sort((one, other) => rankOf(one) - rankOf(other) || timeOf(other) - timeOf(one))
}

/** The texts of others that are new and loaded, oldest first. */
export function newTexts(state: ClientState, conversation: Conversation): readonly Entry[] {
  const { head, entries } = conversation
  const after = head === undefined ? undefined : unreadAfter(head)
  if (after === undefined) return []
  const fresh = entries.slice(indexOfSeq(entries, after.seq + 1))
  return fresh.filter((entry) => isMessage(entry) && entry.from !== state.me?.id)
}

/** What comes first of what is new is loaded: what is shown of it does not begin further down. */
export function isBeginningThere({ head, entries }: Conversation): boolean {
  const after = head === undefined ? undefined : unreadAfter(head)
  if (head === undefined || after === undefined) return true
  const first = Math.max(after.seq + 1, firstReadable(head))
  return entryAt(entries, first) !== undefined
}

/** The row that keys act on. */
export function chosenMissed(
  rows: readonly Missed[],
  { chosen }: Pick<CatchUpWindow, 'chosen'>,
): Missed | undefined {
  return rows.find(({ conversation }) => conversation.target === chosen) ?? rows[0]
}

function rankOf({ conversation, mentions: named, muted }: Missed): number {
  if (named > 0) return 0
  if (muted) return 3
  return conversation.kind === 'direct' ? 1 : 2
}

function timeOf({ conversation }: Missed): number {
  return conversation.head?.time ?? 0
}
