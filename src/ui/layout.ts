/** Where everything stands on a screen of `columns` × `rows`. All figures in cells and rows. */
export type Layout = Readonly<{
  /** `bare`: nothing but the log. */
  form: 'wide' | 'middle' | 'narrow' | 'single' | 'tiny' | 'bare'
  columns: number
  rows: number
  /** The first row with name, link state and counts. */
  header: boolean
  /** The last row with the most useful keys; in `single` it also carries notices. */
  hints: boolean
  /** The lists on the left, without the line to their right; 0: none. */
  left: number
  /** The members on the right, without the line to their left; 0: none. */
  right: number
  /** The log without its title and status rows. */
  log: Readonly<{ width: number; height: number }>
  composer: number
}>

const COMPOSER_ROWS_MAX = 6

/**
 * The widths and heights at which the form changes. `composerRows`: how many rows the draft would
 * like; `members`: the right pane is wanted.
 */
export function layoutOf(
  size: Readonly<{ columns: number; rows: number }>,
  composerRows: number,
  members: boolean,
): Layout {
  const columns = Math.max(1, size.columns)
  const rows = Math.max(1, size.rows)
  const form = formOf(columns, rows)
  const left = LEFT[form]
  const right = form === 'wide' && members ? 24 : 0
  const header = rows >= 16 && form !== 'single' && form !== 'tiny'
  const hints = form === 'single' || (rows >= 16 && form !== 'tiny')
  const composer = composerHeight(form, rows, composerRows)
  const width = columns - (left > 0 ? left + 1 : 0) - (right > 0 ? right + 1 : 0)
  const height = Math.max(0, rows - composer - furniture(form, rows, header, hints))
  return { form, columns, rows, header, hints, left, right, log: { width, height }, composer }
}

/** The log alone, on the whole screen. */
export function bareLayout({ columns, rows }: ClientSize): Layout {
  const log = { width: columns, height: rows }
  const none = { header: false, hints: false, left: 0, right: 0, composer: 0 }
  return { form: 'bare', columns, rows, log, ...none }
}

type ClientSize = Readonly<{ columns: number; rows: number }>

/** Whether a window of this size has room for the lists on the left. */
export function hasLists({ columns, rows }: Readonly<{ columns: number; rows: number }>): boolean {
  return LEFT[formOf(columns, rows)] > 0
}

const LEFT = { wide: 26, middle: 20, narrow: 14, single: 0, tiny: 0, bare: 0 } as const

function formOf(columns: number, rows: number): Layout['form'] {
  if (columns < 30 || rows < 8) return 'tiny'
  if (columns < 60) return 'single'
  if (columns < 80) return 'narrow'
  return columns < 110 ? 'middle' : 'wide'
}

function composerHeight(form: Layout['form'], rows: number, wanted: number): number {
  if (form === 'tiny') return 1
  const least = rows >= 24 && form !== 'single' ? 2 : 1
  const most = Math.max(least, Math.min(COMPOSER_ROWS_MAX, Math.floor(rows / 3)))
  return Math.min(most, Math.max(least, wanted))
}

/** Rows that are neither log nor composer. */
function furniture(form: Layout['form'], rows: number, header: boolean, hints: boolean): number {
  if (form === 'tiny') return rows >= 2 ? 1 : 0
  // The strip and two rules, and the hints.
  if (form === 'single') return 4
  // Title, status and one rule; the hints bring a rule of their own.
  return 3 + (header ? 1 : 0) + (hints ? 2 : 0)
}
