import { Box } from 'ink'
import type { ReactNode } from 'react'
import type { Choice } from '../flow/screens.ts'
import type { Look } from '../look.ts'
import { isTooSmall, tooSmallRow } from '../panes/too-small.ts'
import { keysThatFit } from '../panes/window.ts'
import { cutText, fitText, sureText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { wrapText } from '../text/wrap.ts'
import { type PageRow, rowsThatFit } from './page-rows.ts'
import { Row } from './Rows.tsx'

export type Size = Readonly<{ columns: number; rows: number }>

/** Blank cells left of a page. */
export const PAGE_MARGIN = 2

/** A row of nothing. */
export const GAP: PageRow = { is: 'gap', row: '' }

/** A screen that is not the chat: a title, what is to be said, and the keys at the bottom. */
export function Page({
  size,
  title,
  keys,
  look,
  rows = [],
}: Readonly<{
  size: Size
  title: string
  keys: string
  look: Look
  rows?: readonly PageRow[]
}>): ReactNode {
  if (isTooSmall(size)) return <Row row={tooSmallRow(size.columns, look)} />
  const width = pageWidth(size)
  const shown = pageRows(title, rows, size, look)
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows} overflow="hidden">
      <Box
        flexDirection="column"
        height={pageHeight(size)}
        paddingLeft={PAGE_MARGIN}
        overflow="hidden"
      >
        {shown.map(({ row, id }, index) => (
          // A row of the screen is its index; a prompt is the same one wherever it stands.
          <Box key={typeof row === 'string' ? index : id} flexShrink={0}>
            {typeof row === 'string' ? <Row row={row} /> : row}
          </Box>
        ))}
      </Box>
      {hasKeys(size) && <Row row={`  ${look.theme.faint(keysThatFit(keys, width))}`} />}
    </Box>
  )
}

/** What of a page is on a screen of that size, below each other. */
export function pageRows(
  title: string,
  rows: readonly PageRow[],
  size: Size,
  { theme }: Look,
): readonly PageRow[] {
  const gap = size.rows >= 12 ? [GAP] : []
  const row = theme.strong(cutText(sureText(title), pageWidth(size)))
  return rowsThatFit([...gap, { is: 'title', row }, ...gap, ...rows], pageHeight(size))
}

function pageWidth({ columns }: Size): number {
  return Math.max(1, columns - PAGE_MARGIN)
}

function pageHeight(size: Size): number {
  return size.rows - (hasKeys(size) ? 1 : 0)
}

/** On a low screen they go first. */
function hasKeys({ rows }: Size): boolean {
  return rows >= 8
}

/** A text in as many rows as it needs; none for no text. */
export function paragraph(
  text: string,
  is: PageRow['is'],
  size: Size,
  style?: (text: string) => string,
): readonly PageRow[] {
  if (text === '') return []
  const rows = wrapText(sureText(text), Math.max(1, size.columns - 2 * PAGE_MARGIN))
  return rows.map((row) => ({ is, row: style === undefined ? row : style(row) }))
}

/** Choices below each other; the chosen one has a sign and is inverse. */
export function choiceRows(
  choices: readonly Choice[],
  chosen: number,
  size: Size,
  look: Look,
): readonly PageRow[] {
  const widest = Math.max(...choices.map(({ label }) => textWidth(sureText(label))))
  const width = Math.max(1, size.columns - 2 * PAGE_MARGIN - 2)
  return choices.map((choice, index) => ({
    is: index === chosen ? 'focus' : 'other',
    row: choiceRow(choice, index === chosen, widest, width, look),
  }))
}

function choiceRow(
  { label, help }: Pick<Choice, 'label' | 'help'>,
  chosen: boolean,
  widest: number,
  width: number,
  { theme }: Look,
): string {
  const name = fitText(label, Math.min(widest, width))
  const text = cutText(help === '' ? name : `${name}   ${help}`, width)
  return chosen ? theme.chosen(`▸ ${text} `) : `  ${text}`
}
