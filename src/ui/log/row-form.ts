import { sureText } from '../text/fit.ts'

/** How the rows of a log are cut. */
export type RowForm = Readonly<{
  /** Cells of the log pane. */
  width: number
  /** Names stand beside the text, or above it where there is little room. */
  names: 'beside' | 'above'
  /** Blank cells on the left. */
  margin: number
  /** Something is drawn to the right of the log: every row's width must be sure. */
  sure: boolean
}>

const TEXT_CELLS_MAX = 100
/** '09:12' */
export const TIME_CELLS = 5

/** Where the text stands: what is left of it, and how many cells it has. */
export function columns(
  form: RowForm,
): Readonly<{ indent: string; cells: number; nameCells: number }> {
  if (form.names === 'above') return { indent: ' ', cells: form.width - 2, nameCells: 0 }
  const nameCells = form.margin > 0 ? 10 : 9
  const indent = form.margin + TIME_CELLS + 1 + nameCells + 1
  const cells = Math.min(TEXT_CELLS_MAX, form.width - indent - form.margin)
  return { indent: ' '.repeat(indent), cells: Math.max(1, cells), nameCells }
}

/** The text as it may stand in such a row. */
export function safe(text: string, form: RowForm): string {
  return form.sure ? sureText(text) : text
}
