/** How times are written, in one time zone. */
export type WallClock = Readonly<{
  /** '09:31' */
  time: (ms: number) => string
  /** 'Sat 21 Nov 2026' */
  date: (ms: number) => string
  /** The same for two times of one day. */
  day: (ms: number) => number
}>

/** `locale` and `zone` undefined: the system's zone, English words. */
export function createWallClock(zone?: string, locale = 'en-GB'): WallClock {
  const place = zone === undefined ? {} : { timeZone: zone }
  const time = formatter('en-GB', { ...place, hour: '2-digit', minute: '2-digit' })
  const date = formatter(locale, {
    ...place,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  })
  const day = formatter('en-CA', { ...place, dateStyle: 'short' })
  return {
    time,
    date: (ms) => date(ms).replaceAll(',', ''),
    day: remembered((ms) => Number(day(ms).replaceAll('-', ''))),
  }
}

/** Made with the first time that is written: it is dear, and the first screen has none. */
function formatter(locale: string, form: Intl.DateTimeFormatOptions): (ms: number) => string {
  let made: Intl.DateTimeFormat | undefined
  return (ms) => {
    made ??= new Intl.DateTimeFormat(locale, form)
    return made.format(ms)
  }
}

/** Zones differ by quarters of an hour: within one of them it is the same day everywhere. */
const QUARTER_MS = 900_000
const QUARTERS_MAX = 4_096

/** Formatting is dear, and every row in view asks for the day of the one above it. */
function remembered(dayOf: (ms: number) => number): (ms: number) => number {
  const days = new Map<number, number>()
  return (ms) => {
    const quarter = Math.floor(ms / QUARTER_MS)
    const known = days.get(quarter)
    if (known !== undefined) return known
    if (days.size >= QUARTERS_MAX) days.clear()
    const day = dayOf(ms)
    days.set(quarter, day)
    return day
  }
}
