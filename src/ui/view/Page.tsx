import { Box } from 'ink'
import type { ReactNode } from 'react'
import type { Choice } from '../flow/screens.ts'
import type { Look } from '../look.ts'
import { cutText, fitText, sureText } from '../text/fit.ts'
import { textWidth } from '../text/width.ts'
import { wrapText } from '../text/wrap.ts'
import { Row } from './Rows.tsx'

export type Size = Readonly<{ columns: number; rows: number }>

/** Blank cells left of a page. */
export const PAGE_MARGIN = 2

/** A screen that is not the chat: a title, what is to be said, and the keys at the bottom. */
export function Page({
  size,
  title,
  keys,
  look,
  children,
}: Readonly<{
  size: Size
  title: string
  keys: string
  look: Look
  children?: ReactNode
}>): ReactNode {
  const { theme } = look
  const width = Math.max(1, size.columns - PAGE_MARGIN)
  // On a low screen the keys go first.
  const withKeys = size.rows >= 8
  return (
    <Box flexDirection="column" width={size.columns} height={size.rows} overflow="hidden">
      <Box
        flexDirection="column"
        height={size.rows - (withKeys ? 1 : 0)}
        paddingLeft={PAGE_MARGIN}
        overflow="hidden"
      >
        {size.rows >= 12 && <Row row="" />}
        <Row row={theme.strong(cutText(sureText(title), width))} />
        {size.rows >= 12 && <Row row="" />}
        {children}
      </Box>
      {withKeys && <Row row={`  ${theme.faint(cutText(keys, width))}`} />}
    </Box>
  )
}

/** A text in as many rows as it needs. */
export function Paragraph({
  text,
  size,
  style,
}: Readonly<{ text: string; size: Size; style?: (text: string) => string }>): ReactNode {
  if (text === '') return null
  const rows = wrapText(sureText(text), Math.max(1, size.columns - 2 * PAGE_MARGIN))
  return (
    <Box flexDirection="column" flexShrink={0}>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row of the screen is its index.
        <Row key={index} row={style === undefined ? row : style(row)} />
      ))}
    </Box>
  )
}

/** Choices below each other; the chosen one has a sign and is inverse. */
export function Choices({
  choices,
  chosen,
  size,
  look,
}: Readonly<{
  choices: readonly Choice[]
  chosen: number
  size: Size
  look: Look
}>): ReactNode {
  const widest = Math.max(...choices.map(({ label }) => textWidth(sureText(label))))
  const width = Math.max(1, size.columns - 2 * PAGE_MARGIN - 2)
  return (
    <Box flexDirection="column" flexShrink={0}>
      {choices.map(({ id, label, help }, index) => (
        <Row key={id} row={choiceRow({ label, help }, index === chosen, widest, width, look)} />
      ))}
    </Box>
  )
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
