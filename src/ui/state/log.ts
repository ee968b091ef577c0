import type { Entry, Head } from '../../protocol/messages.ts'
import { isDeleted } from '../../protocol/present.ts'

/** Whether the entry is something said that is still there: keys and commands can act on it. */
export function isMessage(entry: Entry): boolean {
  return entry.kind === 'text' && !isDeleted(entry)
}

/** The seq of the first entry that one may read there and the server still has. */
export function firstReadable({ first, from }: Pick<Head, 'first' | 'from'>): number {
  return Math.max(first, from, 1)
}

/**
 * `entries` with `more` in their places, by ascending seq, each seq once: what is there already
 * stays, so that its wrapped rows stay, too. `more` ascends.
 */
export function mergeEntries(entries: readonly Entry[], more: readonly Entry[]): readonly Entry[] {
  const [first] = more
  if (first === undefined) return entries
  const last = entries.at(-1)
  if (last === undefined || last.seq < first.seq) return [...entries, ...more]
  const start = indexOfSeq(entries, first.seq)
  const end = indexOfSeq(entries, (more.at(-1)?.seq ?? 0) + 1)
  const known = new Map(entries.slice(start, end).map((entry) => [entry.seq, entry]))
  const added = more.filter((entry) => !known.has(entry.seq))
  if (added.length === 0) return entries
  const between = [...known.values(), ...added].sort((one, other) => one.seq - other.seq)
  return [...entries.slice(0, start), ...between, ...entries.slice(end)]
}

/** Entries of one conversation kept at most; what is left out comes by page again. */
export const ENTRIES_KEPT_MAX = 4_000
/** Kept at the end, and on each side of what is in view while one reads back. */
const KEPT_AT_END = 2_000
const KEPT_AROUND = 500

/** The same of a conversation that is not open: there may be thousands of them. */
const CLOSED_KEPT_MAX = 400
const CLOSED_KEPT_AT_END = 200

/** Too many become those at the end and, with holes between, those around each of these seqs. */
export function trimEntries(
  entries: readonly Entry[],
  around: readonly number[],
): readonly Entry[] {
  if (entries.length <= ENTRIES_KEPT_MAX) return entries
  const end = entries.length - KEPT_AT_END
  const places = around.map((seq) => indexOfSeq(entries, seq))
  const isKept = (at: number) =>
    at >= end || places.some((place) => at >= place - KEPT_AROUND && at < place + KEPT_AROUND)
  return entries.filter((_, at) => isKept(at))
}

/** What is kept of a conversation that nobody looks at: it is had by page again when it is opened. */
export function trimClosed(entries: readonly Entry[]): readonly Entry[] {
  return entries.length <= CLOSED_KEPT_MAX ? entries : entries.slice(-CLOSED_KEPT_AT_END)
}

/** The index of the first entry with this seq or a greater one. */
export function indexOfSeq(entries: readonly Entry[], seq: number): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((entries[middle]?.seq ?? 0) < seq) low = middle + 1
    else high = middle
  }
  return low
}
