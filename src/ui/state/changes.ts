import type { Entry } from '../../protocol/messages.ts'
import { applyChange, isChange } from '../../protocol/present.ts'
import { indexOfSeq, mergeEntries } from './log.ts'

/** What is loaded of a log: its texts stand in their present form. */
export type LoadedLog = Readonly<{
  entries: readonly Entry[]
  /** By seq, as they came: those texts that loaded entries have changed since. */
  bases: ReadonlyMap<number, Entry>
}>

/**
 * The log with `more` in their places, every text as all loaded changes above its own `changed` make
 * it. The same comes of it in whatever order pages and pushes bring them. `more` ascends.
 */
export function withEntries(log: LoadedLog, more: readonly Entry[], me: string): LoadedLog {
  const entries = mergeEntries(log.entries, more)
  const [only] = more
  const isNewest = more.length === 1 && only !== undefined && only === entries.at(-1)
  // Nothing can have changed the newest text of all yet.
  if (isNewest && !isChange(only)) return { entries, bases: log.bases }
  const fresh = freshTexts(log, more)
  const touched = new Set(fresh.keys())
  for (const entry of more) if (isChange(entry)) touched.add(entry.target)
  return touched.size === 0
    ? { entries, bases: log.bases }
    : changed({ entries, bases: log.bases }, touched, fresh, me)
}

/** Texts that are new here, or stand as of a later change than the loaded ones. */
function freshTexts(log: LoadedLog, more: readonly Entry[]): ReadonlyMap<number, Entry> {
  const fresh = new Map<number, Entry>()
  for (const entry of more) {
    if (entry.kind !== 'text') continue
    const known = log.bases.get(entry.seq) ?? entryAt(log.entries, entry.seq)
    if (known === undefined || entry.changed > known.changed) fresh.set(entry.seq, entry)
  }
  return fresh
}

function changed(
  { entries: merged, bases: known }: LoadedLog,
  touched: ReadonlySet<number>,
  fresh: ReadonlyMap<number, Entry>,
  me: string,
): LoadedLog {
  const changes = Map.groupBy(
    merged.filter((entry) => isChange(entry) && touched.has(entry.target)),
    ({ target }) => target,
  )
  const entries = [...merged]
  const bases = new Map(known)
  for (const seq of touched) {
    const index = indexOfSeq(merged, seq)
    const loaded = merged[index]
    if (loaded?.seq !== seq || loaded.kind !== 'text') continue
    const base = fresh.get(seq) ?? bases.get(seq) ?? loaded
    const present = (changes.get(seq) ?? []).reduce(
      (text, change) => applyChange(text, change, me),
      base,
    )
    entries[index] = present
    if (present === base) bases.delete(seq)
    else bases.set(seq, base)
  }
  return { entries, bases }
}

/** The loaded entry with this seq. */
export function entryAt(entries: readonly Entry[], seq: number): Entry | undefined {
  const entry = entries[indexOfSeq(entries, seq)]
  return entry?.seq === seq ? entry : undefined
}
