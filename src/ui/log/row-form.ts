/** How the rows of a log are cut. */
export type RowForm = Readonly<{
  /** Cells of the log pane. */
  width: number
  /**
   * Names stand beside the text, or above it where there is little room; `bare`: above, and nothing else
   * is there but what was said.
   */
  names: 'beside' | 'above' | 'bare'
  /** Blank cells on the left. */
  margin: number
}>

const TEXT_CELLS_MAX = 100
/** '09:12' */
export const TIME_CELLS = 5
/** How far an own message has got, '✓✓✓' at most, at the end of the name's column. */
export const SIGN_CELLS = 3

/** Where the text stands: what is left of it, and how many cells it has. */
export function columns(
  form: RowForm,
): Readonly<{ indent: string; cells: number; nameCells: number }> {
  if (form.names === 'bare') return { indent: '', cells: form.width, nameCells: 0 }
  if (form.names === 'above') return { indent: ' ', cells: form.width - 2, nameCells: 0 }
  const nameCells = form.margin > 0 ? 10 : 9
  const indent = form.margin + TIME_CELLS + 1 + nameCells + 1
  const cells = Math.min(TEXT_CELLS_MAX, form.width - indent - form.margin)
  return { indent: ' '.repeat(indent), cells: Math.max(1, cells), nameCells }
}
