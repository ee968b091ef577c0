import type { Setting } from '../command-line.ts'
import { UsageError } from '../errors.ts'

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/**
 * `--since`: a seq, how long ago (`10m`), a time of today (`12:30`), or a date, with a time or
 * without, in local time unless it names a zone.
 * @param now milliseconds since 1970
 * @throws UsageError
 */
export function sinceOf({ text, from }: Setting, now: number): number | Date {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  const [, count, unit = ''] = /^(\d{1,9})([smhdw])$/.exec(text) ?? []
  if (count !== undefined) return new Date(now - Number(count) * (UNIT_MS[unit] ?? 0))
  const written = localTime(text, now)
  const date = new Date(written)
  // Date takes the 30th of February for the 2nd of March.
  if (!Number.isNaN(date.getTime()) && isDay(written.slice(0, 10))) return date
  throw new UsageError(
    `${from} '${text}' is no place in a log: write a number (what comes after that one), 10m (also s, h, d, w), 12:30, 2026-01-31 or 2026-01-31T12:30`,
  )
}

function isDay(text: string): boolean {
  return new Date(text).toISOString().startsWith(text)
}

/** As Date reads it: a date alone would be one of UTC. */
function localTime(text: string, now: number): string {
  if (/^\d{1,2}:\d{2}(:\d{2})?$/.test(text)) return `${today(now)}T${text.padStart(5, '0')}`
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return `${text}T00:00`
  return /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) ? text.replace(' ', 'T') : 'none'
}

function today(now: number): string {
  const date = new Date(now)
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()]
  return parts.map((part) => String(part).padStart(2, '0')).join('-')
}
