/** After something was told of a conversation: until when no more is, and what came since. */
type Pause = Readonly<{ until: number; mentioned: boolean; gathered: number }>

/** By target id. */
export type Pauses = ReadonlyMap<string, Pause>

export const NO_PAUSES: Pauses = new Map()

/** So many conversations are told of within one pause; the others wait for its end. */
const TOLD_AT_ONCE = 3

/** What there is to tell: of which conversation, and how much of it. */
export type Summary = Readonly<{ target: string; count: number }>

/**
 * Something has come. It is told unless something was told of that conversation just now, or of many
 * others; a mention is, unless one was. What is not told is gathered.
 */
export function taken(
  pauses: Pauses,
  target: string,
  isMention: boolean,
  now: number,
  pauseMs: number,
): Readonly<{ pauses: Pauses; tell: boolean }> {
  if (pauseMs === 0) return { pauses, tell: true }
  const pause = pauses.get(target)
  const isPaused = pause !== undefined && pause.until > now
  const tooMany = !isPaused && running(pauses, now) >= TOLD_AT_ONCE
  const tell = isMention ? !(isPaused && pause.mentioned) : !isPaused && !tooMany
  const before = isPaused ? pause : { until: now + pauseMs, mentioned: false, gathered: 0 }
  const next = tell
    ? { ...before, mentioned: before.mentioned || isMention }
    : { ...before, gathered: before.gathered + 1 }
  return { pauses: new Map(pauses).set(target, next), tell }
}

/** Pauses that have ended, and what was gathered in them. With what is told a new one begins. */
export function ended(
  pauses: Pauses,
  now: number,
  pauseMs: number,
): Readonly<{ pauses: Pauses; summaries: readonly Summary[] }> {
  const left = new Map(pauses)
  const summaries: Summary[] = []
  for (const [target, { until, gathered }] of pauses) {
    if (until > now) continue
    left.delete(target)
    if (gathered === 0) continue
    summaries.push({ target, count: gathered })
    left.set(target, { until: now + pauseMs, mentioned: false, gathered: 0 })
  }
  return { pauses: left, summaries }
}

/** When the next pause ends; undefined: there is none. */
export function nextEnd(pauses: Pauses): number | undefined {
  const ends = [...pauses.values()].map(({ until }) => until)
  return ends.length === 0 ? undefined : Math.min(...ends)
}

function running(pauses: Pauses, now: number): number {
  return [...pauses.values()].filter(({ until }) => until > now).length
}
