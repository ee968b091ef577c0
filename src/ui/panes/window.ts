import type { EditorState } from '../input/editor.ts'
import { layoutLine } from '../input/editor-layout.ts'
import type { Look } from '../look.ts'
import type { Form } from '../state/model.ts'
import { cutText, fitText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { wrapText } from '../text/wrap.ts'

/** What the windows over the chat are made of. */

export type Size = Readonly<{ width: number; height: number }>
export type Body = Readonly<{
  title: string
  body: readonly string[]
  /** Rows above the body that begin in the first column, to be copied. */
  bare?: readonly string[]
  keys: string
  cursor?: Cell
  /** The row of the body that must be in view; the cursor's where there is none. */
  focus?: number
}>
/** Counted from the first row of the body. */
type Cell = Readonly<{ x: number; y: number }>

const FIELD_CELLS_MIN = 8

/** 'Name: text', scrolled so that the cursor is in view. */
export function fieldRow(
  label: string,
  editor: EditorState,
  width: number,
): Readonly<{ row: string; x: number }> {
  // Where there is hardly any room, what is typed comes first.
  const shown = labelIn(label, width - FIELD_CELLS_MIN)
  const indent = textWidth(shown)
  const { row, column } = layoutLine(editor, Math.max(2, width - indent))
  return { row: shown + row, x: indent + column }
}

/** A label with the blanks behind it, in that many cells at most: of the two it is the one to be cut. */
export function labelIn(label: string, cells: number): string {
  if (textWidth(label) <= cells) return label
  return cells < 2 ? '' : `${fitText(label.trimEnd(), cells - 1)} `
}

/**
 * Labelled fields below each other, notes, and what the server says. `choice`: a row below the fields
 * that is none of them, but can be the one that keys go to.
 */
export function formBody(
  words: Readonly<{ title: string; keys: string }>,
  labels: readonly string[],
  fields: readonly EditorState[],
  field: number,
  form: Form,
  size: Size,
  look: Look,
  help: readonly string[],
  choice: readonly string[] = [],
): Body {
  const widest = Math.max(...labels.map(textWidth))
  const rows = fields.map((editor, index) =>
    fieldRow(`${fitText(labels[index] ?? '', widest)}  `, editor, size.width),
  )
  const inputs = [...rows.map(({ row }) => row), ...choice]
  const notes = help.map((line) => look.theme.faint(cutText(line, size.width)))
  const said = faultRows(form, size, look)
  const isSaid = form.busy || form.fault !== ''
  // Where it has no room below everything, it stands below what is to be mended.
  const isLow = isSaid && inputs.length + notes.length + 1 + said.length > size.height
  const focus = isLow ? 0 : field
  const x = rows[field]?.x
  return {
    ...words,
    body: isLow ? [inputs[field] ?? '', ...said] : [...inputs, ...notes, '', ...said],
    focus,
    ...(x === undefined ? {} : { cursor: { x, y: focus } }),
  }
}

/** What stands between a field and what it finds: nothing where every row is needed. */
export function belowField({ height }: Size): readonly string[] {
  return height < LOW_BODY ? [] : ['']
}

/** A body of fewer rows has room for nothing but the field and what is found. */
const LOW_BODY = 4

/** What the server is asked or has refused, in one row. */
function faultRow({ busy, fault }: Form, size: Size, { theme, words }: Look): string {
  return busy
    ? theme.faint(cutText(words.logIn.busy, size.width))
    : theme.bad(cutText(fault, size.width))
}

/** A window of rows around the chosen one, which has a sign and is inverse. */
export function chosenRows(
  rows: readonly string[],
  chosen: number,
  height: number,
  { theme }: Look,
): readonly string[] {
  const room = Math.max(1, height)
  const first = firstOf(rows, chosen, room)
  return rows.slice(first, first + room).map((row, index) => {
    if (first + index === chosen) return theme.chosen(`▸ ${row}`)
    return signOf({ index, first, shown: room, all: rows.length }) + row
  })
}

/**
 * What is said, and below it what can be chosen. Where all of it leaves no row for a choice nothing is
 * said: the end of a sentence alone would say something else.
 */
export function belowSaid(
  said: readonly string[],
  rows: readonly string[],
  chosen: number,
  { height }: Pick<Size, 'height'>,
  look: Look,
): Readonly<{ body: readonly string[]; focus: number }> {
  const dense = said.filter((row) => row !== '')
  const wanted = height < LOW_BODY ? dense : said
  const above = [wanted, dense].find((rows) => rows.length < height) ?? []
  const room = Math.max(1, height - above.length)
  return {
    body: [...above, ...chosenRows(rows, chosen, room, look)],
    focus: above.length + chosen - firstOf(rows, chosen, room),
  }
}

function firstOf(rows: readonly string[], chosen: number, room: number): number {
  return Math.max(0, Math.min(chosen - Math.floor(room / 2), rows.length - room))
}

/** The same in as many rows as it takes. */
export function faultRows(form: Form, size: Size, look: Look): readonly string[] {
  if (form.busy || form.fault === '') return [faultRow(form, size, look)]
  return wrapText(form.fault, Math.max(1, size.width - 1)).map(look.theme.bad)
}

/** The same for items of two rows each; the second says more and stands a little to the right. */
export function chosenPairs(
  pairs: readonly (readonly [string, string])[],
  chosen: number,
  height: number,
  { theme }: Look,
): readonly string[] {
  const room = Math.max(1, Math.floor(height / 2))
  const first = Math.max(0, Math.min(chosen - Math.floor(room / 2), pairs.length - room))
  return pairs
    .slice(first, first + room)
    .flatMap(([head, more], index) => [
      first + index === chosen
        ? theme.chosen(`▸ ${head}`)
        : signOf({ index, first, shown: room, all: pairs.length }) + head,
      `${PAIR_INDENT}${more}`,
    ])
}

/** The first and the last row say when there are more beyond them. */
function signOf(
  at: Readonly<{ index: number; first: number; shown: number; all: number }>,
): string {
  if (at.index === 0 && at.first > 0) return '↑ '
  return at.index === at.shown - 1 && at.first + at.shown < at.all ? '↓ ' : '  '
}

/** What stands left of the second row of a pair. */
const PAIR_INDENT = '    '

/** How many cells the second row of a pair has. */
export function pairCells({ width }: Size): number {
  return Math.max(1, width - PAIR_INDENT.length)
}

/** A line of keys with as many of its parts as have room; the last, by which one leaves, goes last. */
export function keysThatFit(keys: string, width: number): string {
  // In ASCII the sign between them is another.
  const between = keys.includes(' · ') ? ' · ' : ' - '
  const parts = keys.split(between)
  while (parts.length > 1 && textWidth(parts.join(between)) > width) parts.splice(-2, 1)
  return cutText(parts.join(between), width)
}

/** Rows for `chosenRows` that only say what can be chosen. */
export function choices(labels: readonly string[], size: Size): readonly string[] {
  return labels.map((label) => fitText(label, size.width - 2))
}
