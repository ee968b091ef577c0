import type { ClientEvent } from '../../net/events.ts'

/** By conversation, the seq up to which nothing is news: it was there when one came. */
export type Known = ReadonlyMap<string, number>

export const NOTHING_KNOWN: Known = new Map()

/**
 * What was known before with what the event says. All that the heads of a log-in tell of is caught
 * up, not told; of a conversation that begins while one is there, what is unread is news.
 */
export function withKnown(known: Known, event: ClientEvent): Known {
  if (event.type === 'left') return without(known, event.conversation)
  if (event.type !== 'heads') return known
  if (event.complete) {
    return new Map(event.heads.map(({ conversation, last }) => [conversation, last]))
  }
  const begun = event.heads.filter(({ conversation }) => !known.has(conversation))
  return new Map([...known, ...begun.map((head) => [head.conversation, head.read] as const)])
}

/** Whether the entry came while one was there. */
export function isNews(
  known: Known,
  { conversation, entry }: Extract<ClientEvent, { type: 'entry' }>,
): boolean {
  const seq = known.get(conversation)
  return seq !== undefined && entry.seq > seq
}

function without(known: Known, conversation: string): Known {
  const left = new Map(known)
  left.delete(conversation)
  return left
}
