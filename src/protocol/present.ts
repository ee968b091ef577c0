import type { Entry, EntryKind, Reaction } from './messages.ts'

/** The present form of a text: what the entries that changed it made of it. */

const changeKinds: ReadonlySet<EntryKind> = new Set<EntryKind>([
  'edited',
  'deleted',
  'reacted',
  'unreacted',
])

/** Whether an entry changes another one: the text at its `target`. */
export function isChange(entry: Pick<Entry, 'kind'>): boolean {
  return changeKinds.has(entry.kind)
}

/**
 * A deleted text keeps its place in the log, and nothing else. One that nothing has changed is merely
 * empty once it is cleaned: older servers took such texts.
 */
export function isDeleted({
  kind,
  text,
  changed,
}: Pick<Entry, 'kind' | 'text' | 'changed'>): boolean {
  return kind === 'text' && text === '' && changed > 0
}

/** An edit for who may not read the text that it changed (rule 5): what it changed it to is blank. */
export function withheld(edit: Entry): Entry {
  return { ...edit, text: '', mentions: [] }
}

/**
 * The text as of that change, for the user with the id `me`. Changes are applied in the order of
 * seq; one that the text has seen already (`seq` not above its `changed`), or that concerns another
 * one, changes nothing: then the same object is given back. A text of a page, with all changes above
 * its `changed` applied, is the text of a later page.
 */
export function applyChange(text: Entry, change: Entry, me: string): Entry {
  if (change.target !== text.seq || change.seq <= text.changed || !isChange(change)) return text
  return { ...text, ...changedPart(text, change, me), changed: change.seq }
}

/** The most frequent first, then by text: an order that needs no memory of who came first. */
export function byCount(one: Reaction, other: Reaction): number {
  return other.count - one.count || (one.text < other.text ? -1 : 1)
}

function changedPart(text: Entry, change: Entry, me: string): Partial<Entry> {
  const mine = change.from === me
  switch (change.kind) {
    case 'edited':
      return { text: change.text, mentions: change.mentions, edited: true }
    case 'deleted':
      return { text: '', mentions: [], edited: false, reactions: [] }
    case 'reacted':
      return { reactions: counted(text.reactions, change.text, 1, mine ? true : undefined) }
    case 'unreacted':
      return { reactions: counted(text.reactions, change.text, -1, mine ? false : undefined) }
    default:
      return {}
  }
}

/** `mine`: what it is now; undefined: as before. */
function counted(
  reactions: readonly Reaction[],
  text: string,
  more: 1 | -1,
  mine: boolean | undefined,
): readonly Reaction[] {
  const before = reactions.find((reaction) => reaction.text === text)
  const others = reactions.filter((reaction) => reaction !== before)
  const count = (before?.count ?? 0) + more
  if (count <= 0) return others
  return [...others, { text, count, mine: mine ?? before?.mine ?? false }].sort(byCount)
}
