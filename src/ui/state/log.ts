import type { Entry } from '../../protocol/messages.ts'

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
